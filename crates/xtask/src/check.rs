//! Everything that can be said against a change without running its tests.

use std::time::Instant;

use crate::failure::{Failure, Result};
use crate::run::{cargo, run};
use crate::{docs, tidy};

type Step = fn() -> Result<()>;

const STEPS: &[(&str, Step)] = &[
    ("format", format),
    ("lints", lints),
    ("the repository's rules", tidy::check),
    ("documentation", docs::build),
];

/// The chore: goes through all steps, whatever the earlier ones say.
pub(crate) fn chore(arguments: &[String]) -> Result<()> {
    crate::no_arguments("check", arguments)?;
    let failed: Vec<&str> =
        STEPS.iter().filter(|(name, step)| !passes(name, *step)).map(|(name, _)| *name).collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("check found fault with {}", failed.join(", "))))
    }
}

fn passes(name: &str, step: Step) -> bool {
    println!("== {name}");
    let begun = Instant::now();
    let outcome = step();
    if let Err(failure) = &outcome {
        failure.tell();
    }
    let word = if outcome.is_ok() { "fine" } else { "FAILED" };
    println!("== {name}: {word}, {} s", begun.elapsed().as_secs());
    outcome.is_ok()
}

fn format() -> Result<()> {
    run(&mut cargo(&["fmt", "--all", "--check"]))
}

fn lints() -> Result<()> {
    run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]))
}
