//! Output files are whole or absent: after a kill, and on a full disk.

use crate::common::{Folder, Run};
use crate::process::{handles_signals, send, start, wait_until};
use rustix::process::Signal;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

const OLD: &[u8] = b"what was there before";

/// Runs a shell script that starts the program as `bluegrad`.
fn shell(folder: &Folder, wrapper: &[&str], script: &str) -> Run {
    let words = [wrapper, &["sh", "-c", script]].concat();
    let path = std::path::Path::new(env!("CARGO_BIN_EXE_bluegrad")).parent().unwrap();
    let path = format!("{}:{}", path.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).env("PATH", path).current_dir(folder.path()).stdin(Stdio::null());
    Run::new(command.output().unwrap())
}

/// Waits for `count` filled temporary files, or the end.
fn wait_for_temporary(folder: &Folder, child: &mut Child, count: usize) {
    let filled = |file: &std::path::PathBuf| std::fs::metadata(file).is_ok_and(|file| file.len() > 0);
    wait_until("a temporary file", || {
        child.try_wait().unwrap().is_some()
            || folder.temporary().into_iter().filter(|file| filled(file)).count() >= count
    });
}

/// Moments in the life of a program that writes three files.
#[derive(Clone, Copy, Debug)]
enum Moment {
    Start,
    FirstStep,
    /// This number of temporary files is not empty.
    Written(usize),
    /// The first file is renamed.
    Renamed,
}

#[test]
fn killed_at_any_time() {
    let folder = Folder::new();
    let line = "generate --steps 40 --out m.csv --report r.html --trace t.csv";
    folder.good(line);
    let new = folder.read("m.csv");
    let written = [1, 2, 3].map(Moment::Written);
    let mut killed = 0;
    for moment in [Moment::Start, Moment::FirstStep].into_iter().chain(written).chain([Moment::Renamed]) {
        for _ in 0..4 {
            for name in ["m.csv", "r.html", "t.csv"] {
                folder.write(name, OLD);
            }
            let mut child = start(&folder, line);
            match moment {
                Moment::Start => {}
                Moment::FirstStep => drop(handles_signals(&mut child)),
                Moment::Written(count) => wait_for_temporary(&folder, &mut child, count),
                Moment::Renamed => wait_until("the new mask", || folder.read("m.csv") != OLD),
            }
            child.kill().unwrap();
            killed += u32::from(child.wait().unwrap().signal() == Some(9));
            let mask = folder.read("m.csv");
            assert!(mask == OLD || mask == new, "{moment:?}: {} bytes", mask.len());
            let (page, table) = (folder.read("r.html"), folder.read("t.csv"));
            assert!(page == OLD || page.ends_with(b"</html>\n"), "{moment:?}: {} bytes", page.len());
            let whole = table.ends_with(b"\n") && table.starts_with(b"step,");
            assert!(table == OLD || whole, "{moment:?}: {} bytes", table.len());
            folder.temporary().iter().for_each(|file| std::fs::remove_file(file).unwrap());
            assert_eq!(folder.list(), ["m.csv", "r.html", "t.csv"], "{moment:?}");
        }
    }
    // At later moments the program may end before the kill; at the start it cannot.
    assert!(killed >= 4, "{killed}");
}

/// A kill during a write leaves only a partial temporary file.
#[test]
fn killed_while_it_writes() {
    let folder = Folder::new();
    // 7 MiB of text without a step before it.
    let values: Vec<u8> = (0..1024_u32 * 1024).flat_map(|i| i.wrapping_mul(0x9E37_79B1).to_le_bytes()).collect();
    folder.write("given.u32", values);
    let line = "generate --init given.u32 --steps 0 --out m.csv";
    folder.good(line);
    let whole = folder.read("m.csv").len() as u64;
    let mut in_the_middle = 0;
    for _ in 0..8 {
        if in_the_middle == 2 {
            break;
        }
        folder.write("m.csv", OLD);
        let mut child = start(&folder, line);
        wait_for_temporary(&folder, &mut child, 1);
        child.kill().unwrap();
        if child.wait().unwrap().signal() != Some(9) {
            continue;
        }
        let mask = folder.read("m.csv");
        assert!(mask == OLD || mask.len() as u64 == whole, "{} bytes", mask.len());
        for file in folder.temporary() {
            in_the_middle += u32::from((1..=whole).contains(&std::fs::metadata(&file).unwrap().len()));
            assert!(mask == OLD, "{} bytes", mask.len());
            std::fs::remove_file(file).unwrap();
        }
    }
    assert!(in_the_middle > 0);
}

