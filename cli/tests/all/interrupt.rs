//! Ctrl-C: a run stops, leaves a clean terminal, and resumes from its snapshot to the same bytes.

use crate::common::{Folder, Run, without_pictures};
use crate::process::{default_signals, handles_signals, send, start, wait_until};
use rustix::process::Signal;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;

/// Runs a command; sends a signal once the program handles signals.
///
/// The signal arrives before or in the next step; a program with few short steps may end first.
fn interrupted(folder: &Folder, line: &str, signal: Signal) -> Run {
    let mut child = start(folder, line);
    if handles_signals(&mut child) {
        send(&child, signal);
    }
    Run::new(child.wait_with_output().unwrap())
}

/// Returns the step of the interruption, and the steps in all.
fn steps_of(run: &Run) -> (u32, u32) {
    let (_, rest) = run.stderr.split_once("interrupted after step ").unwrap_or_else(|| panic!("{run:?}"));
    let (step, rest) = rest.split_once(" of ").unwrap_or_else(|| panic!("{run:?}"));
    (step.parse().unwrap(), rest.split(':').next().unwrap().parse().unwrap())
}

/// Interrupts and resumes a run every few steps, until it ends.
///
/// Returns the steps at which the run was interrupted, and whether the last of these was the last step of the run.
fn through_interruptions(folder: &Folder, line: &str) -> (Vec<u32>, bool) {
    let (mut steps, mut all_done) = (Vec::new(), false);
    loop {
        let resume = if folder.file("run.block").exists() { " --resume run.block" } else { "" };
        let before = folder.list();
        let command = format!("{line} --snapshot run.block{resume}");
        let run = if all_done { folder.good(&command) } else { interrupted(folder, &command, Signal::INT) };
        if run.status == Some(0) {
            assert_eq!(run.stderr, "", "{line}");
            assert_eq!(run.stdout.contains(" of them before --resume, the others in "), !resume.is_empty(), "{run:?}");
            return (steps, all_done);
        }
        assert_eq!(run.status, Some(130), "{line}: {run:?}");
        assert_eq!((run.stdout.as_str(), run.stderr.lines().count()), ("", 1), "{line}: {run:?}");
        assert!(
            run.stderr.contains(": run.block holds the run; resume it with the same options and --resume run.block")
        );
        let (step, of) = steps_of(&run);
        assert!(step > steps.last().copied().unwrap_or(0), "{line}: no step since the last interruption: {run:?}");
        steps.push(step);
        all_done = step == of;
        // The snapshot is the only new file.
        let mut expected: Vec<String> = before.into_iter().filter(|name| name != "run.block").collect();
        expected.push("run.block".to_string());
        assert_eq!(folder.list(), expected, "{line}");
    }
}

/// Expects the same mask from a run with and without interruptions.
///
/// Both runs use the same file names in the same folder, because a C header names its command.
fn check_resumed(folder: &Folder, line: &str, mask: &str) {
    let given = folder.list();
    folder.good(line);
    let (expected, made) = (folder.read(mask), folder.list());
    // On a busy machine a short run may end before it is interrupted.
    let mut steps = Vec::new();
    for _ in 0..20 {
        remove_others(folder, &given);
        (steps, _) = through_interruptions(folder, line);
        if !steps.is_empty() {
            break;
        }
    }
    assert!(!steps.is_empty(), "{line}: never interrupted");
    assert_eq!(folder.list(), made, "{line}");
    assert_eq!(folder.read(mask), expected, "{line}: interrupted after the steps {steps:?}");
}

/// Removes all files except the named ones.
fn remove_others(folder: &Folder, named: &[String]) {
    for name in folder.list().iter().filter(|name| !named.contains(name)) {
        std::fs::remove_file(folder.file(name)).unwrap();
    }
}

