//! `bluegrad dither`: several pictures, pipes, and what happens to files that exist.

use crate::common::{Folder, png as blank_png};
use png::{BitDepth, ColorType};
use std::fs;

/// A folder with two pictures, `a.png` and `b.png`.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.png", blank_png(40, 30, ColorType::Rgb, BitDepth::Eight));
    folder.write("b.png", blank_png(20, 50, ColorType::Grayscale, BitDepth::Eight));
    folder
}

#[test]
fn several_pictures() {
    let folder = folder();
    fs::create_dir(folder.file("out")).unwrap();
    let run = folder.good("dither a.png b.png --out-dir out");
    let started: Vec<&str> = run.stdout.lines().map(|line| line.split(", ").next().unwrap()).collect();
    let out = |name: &str| std::path::Path::new("out").join(name).display().to_string();
    assert_eq!(started, [format!("wrote {}: 40x30", out("a.png")), format!("wrote {}: 20x50", out("b.png"))]);
    folder.good("dither a.png b.png --bits 2 --format pgm");
    assert_eq!(folder.list(), ["a-dithered.pgm", "a.png", "b-dithered.pgm", "b.png", "out"]);
    folder.good("dither a.png --out one.png");
    assert_eq!(folder.read("one.png"), folder.read("out/a.png"));
}

#[test]
fn several_pictures_that_cannot_be() {
    let folder = folder();
    fs::create_dir(folder.file("other")).unwrap();
    fs::copy(folder.file("a.png"), folder.file("other/a.png")).unwrap();
    folder.bad(&["dither", "a.png", "b.png", "--out", "o.png"], 2, &["--out", "--out-dir"]);
    folder.bad(&["dither", "a.png", "other/a.png"], 2, &["two pictures", "a-dithered.png"]);
    folder.bad(&["dither", "-", "b.png", "-"], 2, &["standard input", "once"]);
    folder.bad(&["dither", "a.png", "--out-dir", "none"], 1, &["folder none does not exist"]);
    folder.bad(&["dither", "a.png", "--out-dir", "b.png"], 1, &["b.png"]);
    folder.bad(&["dither", "a.png", "--out", "o.png", "--out-dir", "other"], 2, &["--out", "--out-dir"]);
}

#[test]
fn pipes() {
    let folder = folder();
    folder.good("dither a.png --out a.out.png");
    let picture = folder.read("a.png");
    for line in ["dither -", "dither - --out -", "dither a.png --out -"] {
        let (status, stdout, stderr) = folder.piped(line, &picture);
        assert_eq!((status, stderr.as_str()), (Some(0), ""), "{line}");
        assert!(stdout == folder.read("a.out.png"), "{line}");
    }
    let (status, stdout, stderr) = folder.piped("dither - --out o.png", &picture);
    assert_eq!((status, stderr.as_str()), (Some(0), ""));
    assert!(stdout.starts_with(b"wrote o.png: 40x30, "));
    assert!(folder.read("o.png") == folder.read("a.out.png"));
    let (status, stdout, _) = folder.piped("dither - --format xbm", &picture);
    assert_eq!(status, Some(0));
    assert!(stdout.starts_with(b"#define picture_width 40\n"));
    let (status, stdout, stderr) = folder.piped("dither -", &picture[..60]);
    assert_eq!((status, stderr.lines().count()), (Some(1), 1), "{stderr}");
    assert!(stderr.starts_with("bluegrad: standard input: a truncated PNG"), "{stderr}");
    assert!(stdout.len() < 200);
    let (status, _, stderr) = folder.piped("dither -", b"");
    assert_eq!((status, stderr.as_str()), (Some(1), "bluegrad: standard input: the file is empty\n"));
}

