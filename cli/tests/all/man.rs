//! `bluegrad man`: a page of the program and of each command.

use crate::common::Folder;

const COMMANDS: [&str; 9] =
    ["gallery", "generate", "points", "presets", "measure", "dither", "compare", "completions", "man"];

/// Options that a help text lists, one at the start of a line.
fn options(help: &str) -> Vec<&str> {
    let starts = help.lines().map(str::trim_start).map(|line| line.strip_prefix("-h, ").unwrap_or(line));
    let words = starts.filter(|line| line.starts_with("--")).filter_map(|line| line.split([' ', '=']).next());
    words.collect()
}

#[test]
fn pages_mention_every_option() {
    let folder = Folder::new();
    folder.good("man --out-dir .");
    let names = COMMANDS.iter().map(|command| format!("bluegrad-{command}.1"));
    let mut names: Vec<String> = names.chain(["bluegrad.1".to_string()]).collect();
    names.sort();
    assert_eq!(folder.list(), names);
    let page = folder.read_text("bluegrad.1");
    assert_eq!(page, folder.good("man").stdout);
    for command in COMMANDS {
        assert!(page.contains(&format!("bluegrad\\-{command}(1)")), "{command}");
        let page = folder.read_text(&format!("bluegrad-{command}.1"));
        assert_eq!(page, folder.good(&format!("man {command}")).stdout);
        assert!(
            page.contains(&format!(".TH bluegrad-{command} 1  \"bluegrad {}\"", env!("CARGO_PKG_VERSION"))),
            "{page}"
        );
        let plain = page.replace("\\-", "-");
        let help = folder.good(&format!("{command} --help")).stdout;
        let options = options(&help);
        assert!(!options.is_empty() && (command != "generate" || options.len() > 30), "{options:?}");
        for option in options {
            assert!(plain.contains(&format!("\n\\fB{option}\\fR")) || option == "--help", "{command} {option}");
        }
    }
}

/// The pages through the formatter, where the machine has one.
#[cfg(target_os = "linux")]
#[test]
fn pages_render() {
    use std::process::Command;
    let folder = Folder::new();
    folder.good("man --out-dir .");
    if Command::new("man").arg("--version").output().is_err() {
        return;
    }
    for page in folder.list() {
        let mut man = Command::new("man");
        man.args(["--warnings", "-l", &page])
            .current_dir(folder.path())
            .env("MANWIDTH", "100")
            .env("LC_ALL", "C.UTF-8");
        let output = man.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{page}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        for part in ["NAME", "SYNOPSIS", "--help"] {
            assert!(text.contains(part), "{page}: {part}");
        }
        assert!(!text.contains("\\f"), "{page}");
    }
}

#[test]
fn pages_that_cannot_be_written() {
    let folder = Folder::new();
    folder.bad(&["man", "--out-dir", "missing"], 1, &["missing/bluegrad.1", "create it first"]);
    folder.bad(&["man", "nonsense"], 2, &["no command nonsense", "generate, points, presets, measure"]);
    folder.bad(&["man", "generate", "--out-dir", "."], 2, &["--out-dir"]);
}
