//! `imgshare completions`

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::args::Arguments;
use crate::failure::Failure;
use crate::out;

/// Print a shell's completions
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self) -> Result<u8, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "imgshare", &mut script);
        out::data(&String::from_utf8_lossy(&script));
        Ok(0)
    }
}
