//! Only the program prints; a library returns what is to be said.

use super::Finding;
use super::rust::lines;
use super::tree::Tree;

/// The program, and the chores.
const MAY_PRINT: &[&str] = &["crates/imgshare/", "crates/xtask/"];

const PRINTERS: &[&str] = &["print!(", "println!(", "eprint!(", "eprintln!(", "io::stdout(", "io::stderr("];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let libraries = tree.rust().filter(|source| {
        // A build script talks to cargo that way.
        let talks_to_cargo = source.path.ends_with("/build.rs");
        !source.is_test && !talks_to_cargo && !MAY_PRINT.iter().any(|folder| source.path.starts_with(folder))
    });
    let findings = libraries.flat_map(|source| {
        let found =
            lines(&source.code).filter(|(_, line)| PRINTERS.iter().any(|printer| line.contains(printer)));
        found.map(|(line, _)| finding(source.path, line)).collect::<Vec<_>>()
    });
    findings.collect()
}

fn finding(path: &str, line: usize) -> Finding {
    Finding::new(
        format!("{path}:{line}"),
        "a library prints; return the text, or make a `tracing` record of it",
    )
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::check;

    #[test]
    fn a_library_that_prints_is_found() {
        let text = "// println!() is not for us\nfn a() {\n    println!(\"b\");\n}\n";
        let files = [
            ("crates/imgshare-plan/src/lib.rs", text),
            ("crates/imgshare-plan/tests/it.rs", text),
            ("crates/imgshare/src/out.rs", text),
        ];
        let found = "crates/imgshare-plan/src/lib.rs:3: a library prints; return the text, or make a `tracing` record of it";
        assert_eq!(said(check, &files), [found]);
    }
}
