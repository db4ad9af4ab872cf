//! Runs every test: those of the code, of the documentation, and the repository's rules.

use crate::failure::Result;
use crate::real_servers;
use crate::run::{cargo, run};

/// Runs the tests against real servers instead.
const REAL_SERVERS: &str = "--real-servers";

/// The chore. The arguments are for `cargo test`.
pub(crate) fn chore(arguments: &[String]) -> Result<()> {
    match arguments.split_first() {
        Some((first, rest)) if first == REAL_SERVERS => real_servers::test(rest),
        _ => run(cargo(&["test", "--workspace"]).args(arguments)),
    }
}
