//! Builds the documentation.

use crate::failure::Result;
use crate::run::{cargo, run};
use crate::workspace::Workspace;

/// The chore: builds and says where it is.
pub(crate) fn chore(arguments: &[String]) -> Result<()> {
    crate::no_arguments("docs", arguments)?;
    build()?;
    println!("{}", Workspace::find()?.target.join("doc").display());
    Ok(())
}

/// Builds the documentation of our own crates; a warning is an error.
pub(crate) fn build() -> Result<()> {
    run(cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}
