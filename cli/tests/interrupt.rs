//! Ctrl-C: the run stops, says so on a clean terminal, and a snapshot of it goes on to the same bytes.

#![cfg(target_os = "linux")]

mod common;

use common::{Folder, Run, signal};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Longer than any run here on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Lets a program run so long and interrupts it. `None` if it had not yet come to see signals.
fn interrupted(folder: &Folder, line: &str, delay: Duration, name: &str) -> Option<Run> {
    let mut child = folder.start(line);
    thread::sleep(delay);
    // One that ended by itself is no error.
    if child.try_wait().unwrap().is_none() {
        signal(&child, name);
    }
    let output = child.wait_with_output().unwrap();
    output.status.signal().is_none().then(|| Run::new(output))
}

/// The step that the line on standard error says.
fn step_of(run: &Run) -> u32 {
    let (_, rest) = run.stderr.split_once("interrupted after step ").unwrap_or_else(|| panic!("{run:?}"));
    rest.split(' ').next().unwrap().parse().unwrap()
}

/// Runs a command to its end through as many interruptions as come, each after a longer time. The steps they came at.
fn through_interruptions(folder: &Folder, line: &str, first: Duration) -> Vec<u32> {
    let mut steps = Vec::new();
    let mut delay = first;
    loop {
        let resume = if folder.file("run.block").exists() { " --resume run.block" } else { "" };
        let before = folder.list();
        let run = interrupted(folder, &format!("{line} --snapshot run.block{resume}"), delay, "INT");
        delay += first / 4;
        let Some(run) = run else { continue };
        if run.status == Some(0) {
            assert_eq!(run.stderr, "", "{line}");
            assert_eq!(run.stdout.contains(" of them before --resume, the others in "), !resume.is_empty(), "{run:?}");
            return steps;
        }
        assert_eq!(run.status, Some(130), "{line}: {run:?}");
        assert_eq!((run.stdout.as_str(), run.stderr.lines().count()), ("", 1), "{line}: {run:?}");
        assert!(run.stderr.contains(": run.block holds the run; go on with the same options and --resume run.block"));
        steps.push(step_of(&run));
        // The snapshot, and nothing else.
        let mut expected: Vec<String> = before.into_iter().filter(|name| name != "run.block").collect();
        expected.push("run.block".to_string());
        assert_eq!(folder.list(), expected, "{line}");
    }
}

/// The same, with one interruption or more: a machine that is less busy than when `first` was measured may end too soon for any, so the
/// files that it made go and it is tried again, sooner.
fn through_some_interruption(folder: &Folder, line: &str, first: Duration, made: &[&str]) -> Vec<u32> {
    let mut delay = first;
    loop {
        let steps = through_interruptions(folder, line, delay);
        if !steps.is_empty() {
            return steps;
        }
        delay /= 2;
        assert!(delay > Duration::from_millis(1), "{line}: never interrupted");
        made.iter().for_each(|name| std::fs::remove_file(folder.file(name)).unwrap());
    }
}

#[test]
fn a_run_goes_on_to_the_same_bytes() {
    for line in [
        "generate --preset published --size 256 --steps 600 --seed 3 --out ",
        "generate --preset spectral --size 128 --steps 1500 --optimizer adam --out ",
        "generate --size 1024 --threads 1 --out ",
        "generate --size 256 --threads 2 --preset dither-best --out ",
        "generate --size 256 --levels 4 --out ",
        "generate --size 256 --preset void-and-cluster --sigma 2 --out ",
        "generate --size 128 --preset dither-gradient --out ",
    ] {
        let folder = Folder::new();
        let start = Instant::now();
        folder.good(&format!("{line}a.h"));
        let whole = start.elapsed();
        // In the same place and by the same name, as a C header says what it was made by.
        let expected = folder.read("a.h");
        std::fs::remove_file(folder.file("a.h")).unwrap();
        let steps = through_some_interruption(&folder, &format!("{line}a.h"), whole / 5, &["a.h"]);
        assert!(steps.is_sorted(), "{line}: {steps:?}");
        assert_eq!(folder.list(), ["a.h"], "{line}");
        assert_eq!(folder.read("a.h"), expected, "{line}: {steps:?}");
    }
}

#[test]
fn a_refined_mask_goes_on_too() {
    let folder = Folder::new();
    let noise: Vec<u8> = (0..256_u32 * 256).flat_map(|i| i.wrapping_mul(0x9E37_79B1).to_le_bytes()).collect();
    folder.write("given.u32", noise);
    let line = "generate --init given.u32 --preset dither-best --out m.u32";
    let start = Instant::now();
    folder.good(line);
    let (whole, expected) = (start.elapsed(), folder.read("m.u32"));
    std::fs::remove_file(folder.file("m.u32")).unwrap();
    let steps = through_some_interruption(&folder, line, whole / 4, &["m.u32"]);
    assert_eq!(folder.read("m.u32"), expected, "{steps:?}");
}

/// The report of a large mask takes longer than its steps: a run that is done may be stopped before it is written.
#[test]
fn stopped_while_the_report_is_made() {
    for preset in ["spectral --steps 2", "dither --steps 0"] {
        let folder = Folder::new();
        let line = format!("generate --size 512 --preset {preset} --out m.u16 --report r.html --trace t.csv");
        let start = Instant::now();
        folder.good(&line);
        let (whole, expected) = (start.elapsed(), folder.read("m.u16"));
        let made = ["m.u16", "r.html", "t.csv"];
        made.iter().for_each(|name| std::fs::remove_file(folder.file(name)).unwrap());
        let steps = through_some_interruption(&folder, &line, whole * 3 / 4, &made);
        assert_eq!(folder.read("m.u16"), expected, "{steps:?}");
        assert_eq!(folder.list(), made);
        let page = common::without_pictures(&folder.read_text("r.html"));
        assert!(!page.contains("NaN") && !page.contains("inf"), "{preset}");
    }
}

