//! The world as plugins see it: time, random text, environment, files, programs. A trait, so that tests can replay one.

use std::io::{ErrorKind as IoError, Read as _};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_protocol::{Error, ErrorKind, Result, Timestamp};
use rand::RngExt as _;

/// The longest file that a plugin can read, in bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// How long a program may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

/// What a plugin learns of the world, besides the answers of its cloud.
pub trait World: Send + Sync {
    /// The time.
    fn now(&self) -> Timestamp;

    /// Random text for nonces.
    fn nonce(&self) -> String;

    /// A random number from 0 up to, not including, 1: spreads out retries.
    fn jitter(&self) -> f64;

    /// An environment variable. `None`: not set, or not Unicode.
    fn env(&self, name: &str) -> Option<String>;

    /// A file's content; a leading `~/` is the user's home folder. `None`: there is no such file.
    ///
    /// # Errors
    ///
    /// When it is there and cannot be read, is no regular file, or is longer than a MiB.
    fn read_file(&self, path: &str) -> Result<Option<Vec<u8>>>;

    /// What this program prints on its standard output; its standard error goes to the user. No shell is involved.
    ///
    /// # Errors
    ///
    /// When it cannot be started, fails, or does not end within 30 seconds.
    fn run_command<'a>(&'a self, words: &'a [String]) -> BoxFuture<'a, Result<Vec<u8>>>;
}

/// The world of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl World for System {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn nonce(&self) -> String {
        format!("{:032x}", rand::rng().random::<u128>())
    }

    fn jitter(&self) -> f64 {
        rand::rng().random()
    }

    fn env(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn read_file(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let full = expand_home(path, self.env("HOME"));
        read_regular(&full).map_err(|error| {
            Error::new(ErrorKind::CredentialInvalid, format!("cannot read {path}: {error}"))
                .with_hint("make the file readable for the user that runs imgshare")
        })
    }

    fn run_command<'a>(&'a self, words: &'a [String]) -> BoxFuture<'a, Result<Vec<u8>>> {
        output(words).boxed()
    }
}

async fn output(words: &[String]) -> Result<Vec<u8>> {
    let invalid = |message: String| {
        Error::new(ErrorKind::CredentialInvalid, message).with_hint("run it by hand to see what it says")
    };
    let Some((program, arguments)) = words.split_first() else {
        return Err(invalid("the command names no program".to_owned()));
    };
    let run = tokio::process::Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .output();
    let seconds = COMMAND_TIMEOUT.as_secs();
    let output = tokio::time::timeout(COMMAND_TIMEOUT, run)
        .await
        .map_err(|_| invalid(format!("command {program} did not end within {seconds} s")))?
        .map_err(|error| invalid(format!("command {program} cannot be started: {error}")))?;
    if !output.status.success() {
        return Err(invalid(format!("command {program} failed with {}", output.status)));
    }
    Ok(output.stdout)
}

fn expand_home(path: &str, home: Option<String>) -> PathBuf {
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(path),
    }
}

fn read_regular(path: &std::path::Path) -> std::io::Result<Option<Vec<u8>>> {
    match std::fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => return Err(std::io::Error::other("it is not a regular file")),
        Ok(_) => {}
        Err(error) if matches!(error.kind(), IoError::NotFound | IoError::NotADirectory) => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(std::io::Error::other("it is longer than a MiB"));
    }
    Ok(Some(bytes))
}
