//! `imgshare man`

use std::path::PathBuf;

use clap::{Args, CommandFactory as _};
use clap_mangen::Man as Page;

use crate::args::Arguments;
use crate::failure::Failure;
use crate::out;

/// Print the man page, or write one for each command
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Write `imgshare.1` and one page for each command into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(&self) -> Result<u8, Failure> {
        let command = Arguments::command();
        let Some(folder) = &self.out else {
            let mut page = Vec::new();
            Page::new(command).render(&mut page).map_err(|error| Failure::new(error.to_string()))?;
            out::data(&String::from_utf8_lossy(&page));
            return Ok(0);
        };
        clap_mangen::generate_to(command, folder).map_err(|error| {
            Failure::new(format!("cannot write man pages to {}: {error}", folder.display()))
                .hint("name a folder that exists and can be written to")
        })?;
        Ok(0)
    }
}