#[test]
fn a_run_goes_on_to_the_same_bytes() {
    for line in [
        "generate --preset published --size 256 --steps 12 --seed 3 --out a.h",
        "generate --preset spectral --size 128 --steps 20 --optimizer adam --out a.h",
        "generate --size 256 --threads 1 --out a.h",
        "generate --size 256 --threads 2 --preset dither-best --out a.h",
        "generate --size 128 --levels 4 --out a.h",
        "generate --size 256 --preset void-and-cluster --sigma 2 --out a.h",
        "generate --size 128 --preset dither-gradient --steps 20 --out a.h",
        "generate --size 64 --layers 16 --channels 2 --threads 2 --out a.h",
        "generate --size 64 --layers 8 --space-filter gauss:1 --time-filter ema:.1 --out a.h",
    ] {
        check_resumed(&Folder::new(), line, "a.h");
    }
}

/// Ranks without a pattern.
fn noise(side: u32) -> Vec<u8> {
    (0..side * side).flat_map(|i| i.wrapping_mul(0x9E37_79B1).to_le_bytes()).collect()
}

#[test]
fn a_refined_mask_goes_on_too() {
    let folder = Folder::new();
    folder.write("given.u32", noise(64));
    check_resumed(&folder, "generate --init given.u32 --preset dither-best --out m.u32", "m.u32");
}

/// A run can be stopped between its last step and its files.
///
/// The report takes longer than a step.
#[test]
fn stopped_while_the_report_is_made() {
    for options in ["--size 256 --preset spectral --steps 2", "--init given.u32 --preset dither --steps 0"] {
        let folder = Folder::new();
        folder.write("given.u32", noise(256));
        let line = format!("generate {options} --out m.u16 --report r.html --trace t.csv");
        folder.good(&line);
        let expected = folder.read("m.u16");
        // A late signal finds all files written: try again.
        let stopped = (0..20).any(|_| {
            remove_others(&folder, &["given.u32".to_string()]);
            through_interruptions(&folder, &line).1
        });
        assert!(stopped, "{line}: never stopped after the last step");
        assert_eq!(folder.read("m.u16"), expected, "{line}");
        assert_eq!(folder.list(), ["given.u32", "m.u16", "r.html", "t.csv"], "{line}");
        let page = without_pictures(&folder.read_text("r.html"));
        assert!(!page.contains("NaN") && !page.contains("inf"), "{line}");
    }
}

#[test]
fn without_a_snapshot_nothing_stays() {
    let folder = Folder::new();
    let endless = "generate --preset published --steps 4000000000";
    for (signal, status) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let run = interrupted(&folder, endless, signal);
        assert_eq!(run.status, Some(status), "{run:?}");
        let said = ["interrupted after step ", " of 4000000011: no file was written; a run with --snapshot FILE "];
        assert!(said.iter().all(|part| run.stderr.contains(part)), "{run:?}");
        assert_eq!((run.stdout.as_str(), run.stderr.lines().count()), ("", 1), "{run:?}");
        assert!(folder.list().is_empty());
    }
}

/// A killed run can be resumed: snapshots are saved without a signal.
#[test]
fn a_killed_run_goes_on_from_its_last_snapshot() {
    // The first snapshot is saved after one second: the run must be longer on any machine.
    for steps in [1500, 15_000, 150_000] {
        let folder = Folder::new();
        let line = format!("generate --preset published --size 256 --steps {steps} --out m.u32");
        let mut child = start(&folder, &format!("{line} --snapshot run.block --snapshot-every 1"));
        let mut ended = false;
        wait_until("a snapshot", || {
            ended = child.try_wait().unwrap().is_some();
            ended || folder.file("run.block").exists()
        });
        child.kill().unwrap();
        if child.wait().unwrap().signal() != Some(9) {
            continue;
        }
        let run = folder.good(&format!("{line} --resume run.block"));
        let all = format!(", {} steps, ", steps + 11);
        assert!(run.stdout.contains(&all) && run.stdout.contains(" of them before --resume"), "{run:?}");
        let resumed = folder.read("m.u32");
        folder.good(&line);
        assert!(folder.read("m.u32") == resumed, "{line}: other bytes after --resume");
        // A file that only --resume names is kept.
        assert!(folder.file("run.block").exists());
        return;
    }
    panic!("every run ended before its first snapshot");
}

