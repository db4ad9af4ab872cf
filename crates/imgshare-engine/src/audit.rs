//! The audit record: one JSON line before a write is sent, and one after it is answered.

mod line;

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use imgshare_host::Ended;
use imgshare_protocol::Timestamp;
use serde::Serialize;

use self::line::{Answered, Line};
pub(crate) use self::line::{Facts, Outcome, What};
use crate::write::{Answer, Write};

/// What all lines of a run have in common.
#[derive(Clone, Debug, Serialize)]
pub struct RunInfo {
    /// Random text that names the run.
    pub run: String,
    /// Who runs it: user and machine.
    pub who: String,
    /// SHA-256 of the config's text, hex.
    #[serde(rename = "config")]
    pub config_digest: String,
}

/// An open audit record. Whole lines are appended, so that several runs can share a file.
pub struct Audit {
    file: Mutex<File>,
    info: RunInfo,
}

impl Audit {
    /// Opens the record at `path` for appending, making it and its folder when they are not there. What a run that was
    /// killed has left of its last line stays a line of its own.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn open(path: &Path, info: RunInfo) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        if ends_within_a_line(path) {
            file.write_all(b"\n")?;
        }
        Ok(Self { file: Mutex::new(file), info })
    }

    /// A write is about to be sent.
    pub(crate) fn sending(&self, now: Timestamp, write: &Write<'_>) -> io::Result<()> {
        self.line(now, "sending", write, None)
    }

    /// A write was answered, or will not be.
    pub(crate) fn answered<T: Answer>(
        &self,
        now: Timestamp,
        write: &Write<'_>,
        ended: &Ended<T>,
    ) -> io::Result<()> {
        let outcome = ended.result.as_ref().map_or_else(|error| Outcome::Failed { error }, Answer::outcome);
        self.line(now, "answered", write, Some(Answered { outcome, attempts: ended.sends }))
    }

    fn line(
        &self,
        now: Timestamp,
        event: &'static str,
        write: &Write<'_>,
        answered: Option<Answered<'_>>,
    ) -> io::Result<()> {
        let line = Line { run: &self.info, time: rfc3339(now), event, write: write.facts(), answered };
        // A change of a few accounts fits in.
        let mut text = Vec::with_capacity(1024);
        serde_json::to_writer(&mut text, &line)?;
        text.push(b'\n');
        // One write call for the whole line: a run that is killed leaves no half of it between two others.
        self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(&text)
    }
}

/// Where there is no last byte to be read, in an empty file or a device, no line has begun.
fn ends_within_a_line(path: &Path) -> bool {
    let last_byte = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::End(-1))?;
        let mut byte = [0];
        file.read_exact(&mut byte).map(|()| byte)
    };
    path.is_file() && last_byte().is_ok_and(|byte: [u8; 1]| byte != *b"\n")
}

fn rfc3339(time: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(time.milliseconds()).map(|time| time.to_string()).unwrap_or_default()
}