/// A reader that closes the pipe is no error.
#[test]
fn a_closed_pipe() {
    use std::process::{Command, Stdio};
    let folder = Folder::new();
    folder.write("large.png", blank_png(2000, 1000, ColorType::Rgb, BitDepth::Eight));
    let mut command = Command::new(env!("CARGO_BIN_EXE_bluegrad"));
    // More than a pipe holds, uncompressed.
    command.args("dither large.png --format raw8 --out -".split(' ')).current_dir(folder.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    use std::process::Command;
    let folder = folder();
    for format in ["png", "raw1", "c", "planes"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bluegrad"));
        command.args(["dither", "a.png", "--out", "-", "--format", format]).current_dir(folder.path());
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command.stdout(full).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), stderr.lines().count()), (Some(1), 1), "{format}: {stderr}");
        assert!(stderr.starts_with("bluegrad: standard output: "), "{format}: {stderr}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal() {
    let folder = folder();
    let run = |args: &[&str]| {
        let (mut pty, pts) = pty_process::blocking::open().unwrap();
        let command = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_bluegrad"));
        let mut child = command.args(args).current_dir(folder.path()).spawn(pts).unwrap();
        let mut said = Vec::new();
        // Linux ends the reading with an error when the program has ended.
        let _ = std::io::Read::read_to_end(&mut pty, &mut said);
        (child.wait().unwrap().code(), String::from_utf8(said).unwrap())
    };
    let (status, said) = run(&["dither", "a.png", "--out", "-"]);
    assert_eq!((status, said.lines().count()), (Some(2), 1), "{said}");
    assert!(said.contains("standard output is a terminal") && said.contains("--out"), "{said}");
    let (status, said) = run(&["dither", "b.png", "--out", "-", "--format", "xbm"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.starts_with("#define picture_width 20") || said.starts_with("#define b_width 20"), "{said}");
}

#[test]
fn a_picture_is_not_replaced_by_its_dither() {
    let folder = folder();
    let before = folder.read("a.png");
    folder.good("generate --size 16 --out mask.png");
    let mask = folder.read("mask.png");
    let refused = ["replace", "--force"];
    folder.bad(&["dither", "a.png", "--out", "a.png"], 2, &["a.png", refused[0], refused[1]]);
    folder.bad(&["dither", "a.png", "--out", "./a.png"], 2, &refused);
    folder.bad(&["dither", "a.png", "b.png", "--out-dir", "."], 2, &refused);
    folder.bad(&["dither", "a.png", "--mask", "mask.png", "--out", "mask.png"], 2, &refused);
    assert!(folder.read("a.png") == before && folder.read("mask.png") == mask);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("a.png", folder.file("link.png")).unwrap();
        folder.bad(&["dither", "a.png", "--out", "link.png"], 2, &refused);
        folder.bad(&["dither", "link.png", "--out", "a.png"], 2, &refused);
        fs::remove_file(folder.file("link.png")).unwrap();
    }
    folder.good("dither a.png --out o.png");
    folder.good("dither a.png --out a.png --force");
    assert!(folder.read("a.png") == folder.read("o.png"));
}

#[test]
fn no_clobber() {
    let folder = folder();
    folder.write("o.png", "before");
    folder.bad(&["dither", "a.png", "--out", "o.png", "--no-clobber"], 1, &["o.png", "exists", "--no-clobber"]);
    // Nothing is written if one of the files exists.
    folder.write("b-dithered.png", "before");
    folder.bad(&["dither", "a.png", "b.png", "--no-clobber"], 1, &["b-dithered.png", "--no-clobber"]);
    assert_eq!(folder.read("o.png"), b"before");
    folder.bad(&["dither", "a.png", "--force", "--no-clobber"], 2, &["--force", "--no-clobber"]);
    folder.good("dither a.png --out new.png --no-clobber");
    folder.good("dither a.png --out o.png");
    assert!(folder.read("o.png") == folder.read("new.png"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", folder.file("link.png")).unwrap();
        folder.bad(&["dither", "a.png", "--out", "link.png", "--no-clobber"], 1, &["link.png", "exists"]);
    }
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    for line in ["dither a.png --out o.png", "generate --size 16 --out o.png"] {
        for mode in [0o600, 0o640, 0o755, 0o444] {
            folder.write("o.png", "before");
            fs::set_permissions(folder.file("o.png"), fs::Permissions::from_mode(mode)).unwrap();
            folder.good(line);
            assert_eq!(fs::metadata(folder.file("o.png")).unwrap().permissions().mode() & 0o7777, mode, "{line}");
            assert!(folder.read("o.png").starts_with(b"\x89PNG"));
            fs::remove_file(folder.file("o.png")).unwrap();
        }
    }
}

/// A picture that breaks off leaves the old result, and no temporary file.
#[test]
fn a_picture_that_breaks_off() {
    let folder = folder();
    let picture = folder.read("a.png");
    folder.write("cut.png", &picture[..picture.len() - 20]);
    folder.write("o.png", "before");
    folder.bad(&["dither", "cut.png", "--out", "o.png"], 1, &["cut.png", "PNG"]);
    assert_eq!(folder.read("o.png"), b"before");
    // The pictures before it are done.
    let run = folder.run(&["dither", "b.png", "cut.png", "a.png"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(folder.list(), ["a.png", "b-dithered.png", "b.png", "cut.png", "o.png"]);
}

#[test]
fn the_default_mask_grows_with_the_picture() {
    let folder = Folder::new();
    for (width, height, mask) in [(256, 256, "64x64"), (257, 8, "128x128"), (8, 257, "128x128")] {
        folder.write("in.png", blank_png(width, height, ColorType::Grayscale, BitDepth::Eight));
        let run = folder.good("dither in.png --out o.png");
        assert!(run.stdout.ends_with(&format!("; mask {mask}, preset dither\n")), "{}", run.stdout);
    }
    folder.good("generate --size 128 --out mask.u32");
    folder.good("dither in.png --mask mask.u32 --out by-mask.png");
    assert!(folder.read("by-mask.png") == folder.read("o.png"));
}
