//! The machine that numbers were measured on: without it they mean nothing.

use std::process::Command;

/// Facts by name. What the system does not tell is left out.
pub(super) fn facts() -> Vec<(&'static str, String)> {
    let facts = [
        ("system", Some(format!("{} {}", std::env::consts::OS, std::env::consts::ARCH))),
        ("kernel", read("/proc/sys/kernel/osrelease")),
        ("cpu", read("/proc/cpuinfo").and_then(|text| value_of(&text, "model name"))),
        ("cores", std::thread::available_parallelism().ok().map(|cores| cores.to_string())),
        ("memory", read("/proc/meminfo").and_then(|text| value_of(&text, "MemTotal"))),
        ("rustc", rustc()),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}

/// The value of the first line `key : value`.
pub(super) fn value_of(text: &str, key: &str) -> Option<String> {
    let values = text.lines().filter_map(|line| line.split_once(':'));
    values.into_iter().find(|(name, _)| name.trim() == key).map(|(_, value)| value.trim().to_owned())
}

fn rustc() -> Option<String> {
    let output =
        Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("--version").output();
    output.ok().and_then(|output| String::from_utf8(output.stdout).ok()).map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::value_of;

    #[test]
    fn the_systems_tables_are_read_by_key() {
        let text = "MemFree:  12 kB\nMemTotal:       123456 kB\n";
        assert_eq!(value_of(text, "MemTotal").as_deref(), Some("123456 kB"));
        assert_eq!(value_of(text, "model name"), None);
    }
}
