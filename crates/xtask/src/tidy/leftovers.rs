//! Nothing half-done is left in the code.

use super::Finding;
use super::rust::lines;
use super::tree::Tree;

const LEFTOVERS: &[(&str, &str)] = &[
    ("todo!", "write what is missing"),
    ("unimplemented!", "write what is missing"),
    ("dbg!", "remove it"),
    ("#[ignore", "make the test pass or remove it"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let findings = tree.rust().flat_map(|source| {
        let found = lines(&source.code_and_tests).flat_map(|(line, code)| {
            let here = LEFTOVERS.iter().filter(move |(word, _)| code.contains(word));
            here.map(move |(word, remedy)| (line, word, remedy))
        });
        let findings = found.map(|(line, word, remedy)| {
            Finding::new(format!("{}:{line}", source.path), format!("{word} was left there; {remedy}"))
        });
        findings.collect::<Vec<_>>()
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::check;

    #[test]
    fn what_is_half_done_is_found() {
        let text = "// todo!()\nfn a() { todo!() }\nfn b() { dbg!(a()) }\n#[ignore = \"slow\"]\nfn c() {}\n";
        assert_eq!(
            said(check, &[("src/lib.rs", text)]),
            [
                "src/lib.rs:2: todo! was left there; write what is missing",
                "src/lib.rs:3: dbg! was left there; remove it",
                "src/lib.rs:4: #[ignore was left there; make the test pass or remove it",
            ]
        );
    }
}
