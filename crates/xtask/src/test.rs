//! Runs every test: those of the code, of the documentation, and the repository's rules.

use crate::failure::Result;
use crate::run::{cargo, run};

/// The chore. The arguments are for `cargo test`.
pub(crate) fn chore(arguments: &[String]) -> Result<()> {
    run(cargo(&["test", "--workspace"]).args(arguments))
}
