//! A temporary folder for a test, and the program run in it.

#![cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "signals and full disks are tested on Linux"))]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A folder that is removed after the test.
pub(crate) struct Folder(TempDir);

/// Exit status and output of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.file(name)).unwrap()
    }

    pub(crate) fn read_text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.file(name), bytes).unwrap();
    }

    /// Lists the files of the folder, sorted.
    pub(crate) fn list(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs the program in the folder.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bluegrad"));
        let output = command.args(args).current_dir(self.path()).stdin(Stdio::null()).output().unwrap();
        Run::new(output)
    }

    /// Runs the program in the folder with bytes on standard input; returns its bytes on standard output.
    pub(crate) fn piped(&self, line: &str, input: &[u8]) -> (Option<i32>, Vec<u8>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bluegrad"));
        command.args(line.split_whitespace()).current_dir(self.path()).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let output = std::thread::scope(|scope| {
            // The program may end before it has read everything.
            scope.spawn(move || stdin.write_all(input).ok());
            child.wait_with_output().unwrap()
        });
        (output.status.code(), output.stdout, String::from_utf8(output.stderr).unwrap())
    }

    /// Temporary files that a killed program left.
    pub(crate) fn temporary(&self) -> Vec<PathBuf> {
        let names = self.list().into_iter().filter(|name| name.starts_with(".bluegrad-"));
        names.map(|name| self.file(&name)).collect()
    }

    /// Runs a command line, split at spaces, and expects success.
    pub(crate) fn good(&self, line: &str) -> Run {
        let run = self.run(&line.split_whitespace().collect::<Vec<_>>());
        assert_eq!(run.status, Some(0), "{line}: {}", run.stderr);
        assert_eq!(run.stderr, "", "{line}");
        run
    }

    /// Runs a command line, split at spaces, and expects success and this line on standard error.
    pub(crate) fn said(&self, line: &str, note: &str) -> String {
        let run = self.run(&line.split_whitespace().collect::<Vec<_>>());
        assert_eq!(run.status, Some(0), "{line}: {}", run.stderr);
        assert_eq!(run.stderr, format!("bluegrad: {note}\n"), "{line}");
        run.stdout
    }

    /// Runs a command that must fail: this status, one line with all of `said`, no new file.
    pub(crate) fn bad(&self, args: &[&str], status: i32, said: &[&str]) {
        let before = self.list();
        let run = self.run(args);
        let Run { stderr, stdout, .. } = &run;
        assert_eq!(run.status, Some(status), "{args:?}: {stderr}");
        assert!(stderr.starts_with("bluegrad: ") && stderr.ends_with('\n'), "{args:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{args:?}: {stderr}");
        assert_eq!(stdout, "", "{args:?}");
        for part in said {
            assert!(stderr.contains(part), "{args:?}: `{part}` is not in: {stderr}");
        }
        assert_eq!(self.list(), before, "{args:?}");
    }

    /// Reads the ranks of a `.u32` file.
    pub(crate) fn ranks(&self, name: &str) -> Vec<u32> {
        self.read(name).as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect()
    }
}

/// Removes the pictures of a page: their base64 may hold any word.
pub(crate) fn without_pictures(page: &str) -> String {
    let mut parts = page.split("data:image/png;base64,");
    let first = parts.next().unwrap().to_string();
    parts.fold(first, |text, part| text + "data:" + &part[part.find('"').unwrap()..])
}

impl Run {
    pub(crate) fn new(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A PNG of the given kind: a ramp in the first bytes, then zeros.
pub(crate) fn png(width: u32, height: u32, color: png::ColorType, depth: png::BitDepth) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == png::ColorType::Indexed {
        encoder.set_palette(vec![0, 0, 0, 255, 255, 255]);
    }
    let mut writer = encoder.write_header().unwrap();
    let row = (width as usize * color.samples() * depth as usize).div_ceil(8);
    let data: Vec<u8> = (0..row * height as usize).map(|i| if i % 3 == 0 { 1 } else { 0 }).collect();
    writer.write_image_data(&data).unwrap();
    writer.finish().unwrap();
    bytes
}

/// A PNG of these samples.
pub(crate) fn png_of(width: u32, height: u32, color: png::ColorType, depth: png::BitDepth, samples: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == png::ColorType::Indexed {
        encoder.set_palette((0..=255).flat_map(|grey| [grey; 3]).collect::<Vec<u8>>());
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(samples).unwrap();
    writer.finish().unwrap();
    bytes
}
