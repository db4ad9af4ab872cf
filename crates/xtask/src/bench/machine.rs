//! When, of what and on which machine figures were taken: without that they mean nothing.

use std::process::Command;

use crate::workspace;

/// Facts by name. What the system does not tell is left out.
pub(super) fn facts() -> Vec<(&'static str, String)> {
    let facts = [
        ("date", Some(jiff::Timestamp::now().strftime("%Y-%m-%d").to_string())),
        ("commit", printed("git", &["describe", "--always", "--dirty"])),
        ("system", Some(format!("{} {}", std::env::consts::OS, std::env::consts::ARCH))),
        ("kernel", read("/proc/sys/kernel/osrelease")),
        ("cpu", read("/proc/cpuinfo").and_then(|text| value_of(&text, "model name"))),
        ("cores", std::thread::available_parallelism().ok().map(|cores| cores.to_string())),
        ("memory", read("/proc/meminfo").and_then(|text| value_of(&text, "MemTotal"))),
        ("rustc", printed(&rustc(), &["--version"])),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}

/// The value of the first line `key : value`.
fn value_of(text: &str, key: &str) -> Option<String> {
    let values = text.lines().filter_map(|line| line.split_once(':'));
    values.into_iter().find(|(name, _)| name.trim() == key).map(|(_, value)| value.trim().to_owned())
}

fn rustc() -> String {
    std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned())
}

/// What a program says in one line, if it is there and well.
fn printed(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(workspace::root()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    Some(text.trim().to_owned())
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
