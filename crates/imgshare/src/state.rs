//! The folder with what imgshare keeps between runs: the audit record, and who applies which config.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::args::{named, path};
use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(crate) struct StateFolder {
    /// The folder with the audit record and the locks [default: imgshare's folder in the user's state folder]
    #[arg(long, value_name = "DIR", env = "IMGSHARE_STATE", help_heading = "Files", value_parser = path())]
    state: Option<PathBuf>,
}

/// What to do when the folder is not there or cannot be written to: in containers and in CI there may be no home.
pub(crate) const HINT: &str = "name a folder that can be written to with --state DIR, or in IMGSHARE_STATE";

impl StateFolder {
    /// The folder, which may have to be made yet.
    pub(crate) fn path(&self) -> Result<PathBuf, Failure> {
        let of_user = || {
            let folders = directories::ProjectDirs::from("", "", "imgshare")?;
            Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned())
        };
        let no_home = || Failure::new("there is no home folder for the lock and the audit record").hint(HINT);
        named(self.state.as_deref()).map(Path::to_owned).or_else(of_user).ok_or_else(no_home)
    }
}