/// Runs a command on a terminal; types `keys` at the bar.
///
/// The terminal has 200 columns. Returns the screen, the exit status, and whether the bar was seen.
fn on_a_terminal(folder: &Folder, line: &str, keys: &[u8]) -> (vt100::Parser, Option<i32>, bool) {
    default_signals();
    let (mut pty, pts) = pty_process::blocking::open().unwrap();
    pty.resize(pty_process::Size::new(24, 200)).unwrap();
    let command = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_bluegrad"));
    let command = command.args(line.split_whitespace()).current_dir(folder.path()).env("TERM", "xterm");
    let mut child = command.spawn(pts).unwrap();
    let (rows, columns) = (24.try_into().unwrap(), 200.try_into().unwrap());
    let mut parser = vt100::Parser::new(rows, columns, 0);
    let mut typed = false;
    let mut bytes = [0; 4096];
    // At the end, Linux reports the closed terminal as an error.
    while let Ok(count @ 1..) = pty.read(&mut bytes) {
        parser.process(&bytes[..count]);
        if !typed && parser.screen().contents().contains(" steps, ") {
            pty.write_all(keys).unwrap();
            typed = true;
        }
    }
    (parser, child.wait().unwrap().code(), typed)
}

#[test]
fn the_terminal_is_clean_after_ctrl_c() {
    let folder = Folder::new();
    for (line, end) in [
        // Steps of less than a millisecond, then steps of about a second.
        ("generate --preset published --steps 4000000000", "a run with --snapshot FILE can be resumed"),
        (
            "generate --size 4096 --threads 1 --snapshot run.block",
            "resume it with the same options and --resume run.block",
        ),
    ] {
        let (parser, status, typed) = on_a_terminal(&folder, line, b"\x03");
        let shown = parser.screen().contents();
        assert_eq!((status, typed), (Some(130), true), "{shown}");
        // One line, with the cursor at the start of the next line.
        assert!(shown.starts_with("bluegrad: interrupted after step ") && shown.trim_end().ends_with(end), "{shown}");
        assert_eq!(shown.trim_end().lines().count(), 1, "{shown}");
        assert_eq!(parser.screen().cursor_position(), (1, 0), "{shown}");
        assert!(!parser.screen().hide_cursor());
    }
    assert_eq!(folder.list(), ["run.block"]);
}

#[test]
fn the_terminal_is_clean_after_a_run() {
    // A run shows its bar after 300 ms: one of these runs takes longer, on any machine.
    for steps in [1500, 15_000, 150_000] {
        let folder = Folder::new();
        let line = format!("generate --preset published --size 256 --steps {steps}");
        let (parser, status, bar) = on_a_terminal(&folder, &line, b"");
        let shown = parser.screen().contents();
        assert_eq!(status, Some(0), "{shown}");
        let lines = shown.trim_end().lines().count();
        assert!(shown.starts_with("wrote bluegrad-256x256.png: ") && lines == 1, "{shown}");
        if bar {
            return;
        }
    }
    panic!("no run showed a bar");
}

/// A second Ctrl-C ends the program without waiting for a long step.
#[test]
fn the_second_ctrl_c_ends_at_once() {
    let folder = Folder::new();
    // Steps take about a second, so two signals usually arrive in one step.
    let line = "generate --size 4096 --preset published --threads 1 --steps 1000 --snapshot run.block";
    for _ in 0..20 {
        let mut child = start(&folder, line);
        assert!(handles_signals(&mut child), "it ended before its first step");
        let mut status = None;
        // Signals do not queue: a signal can be lost, so the test sends them until the program ends.
        wait_until("the end", || {
            send(&child, Signal::INT);
            status = child.try_wait().unwrap();
            status.is_some()
        });
        let status = status.unwrap();
        if status.signal() == Some(2) {
            return;
        }
        // The first signal came so late in a step that the program stopped before the second one.
        assert_eq!(status.code(), Some(130), "{status}");
        std::fs::remove_file(folder.file("run.block")).unwrap();
    }
    panic!("the second Ctrl-C never ended the program");
}
