//! `imgshare providers test`

use std::path::{Path, PathBuf};

use clap::Args;
use imgshare_host::Refusal;
use imgshare_testkit::conformance;

use crate::args::{Form, Format};
use crate::failure::Failure;
use crate::text::block::Block;
use crate::view::conformance::Conformance as View;
use crate::{out, text};

/// Check that a built library keeps the promises of a provider
///
/// Loads the library as every command does and runs the conformance suite on it, against clouds that are made up in
/// this process: no real one is asked. Says of each promise whether it is kept, and what to do where it is not. Exits
/// with 0 when none is broken, else with 1.
#[derive(Debug, Args)]
pub(super) struct Test {
    /// The library, as cargo has built it
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    form: Form,
}

impl Test {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let outcomes = conformance::check(&self.file).map_err(|refusal| refused(&self.file, &refusal))?;
        let view = View::of(&self.file, outcomes);
        match self.form.format {
            Format::Json => out::json(&view),
            Format::Text => out::data(&text::conformance::render(&view)),
        }
        Ok(u8::from(!view.ok))
    }
}

fn refused(file: &Path, refusal: &Refusal) -> Failure {
    if let Some(detail) = &refusal.detail {
        tracing::debug!("{}: {detail}", file.display());
    }
    let block = Block::new(format!("the library is refused: {}", refusal.sentence));
    Failure::Block(block.line("file", file.display().to_string()))
}
