//! The audit record: one JSON line before a write is sent, and one after it is answered.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use imgshare_plan::{PlannedChange, PlannedCopy};
use imgshare_protocol::{Change, Changed, Copied, Error, Result, Timestamp};
use serde_json::{Value, json};

/// What all lines of a run have in common.
#[derive(Clone, Debug)]
pub struct RunInfo {
    /// Random text that names the run.
    pub run: String,
    /// Who runs it: user and machine.
    pub who: String,
    /// SHA-256 of the config's text, hex.
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
        self.line(now, "sending", write, json!({}))
    }

    /// A change of shares was answered, or will not be.
    pub(crate) fn changed(
        &self,
        now: Timestamp,
        write: &Write<'_>,
        answer: &Result<Changed>,
        attempts: u32,
    ) -> io::Result<()> {
        let outcome = match answer {
            Ok(changed) if changed.failed.is_empty() => accepted(&changed.request_ids),
            Ok(changed) => {
                let failed: Vec<_> =
                    changed.failed.iter().map(|f| failed(f.account.as_str(), &f.error)).collect();
                json!({"outcome": "partly", "request_ids": changed.request_ids, "failed": failed})
            }
            Err(error) => refused(error),
        };
        self.answered(now, write, outcome, attempts)
    }

    /// Asking for a copy was answered, or will not be.
    pub(crate) fn copied(
        &self,
        now: Timestamp,
        write: &Write<'_>,
        answer: &Result<Copied>,
        attempts: u32,
    ) -> io::Result<()> {
        let outcome = match answer {
            Ok(copied) => {
                let mut outcome = accepted(&copied.request_ids);
                outcome["made"] = json!(copied.images);
                outcome
            }
            Err(error) => refused(error),
        };
        self.answered(now, write, outcome, attempts)
    }

    fn answered(
        &self,
        now: Timestamp,
        write: &Write<'_>,
        mut outcome: Value,
        attempts: u32,
    ) -> io::Result<()> {
        outcome["attempts"] = attempts.into();
        self.line(now, "answered", write, outcome)
    }

    fn line(&self, now: Timestamp, event: &str, write: &Write<'_>, more: Value) -> io::Result<()> {
        let mut line = json!({
            "run": self.info.run,
            "time": rfc3339(now),
            "event": event,
            "who": self.info.who,
            "config": self.info.config_digest,
        });
        for facts in [write.facts(), more] {
            if let (Value::Object(line), Value::Object(facts)) = (&mut line, facts) {
                line.extend(facts);
            }
        }
        // One write call for the whole line: a run that is killed leaves no half of it between two others.
        let text = format!("{line}\n");
        self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(text.as_bytes())
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

/// What is written to a cloud.
pub(crate) enum Write<'a> {
    /// One call of a change.
    Shares(&'a PlannedChange, &'a Change),
    /// A copy.
    Copy(&'a PlannedCopy),
}

impl Write<'_> {
    fn facts(&self) -> Value {
        match self {
            Self::Shares(change, batch) => json!({
                "cloud": change.cloud,
                "provider": change.provider,
                "region": change.region,
                "image": change.image,
                "rules": change.rules,
                "add": batch.add,
                "remove": batch.remove,
            }),
            Self::Copy(copy) => json!({
                "cloud": copy.cloud,
                "provider": copy.provider,
                "region": copy.source_region,
                "image": copy.source,
                "rules": copy.rules,
                "copy_to": copy.region,
                "copy_name": copy.name,
            }),
        }
    }
}

fn accepted(request_ids: &[String]) -> Value {
    json!({"outcome": "accepted", "request_ids": request_ids})
}

fn refused(error: &Error) -> Value {
    json!({"outcome": "failed", "error": error})
}

fn failed(account: &str, error: &Error) -> Value {
    json!({"account": account, "error": error})
}

fn rfc3339(time: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(time.milliseconds()).map(|time| time.to_string()).unwrap_or_default()
}
