//! `bluegrad completions`: scripts of shells.

use crate::common::Folder;

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

#[test]
fn every_shell() {
    let folder = Folder::new();
    let scripts: Vec<String> = SHELLS.iter().map(|shell| folder.good(&format!("completions {shell}")).stdout).collect();
    for (script, shell) in scripts.iter().zip(SHELLS) {
        for word in ["generate", "measure", "dither", "compare", "completions", "init-slices", "void-and-cluster"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert!((0..5).all(|i| !scripts[..i].contains(&scripts[i])), "each shell has a script of its own");
    folder.bad(&["completions", "tcsh"], 2, &["tcsh", "bash, elvish, fish, powershell, zsh"]);
    folder.bad(&["completions"], 2, &["<SHELL>"]);
}

#[cfg(target_os = "linux")]
#[test]
fn bash_completes() {
    use std::process::Command;
    let folder = Folder::new();
    folder.write("script", folder.good("completions bash").stdout);
    let bash = |script: &str| {
        let output = Command::new("bash").args(["-c", script]).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{script}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    if Command::new("bash").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "bash is needed where CI is set");
        return;
    }
    bash("bash -n script");
    let replies = |words: &[&str]| {
        let (last, command) = (words.last().unwrap(), words.join(" "));
        let (at, before) = (words.len() - 1, words[words.len() - 2]);
        bash(&format!(
            "source ./script; COMP_WORDS=({command}); COMP_CWORD={at}; _bluegrad bluegrad '{last}' '{before}'; echo \"${{COMPREPLY[@]}}\""
        ))
    };
    assert_eq!(replies(&["bluegrad", "gen"]).trim(), "generate");
    assert_eq!(replies(&["bluegrad", "generate", "--init-s"]).trim(), "--init-slices --init-slice");
    assert_eq!(replies(&["bluegrad", "measure", "--channel", "a"]).trim(), "a");
    assert_eq!(replies(&["bluegrad", "generate", "--preset", "v"]).trim(), "void-and-cluster");
    assert_eq!(replies(&["bluegrad", "generate", "--level", "neo"]).trim(), "neon");
    assert_eq!(replies(&["bluegrad", "completions", "z"]).trim(), "zsh");
}
