//! `--init`: masks to refine.

use crate::common::Folder;

#[test]
fn refining_a_mask() {
    let folder = Folder::new();
    folder.good("generate --width 24 --height 40 --preset void-and-cluster --out given.npy --trace whole.csv");
    let energies = |name: &str| -> Vec<f64> {
        let text = folder.read_text(name);
        text.lines().skip(1).map(|line| line.split(',').nth(3).unwrap().parse().unwrap_or(f64::NAN)).collect()
    };
    // Without a step, the result is the given mask, in its size.
    let run = folder.good("generate --init given.npy --steps 0 --out same.npy --trace t.csv");
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    assert_eq!(folder.read("same.npy"), folder.read("given.npy"));
    // The first energy is that of the given mask.
    let given = energies("whole.csv").pop().unwrap();
    let run = energies("t.csv");
    assert!(run.len() == 2 && run.iter().all(|energy| (energy - given).abs() < 1e-9), "{run:?}, not {given}");
    folder.good("generate --init given.npy --preset dither-best --out better.npy --trace t.csv");
    let run = energies("t.csv");
    assert!((run[0] - given).abs() < 1e-9 && *run.last().unwrap() < given, "{run:?}, not from {given}");
    // The size may be given too. Every format gives the same result, as only the order counts.
    folder.good("generate --init given.npy --width 24 --height 40 --out a.u32");
    for name in ["given.u32", "given.u16", "given.f32"] {
        folder.good(&format!("generate --init given.npy --steps 0 --out {name}"));
        folder.good(&format!("generate --init {name} --width 24 --height 40 --out b.u32"));
        assert_eq!(folder.read("a.u32"), folder.read("b.u32"), "{name}");
    }
}

#[test]
fn ties_of_a_given_mask_are_told() {
    let folder = Folder::new();
    // 64 pixels: 10 values occur once, the others twice or more.
    let values: Vec<u8> = (0..64).map(|i| if i < 10 { i } else { 100 + i % 20 }).collect();
    folder.write("m.u8", &values);
    let run = folder.good("generate --init m.u8 --seed 9 --steps 0 --out a.u32");
    let note = "note: 54 of 64 pixels share a value with another pixel; seed 9 decides their order";
    assert_eq!(run.stdout.lines().nth(1), Some(note), "{}", run.stdout);
    // Ranks follow the values; the seed decides the order of equal values.
    let ranks = folder.ranks("a.u32");
    let mut pairs: Vec<(u32, u8)> = ranks.iter().copied().zip(values.iter().copied()).collect();
    pairs.sort_unstable();
    assert!(pairs.is_sorted_by_key(|(_, value)| *value));
    folder.good("generate --init m.u8 --seed 10 --steps 0 --out b.u32");
    assert_ne!(folder.read("a.u32"), folder.read("b.u32"));
    // These values are equal in f32 and different in f64.
    let close: Vec<u8> = (0..64_u32).flat_map(|i| (i * 37 % 64 + 16_777_216 * 8).to_le_bytes()).collect();
    folder.write("close.u32", close);
    let run = folder.good("generate --init close.u32 --steps 0 --out c.u32");
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    assert!(folder.ranks("c.u32").into_iter().eq((0..64).map(|i| i * 37 % 64)));
    assert_eq!(folder.good("generate --init m.u8 --quiet --out d.u32").stdout, "");
}
