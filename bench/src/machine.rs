//! Description of the machine, for the record.

use crate::pair::levels;
use bluegrad::SimdLevel;
use std::fs;

/// Model name of the CPU, from `/proc/cpuinfo`; else the architecture.
#[must_use]
pub fn cpu() -> String {
    field("model name").unwrap_or_else(|| std::env::consts::ARCH.into())
}

/// Returns a name as part of a file name.
///
/// Lower case; runs of other characters than letters and digits become one hyphen; marks such as `(R)` are left out.
#[must_use]
pub fn file_name(name: &str) -> String {
    let name = name.replace("(R)", " ").replace("(TM)", " ").to_ascii_lowercase();
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// Returns the lines of the first list of a record: name and value.
#[must_use]
pub fn facts() -> Vec<(&'static str, String)> {
    let names: Vec<_> = levels().map(SimdLevel::name).collect();
    let mut facts = vec![("CPU", cpu_line()), ("caches of a core", caches()), ("system", system())];
    facts.push(("compiler", compiler()));
    facts.push(("levels here", names.join(", ")));
    facts.push((
        "bluegrad",
        format!("{}, algorithm version {}", env!("CARGO_PKG_VERSION"), bluegrad::ALGORITHM_VERSION),
    ));
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

/// Load averages of the last 1, 5 and 15 minutes.
#[must_use]
pub fn load() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let words: Vec<_> = text.split_whitespace().take(3).collect();
    Some(words.join(" "))
}

fn cpu_line() -> String {
    let mut line = cpu();
    if let (Some(family), Some(model), Some(stepping)) = (field("cpu family"), field("model"), field("stepping")) {
        line += &format!(" (family {family}, model {model}, stepping {stepping})");
    }
    if let Ok(count) = std::thread::available_parallelism() {
        line += &format!(", {count} logical");
    }
    if field("flags").is_some_and(|flags| flags.split(' ').any(|flag| flag == "hypervisor")) {
        line += ", virtual machine";
    }
    line
}

fn caches() -> String {
    let name = |(level, bytes): &(u32, usize)| format!("L{level} {}", size(*bytes));
    cache_sizes().iter().map(name).collect::<Vec<_>>().join(", ")
}

/// Data caches of the first CPU, nearest first: level and bytes.
#[must_use]
pub fn cache_sizes() -> Vec<(u32, usize)> {
    let read = |index: u32, file: &str| {
        let text = fs::read_to_string(format!("/sys/devices/system/cpu/cpu0/cache/index{index}/{file}")).ok()?;
        Some(text.trim().to_owned())
    };
    let cache = |index: u32| {
        let (level, kind, size) = (read(index, "level")?, read(index, "type")?, read(index, "size")?);
        Some((level.parse().ok()?, bytes(&size)?)).filter(|_| kind != "Instruction")
    };
    (0..8).filter_map(cache).collect()
}

/// Formats a number of bytes: `48 KiB`, `2.5 MiB`.
#[must_use]
pub fn size(bytes: usize) -> String {
    const MIB: f64 = 1_048_576.0;
    let (number, unit) = match bytes as f64 {
        ..1024.0 => return format!("{bytes} B"),
        few @ ..MIB => (few / 1024.0, "KiB"),
        many => (many / MIB, "MiB"),
    };
    let decimals = usize::from(number < 10.0 && number.fract() != 0.0);
    format!("{number:.decimals$} {unit}")
}

/// Parses a size such as `48K`, which is 49152.
fn bytes(size: &str) -> Option<usize> {
    let (digits, unit) = match size.strip_suffix('K') {
        Some(digits) => (digits, 1 << 10),
        None => size.strip_suffix('M').map_or((size, 1), |digits| (digits, 1 << 20)),
    };
    digits.parse::<usize>().ok().map(|number| number * unit)
}

fn system() -> String {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.map_or_else(|| std::env::consts::OS.into(), |name| name.trim_matches('"').to_owned())
}

fn compiler() -> String {
    let (version, flags) = (env!("BENCH_RUSTC"), env!("BENCH_RUSTFLAGS"));
    let flags = if flags.is_empty() { "no further flags".into() } else { format!("flags `{flags}`") };
    let profile = if cfg!(debug_assertions) { "NOT a release build" } else { "release build" };
    format!("{version}, {profile}, {flags}")
}

fn field(name: &str) -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let fields = text.lines().filter_map(|line| line.split_once(':'));
    let value = fields.into_iter().find(|(key, _)| key.trim() == name)?.1;
    Some(value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{bytes, file_name, size};

    #[test]
    fn sizes() {
        assert_eq!([size(100), size(49152), size(1536), size(5 << 19)], ["100 B", "48 KiB", "1.5 KiB", "2.5 MiB"]);
    }

    #[test]
    fn sizes_of_caches() {
        assert_eq!([bytes("48K"), bytes("2M"), bytes("64"), bytes("x")], [Some(49152), Some(2 << 20), Some(64), None]);
    }

    #[test]
    fn names_of_files() {
        assert_eq!(file_name("Intel(R) Xeon(R) Processor"), "intel-xeon-processor");
        assert_eq!(file_name("AMD EPYC 9R14 / x"), "amd-epyc-9r14-x");
        assert_eq!(file_name("../a"), "a");
    }
}
