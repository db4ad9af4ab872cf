//! A world that stands still.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_host::World;
use imgshare_protocol::{Error, ErrorKind, Result, Timestamp};

/// A world whose clock moves only when it is told to, whose nonces count up, and in which there is only what was put
/// there. The same test sees the same world each time.
#[derive(Debug)]
pub struct FakeWorld {
    now_ms: AtomicI64,
    began: Option<tokio::time::Instant>,
    nonces: AtomicU64,
    environment: BTreeMap<String, String>,
    files: BTreeMap<String, Vec<u8>>,
    commands: BTreeMap<Vec<String>, Vec<u8>>,
}

impl Default for FakeWorld {
    fn default() -> Self {
        Self {
            now_ms: AtomicI64::new(Self::BEGIN.milliseconds()),
            began: None,
            nonces: AtomicU64::new(0),
            environment: BTreeMap::new(),
            files: BTreeMap::new(),
            commands: BTreeMap::new(),
        }
    }
}

impl FakeWorld {
    /// When it begins: 2023-11-14T22:13:20Z.
    pub const BEGIN: Timestamp = Timestamp(1_700_000_000_000);

    /// Sets an environment variable.
    #[must_use]
    pub fn with_env(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Puts a file there. A plugin finds it under exactly this path, `~/` included.
    #[must_use]
    pub fn with_file(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), content.into());
        self
    }

    /// Lets a program, called with exactly these words, print this.
    #[must_use]
    pub fn with_command(mut self, words: &[&str], output: impl Into<Vec<u8>>) -> Self {
        self.commands.insert(words.iter().map(|word| (*word).to_owned()).collect(), output.into());
        self
    }

    /// Lets the clock also follow tokio's, which tests pause: waiting for a retry then takes time in this world, and
    /// none in ours.
    #[must_use]
    pub fn with_virtual_time(mut self) -> Self {
        self.began = Some(tokio::time::Instant::now());
        self
    }

    /// Puts the clock forward.
    pub fn advance_ms(&self, duration_ms: i64) {
        self.now_ms.fetch_add(duration_ms, Ordering::Relaxed);
    }
}

impl World for FakeWorld {
    fn now(&self) -> Timestamp {
        let waited = self.began.map_or(0, |began| began.elapsed().as_millis());
        let waited = i64::try_from(waited).expect("no test waits for a million years");
        Timestamp(self.now_ms.load(Ordering::Relaxed) + waited)
    }

    fn nonce(&self) -> String {
        format!("{:032x}", self.nonces.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn jitter(&self) -> f64 {
        0.5
    }

    fn env(&self, name: &str) -> Option<String> {
        self.environment.get(name).cloned()
    }

    fn read_file(&self, path: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.files.get(path).cloned())
    }

    fn run_command<'a>(&'a self, words: &'a [String]) -> BoxFuture<'a, Result<Vec<u8>>> {
        let output = self.commands.get(words).cloned();
        let missing =
            || Error::new(ErrorKind::CredentialInvalid, format!("command {words:?} cannot be started"));
        std::future::ready(output.ok_or_else(missing)).boxed()
    }
}