#[test]
fn without_a_snapshot_nothing_stays() {
    let folder = Folder::new();
    let endless = "generate --preset published --steps 4000000000";
    for (name, status) in [("INT", 130), ("TERM", 143)] {
        let run = interrupted(&folder, endless, Duration::from_millis(500), name).expect("it sees signals by then");
        assert_eq!(run.status, Some(status), "{run:?}");
        let said = ["interrupted after step ", " of 4000000011: nothing was written; with --snapshot FILE "];
        assert!(said.iter().all(|part| run.stderr.contains(part)), "{run:?}");
        assert_eq!((run.stdout.as_str(), run.stderr.lines().count()), ("", 1), "{run:?}");
        assert!(folder.list().is_empty());
    }
}

/// Snapshots are also written while nobody asks, so that a killed run is not lost.
#[test]
fn a_killed_run_goes_on_from_its_last_snapshot() {
    let folder = Folder::new();
    let line = "generate --preset published --size 256 --steps 4000 --out m.u32";
    folder.good(line);
    let expected = folder.read("m.u32");
    std::fs::remove_file(folder.file("m.u32")).unwrap();
    let mut child = folder.start(&format!("{line} --snapshot run.block --snapshot-every 1"));
    let start = Instant::now();
    while !folder.file("run.block").exists() && child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < PATIENCE);
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    let run = folder.good(&format!("{line} --resume run.block"));
    assert!(run.stdout.contains(", 4011 steps, ") && run.stdout.contains(" of them before --resume"), "{run:?}");
    assert_eq!(folder.read("m.u32"), expected);
    // A file that only --resume names is the user's.
    assert!(folder.file("run.block").exists());
}

/// What a terminal of 200 columns shows of a program that gets Ctrl-C when its bar is seen.
fn on_a_terminal(folder: &Folder, line: &str, keys: &[u8]) -> (vt100::Parser, Option<i32>) {
    let (mut pty, pts) = pty_process::blocking::open().unwrap();
    pty.resize(pty_process::Size::new(24, 200)).unwrap();
    let command = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_bluegrad"));
    let command = command.args(line.split_whitespace()).current_dir(folder.path()).env("TERM", "xterm");
    let mut child = command.spawn(pts).unwrap();
    let (rows, columns) = (24.try_into().unwrap(), 200.try_into().unwrap());
    let mut parser = vt100::Parser::new(rows, columns, 0);
    let (mut typed, start) = (false, Instant::now());
    let mut bytes = [0; 4096];
    // At the end the terminal's other side is closed, which Linux calls an error.
    while let Ok(count @ 1..) = pty.read(&mut bytes) {
        assert!(start.elapsed() < PATIENCE);
        parser.process(&bytes[..count]);
        if !typed && parser.screen().contents().contains(" steps, ") {
            pty.write_all(keys).unwrap();
            typed = true;
        }
    }
    assert!(typed, "no bar: {}", parser.screen().contents());
    (parser, child.wait().unwrap().code())
}

#[test]
fn the_terminal_is_clean_after_ctrl_c() {
    let folder = Folder::new();
    for (line, end) in [
        // Steps of less than a millisecond, and of a second or so.
        ("generate --preset published --steps 4000000000", "with --snapshot FILE a run can go on later"),
        ("generate --size 4096 --threads 1 --snapshot run.block", "go on with the same options and --resume run.block"),
    ] {
        let (parser, status) = on_a_terminal(&folder, line, b"\x03");
        let shown = parser.screen().contents();
        assert_eq!(status, Some(130), "{shown}");
        // One line, and the cursor at the start of the next one.
        assert!(shown.starts_with("bluegrad: interrupted after step ") && shown.trim_end().ends_with(end), "{shown}");
        assert_eq!(shown.trim_end().lines().count(), 1, "{shown}");
        assert_eq!(parser.screen().cursor_position(), (1, 0), "{shown}");
        assert!(!parser.screen().hide_cursor());
    }
    assert_eq!(folder.list(), ["run.block"]);
}

#[test]
fn the_terminal_is_clean_after_a_run() {
    let folder = Folder::new();
    let (parser, status) = on_a_terminal(&folder, "generate --preset published --size 256 --steps 1500", b"");
    let shown = parser.screen().contents();
    assert_eq!(status, Some(0), "{shown}");
    assert!(shown.starts_with("wrote bluegrad-256x256.png: ") && shown.trim_end().lines().count() == 1, "{shown}");
}

/// Who presses Ctrl-C twice does not wait for the end of a long step.
#[test]
fn the_second_ctrl_c_ends_at_once() {
    let folder = Folder::new();
    // Steps of a second or so.
    let mut child =
        folder.start("generate --size 4096 --preset published --threads 1 --steps 1000 --snapshot run.block");
    thread::sleep(Duration::from_secs(1));
    let (done, is_done) = mpsc::channel();
    for _ in 0..40 {
        if child.try_wait().unwrap().is_some() {
            break;
        }
        signal(&child, "INT");
        thread::sleep(Duration::from_millis(5));
    }
    thread::spawn(move || done.send(child.wait().unwrap()));
    let status = is_done.recv_timeout(PATIENCE).unwrap();
    // The first was answered where a step ended between the two.
    assert!(status.signal() == Some(2) || status.code() == Some(130), "{status}");
}
