//! Files that `--resume` refuses, and options that contradict it: one line, an exit status, no file lost.

use crate::common::{Folder, Run};
use crate::process::{handles_signals, send, start};
use bluegrad::layout::HEADER_BYTES;
use rustix::process::Signal;

const RUN: &str = "generate --preset published --size 32 --seed 7 --steps 400000";

/// A folder with `run.block`, the snapshot of an interrupted run.
fn with_snapshot(options: &str) -> Folder {
    let folder = Folder::new();
    let mut child = start(&folder, &format!("{RUN} {options} --snapshot run.block"));
    assert!(handles_signals(&mut child), "it ended before its first step");
    send(&child, Signal::INT);
    let run = Run::new(child.wait_with_output().unwrap());
    assert_eq!(run.status, Some(130), "{run:?}");
    assert_eq!(folder.list(), ["run.block"]);
    folder
}

fn bad(folder: &Folder, line: &str, status: i32, said: &[&str]) {
    folder.bad(&line.split_whitespace().collect::<Vec<_>>(), status, said);
}

#[test]
fn options_that_contradict_the_snapshot() {
    let folder = with_snapshot("--level scalar");
    let block = folder.read("run.block");
    let resume = |options: &str, said: &[&str]| {
        let line = format!("{RUN} --resume run.block {options}");
        bad(&folder, &line, 2, &[&["--resume run.block", "give the options of the run again"], said].concat());
    };
    // clap refuses an option that is given twice, so these options replace the run's.
    let instead = |from: &str, to: &str, said: &[&str]| {
        let line = format!("{RUN} --resume run.block").replace(from, to);
        bad(&folder, &line, 2, &[&["--resume run.block", "give the options of the run again"], said].concat());
    };
    instead("--size 32", "--size 64", &["its size is 32x32, not 64x64"]);
    instead("--size 32", "--width 32 --height 16", &["its size is 32x32, not 32x16"]);
    instead("--size 32", "", &["its size is 32x32, not 64x64"]);
    instead("--seed 7", "--seed 8", &["its seed is 7, not 8"]);
    instead("--steps 400000", "--steps 400001", &["400011, not 400012"]);
    instead("--preset published", "--preset spectral", &["steps"]);
    resume("--cutoff 0.3", &["it has another preset or other options"]);
    resume("--optimizer adam", &["it has another preset or other options"]);
    resume("--distribution gaussian", &["--distribution"]);
    resume("--level sse2", &["its --level is scalar, not sse2"]);
    bad(&folder, "generate --resume run.block", 2, &["its size is 32x32, not 64x64"]);
    // Options that contradict each other are reported before the snapshot.
    bad(&folder, &format!("{RUN} --resume run.block --momentum 0.5"), 2, &["--momentum"]);
    assert_eq!(folder.read("run.block"), block);
}

#[test]
fn files_that_must_not_be_overwritten() {
    let folder = with_snapshot("");
    folder.write("other.png", "a picture");
    let block = folder.read("run.block");
    for name in ["run.block", "./run.block", "other.png"] {
        bad(&folder, &format!("{RUN} --snapshot {name}"), 2, &["--snapshot", name, "the file exists", "--resume"]);
    }
    bad(&folder, &format!("{RUN} --resume run.block --snapshot other.png"), 2, &["other.png", "the file exists"]);
    bad(&folder, &format!("{RUN} --snapshot m.u8 --out m.u8"), 2, &["m.u8", "twice", "--snapshot"]);
    std::fs::rename(folder.file("run.block"), folder.file("run.u8")).unwrap();
    for option in ["--out", "--trace"] {
        let line = format!("{RUN} --resume run.u8 {option} ./run.u8");
        bad(&folder, &line, 2, &["--resume run.u8", "overwrite", "--out"]);
    }
    bad(&folder, &format!("{RUN} --snapshot missing/run.block"), 1, &["missing/run.block", "does not exist"]);
    bad(&folder, &format!("{RUN} --snapshot-every 5"), 2, &["--snapshot"]);
    for seconds in ["0", "-1", "86401", "often"] {
        bad(&folder, &format!("{RUN} --snapshot s --snapshot-every {seconds}"), 2, &["--snapshot-every"]);
    }
    assert_eq!((folder.read("run.u8"), folder.read("other.png")), (block, b"a picture".to_vec()));
}

#[test]
fn files_that_are_no_snapshot() {
    let folder = with_snapshot("");
    let block = folder.read("run.block");
    let resume = |bytes: &[u8], said: &[&str]| {
        folder.write("b", bytes);
        bad(&folder, &format!("{RUN} --resume b"), 1, &[&["b: "], said].concat());
    };
    bad(&folder, &format!("{RUN} --resume missing"), 1, &["missing", "No such file"]);
    std::fs::create_dir(folder.file("folder")).unwrap();
    bad(&folder, &format!("{RUN} --resume folder"), 1, &["folder"]);
    bad(&folder, &format!("{RUN} --resume /dev/zero"), 1, &["/dev/zero", "not a snapshot"]);
    resume(b"", &["not a snapshot of bluegrad: only 0 bytes"]);
    resume(&block[..100], &["not a snapshot of bluegrad: only 100 bytes"]);
    for length in [HEADER_BYTES, block.len() / 2, block.len() - 4, block.len() - 1] {
        resume(&block[..length], &["a damaged snapshot", &length.to_string(), &block.len().to_string()]);
    }
    resume(&[&block[..], b"x"].concat(), &["a damaged snapshot"]);
    resume(&vec![0; block.len()], &["not a snapshot that can be resumed: it does not begin as one"]);
    resume(&vec![b'a'; 100_000], &["does not begin as one"]);
    let changed = |place: usize, to: &[u8]| {
        let mut bytes = block.clone();
        bytes[place..place + to.len()].copy_from_slice(to);
        bytes
    };
    // Another version, and this version in the other byte order.
    let version = u32::from_ne_bytes(block[8..12].try_into().unwrap());
    for version in [version + 1, version.swap_bytes()] {
        resume(&changed(8, &version.to_ne_bytes()), &["of another version or endianness", "of this version"]);
    }
    resume(&changed(20, &4096_u32.to_ne_bytes()), &["its header is damaged"]);
    // Any changed byte.
    for place in (24..block.len()).step_by(block.len() / 37).chain([HEADER_BYTES - 1, block.len() - 5, block.len() - 1])
    {
        resume(&changed(place, &[!block[place]]), &["damaged"]);
    }
}
