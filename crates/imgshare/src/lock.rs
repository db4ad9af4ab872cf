//! One apply of a config at a time, on one machine.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::failure::Failure;
use crate::record::who;
use crate::session::Session;
use crate::state::{self, StateFolder};
use crate::text::label::plain;
use crate::view::rfc3339;

/// Held while a config is applied. It is the system's lock on an open file, so it is gone when the process is,
/// however it ended. The file stays: removed, it could be taken twice.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of this config, or says who has it.
    pub(crate) fn take(config: &Path, session: &Session, state: &StateFolder) -> Result<Self, Failure> {
        let folder = state.path()?.join("locks");
        let unusable = |error: io::Error| {
            let folder = folder.display();
            Failure::new(format!("cannot lock the config in the folder {folder}: {error}")).hint(state::HINT)
        };
        let mut file = open(&folder, &file_name(config, session)).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(taken(&mut file)),
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        Holder::this(session).write(&mut file).map_err(unusable)?;
        Ok(Self { _file: file })
    }
}

/// Named by where the config really is, whatever it is called. One that comes through a pipe is nowhere: then its text
/// tells.
fn file_name(config: &Path, session: &Session) -> String {
    let place = config.canonicalize().map(PathBuf::into_os_string);
    let place = place.unwrap_or_else(|_| session.desired.digest.clone().into());
    let digest = Sha256::digest(place.as_encoded_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>() + ".lock"
}

/// Opens the file without a change to it: somebody may hold it.
fn open(folder: &Path, name: &str) -> io::Result<File> {
    std::fs::create_dir_all(folder)?;
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(folder.join(name))
}

fn taken(file: &mut File) -> Failure {
    let failure = Failure::new("another apply of this config is running; nothing was changed");
    let failure = match Holder::read(file) {
        Some(holder) => failure
            .line("holder", format!("process {} of {}", holder.process, plain(&holder.who)))
            .line("since", plain(&holder.since))
            .line("command", plain(&holder.command)),
        None => failure,
    };
    failure.hint("run again when that one has ended")
}

/// Who holds a lock: written into its file for people. Text of somebody who is gone means nothing, the lock alone counts.
#[derive(Debug, Serialize, Deserialize)]
struct Holder {
    process: u32,
    who: String,
    since: String,
    command: String,
}

impl Holder {
    fn this(session: &Session) -> Self {
        let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
        let command: Vec<_> = std::iter::once("imgshare".to_owned()).chain(words).collect();
        Self {
            process: std::process::id(),
            who: who(),
            since: rfc3339(session.now()),
            command: command.join(" "),
        }
    }

    fn write(&self, file: &mut File) -> io::Result<()> {
        file.set_len(0)?;
        file.write_all((serde_json::to_string(self)? + "\n").as_bytes())
    }

    /// `None`: the holder has not yet written who it is, or the system lets nobody else read a locked file.
    fn read(file: &mut File) -> Option<Self> {
        let mut text = String::new();
        file.read_to_string(&mut text).ok()?;
        serde_json::from_str(&text).ok()
    }
}