/// One Ctrl-C while files are written: the files are finished.
#[test]
fn interrupted_while_it_writes() {
    let folder = Folder::new();
    let values: Vec<u8> = (0..1024_u32 * 1024).flat_map(|i| i.wrapping_mul(0x9E37_79B1).to_le_bytes()).collect();
    folder.write("given.u32", values);
    let mut child = start(&folder, "generate --init given.u32 --steps 0 --out m.csv");
    wait_for_temporary(&folder, &mut child, 1);
    send(&child, Signal::INT);
    let run = Run::new(child.wait_with_output().unwrap());
    assert_eq!(run.status, Some(0), "{run:?}");
    assert_eq!(folder.list(), ["given.u32", "m.csv"]);
}

/// Commands, and the file over 4 KiB that each writes.
const WRITERS: [(&str, &str); 6] = [
    ("generate --out m.f32", "m.f32"),
    ("generate --preset published --steps 50 --out m.h", "m.h"),
    ("generate --size 16 --out m.u8 --report r.html", "r.html"),
    ("dither picture.png --out m.png", "m.png"),
    ("compare a.png b.png --report r.html", "r.html"),
    ("generate --preset published --steps 4000000000 --snapshot run.block --snapshot-every 1", "run.block"),
];

fn pictures(folder: &Folder) {
    folder.good("generate --size 256 --out picture.png");
    folder.good("generate --size 16 --out a.png");
    folder.good("generate --size 16 --seed 1 --out b.png");
}

fn no_room(folder: &Folder, run: &Run, line: &str, file: &str, why: &str) {
    assert_eq!(run.status, Some(1), "{line}: {run:?}");
    assert_eq!(run.stderr.lines().count(), 1, "{line}: {run:?}");
    assert!(run.stderr.starts_with(&format!("bluegrad: {file}: {why}")), "{line}: {run:?}");
    assert!(folder.temporary().is_empty(), "{line}: {:?}", folder.list());
}

#[test]
fn a_limit_of_the_file_s_size() {
    let folder = Folder::new();
    pictures(&folder);
    for (line, file) in WRITERS {
        let is_snapshot = line.contains("--snapshot");
        if !is_snapshot {
            folder.write(file, OLD);
        }
        let before = folder.list();
        // ulimit counts blocks of 512 bytes; SIGXFSZ is ignored, as it would kill the program.
        let run = shell(&folder, &[], &format!("trap '' XFSZ; ulimit -f 8; exec bluegrad {line}"));
        no_room(&folder, &run, line, file, "File too large");
        assert_eq!(folder.list(), before, "{line}");
        assert!(is_snapshot || folder.read(file) == OLD, "{line}");
    }
}

/// A file system of a few pages, for the tested program only.
#[test]
fn a_full_disk() {
    let folder = Folder::new();
    pictures(&folder);
    std::fs::create_dir(folder.file("disk")).unwrap();
    let mount = "mount -t tmpfs -o size=8k tmpfs disk";
    let ways: [&[&str]; 2] = [&["unshare", "--mount"], &["unshare", "--mount", "--user", "--map-root-user"]];
    let Some(way) = ways.into_iter().find(|way| shell(&folder, way, mount).status == Some(0)) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "a full disk: no tmpfs can be mounted, and a skip is a failure in CI"
        );
        println!("skipped: a full disk: neither root nor a user's namespace may mount a tmpfs here");
        return;
    };
    for (line, file) in WRITERS {
        let is_snapshot = line.contains("--snapshot");
        let path = format!("disk/{file}");
        let line = line.replace(file, &path);
        let old = if is_snapshot { String::new() } else { format!("echo old > {path};") };
        // Standard output lists the files on the disk afterwards.
        let look = format!("ls -A disk; grep -qsx old {path} && echo old; exit $status");
        let script = format!("{mount} && {old} bluegrad {line}; status=$?; {look}");
        let run = shell(&folder, way, &script);
        no_room(&folder, &run, &line, &path, "No space left on device");
        assert_eq!(run.stdout, if is_snapshot { String::new() } else { format!("{file}\nold\n") }, "{line}");
    }
}

#[test]
fn a_full_standard_output() {
    let folder = Folder::new();
    pictures(&folder);
    for line in ["presets", "--help", "measure a.png", "measure a.png --json", "compare a.png b.png", "generate"] {
        let run = shell(&folder, &[], &format!("exec bluegrad {line} > /dev/full"));
        assert_eq!(run.status, Some(1), "{line}: {run:?}");
        assert_eq!(run.stderr, "bluegrad: standard output: No space left on device (os error 28)\n", "{line}");
    }
}
