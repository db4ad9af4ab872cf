//! For tests against servers that nobody here wrote: the program as users run it, and the cloud's own client to compare with.
//!
//! `cargo xtask test --real-servers` starts the servers and says in variables where they and the program are.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use serde_json::Value;
use tempfile::TempDir;

/// What the chore says of the servers.
///
/// # Panics
///
/// When it did not start this test.
pub fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set; run this test with `cargo xtask test --real-servers`"))
}

/// A home folder with a config, for the program as users get it: its own binary and plugins, nothing from the
/// environment of the test.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
    variables: BTreeMap<String, String>,
}

/// How the program ended.
#[derive(Debug)]
pub struct Run {
    /// The exit code; `None`: a signal.
    pub code: Option<i32>,
    /// The data.
    pub stdout: String,
    /// The talk.
    pub stderr: String,
}

impl Home {
    /// One with this `imgshare.toml`.
    ///
    /// # Panics
    ///
    /// When it cannot be made.
    pub fn with(config: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let home = Self { folder, variables: BTreeMap::new() };
        home.file("imgshare.toml", config);
        home
    }

    /// Writes a file, in folders of its own if need be.
    ///
    /// # Panics
    ///
    /// When it cannot be written.
    pub fn file(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        let folder = path.parent().expect("it is in the home folder");
        std::fs::create_dir_all(folder).expect("the home folder can be written to");
        std::fs::write(path, text).expect("the home folder can be written to");
    }

    /// The folder, which is also the one that the program runs in.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Sets an environment variable for the program.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Runs `imgshare WORDS`. Nobody answers its questions.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn imgshare(&self, words: &[&str]) -> Run {
        let mut command = Command::new(variable("IMGSHARE_PROGRAM"));
        command.args(words).current_dir(self.path()).env_clear().stdin(Stdio::null());
        command.env("HOME", self.path()).env("IMGSHARE_STATE", self.path().join("state"));
        command.env("IMGSHARE_PLUGINS", variable("IMGSHARE_PLUGINS")).envs(&self.variables);
        let output = command.output().expect("the program can be started");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints UTF-8");
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// The writes that the audit record has, of all runs so far.
    pub fn writes(&self) -> usize {
        let record = std::fs::read_to_string(self.path().join("state/audit.jsonl")).unwrap_or_default();
        record.lines().filter(|line| line.contains("\"sending\"")).count()
    }
}

impl Run {
    /// Checks how it ended, and shows all that it said when that is wrong.
    ///
    /// # Panics
    ///
    /// When it ended otherwise.
    #[track_caller]
    pub fn ended_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// The document on stdout.
    ///
    /// # Panics
    ///
    /// When it is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in:\n{}\nstderr:\n{}", self.stdout, self.stderr))
    }

    /// All that it said, with single blanks: where lines break does not matter.
    pub fn said(&self) -> String {
        format!("{} {}", self.stdout, self.stderr).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The cloud's own client: a program that reads lines of calls and answers each with a line of results, both as JSON. It
/// takes long to start, and is ended when this is dropped, or with this process.
#[derive(Debug)]
pub struct ReferenceClient {
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    client: Child,
}

impl ReferenceClient {
    /// Starts the one whose command line the chore says in this variable, as a JSON array.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn start(name: &str) -> Self {
        let words: Vec<PathBuf> = serde_json::from_str(&variable(name)).expect("a JSON array of words");
        let (program, arguments) = words.split_first().expect("it names a program");
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut client = command.spawn().expect("the client can be started");
        let stdin = client.stdin.take().expect("asked for");
        let stdout = client.stdout.take().expect("asked for");
        Self { pipes: Mutex::new((stdin, BufReader::new(stdout))), client }
    }

    /// Makes these calls, one after another.
    ///
    /// # Panics
    ///
    /// When one of them fails.
    #[track_caller]
    pub fn call_all(&self, calls: &[Value]) -> Vec<Value> {
        let results = self.answers(calls);
        for (call, result) in calls.iter().zip(&results) {
            assert!(result.get("error").is_none(), "the client was refused {call}: {result}");
        }
        results
    }

    /// Makes one call.
    ///
    /// # Panics
    ///
    /// When it fails.
    #[track_caller]
    pub fn call(&self, call: Value) -> Value {
        self.call_all(&[call]).remove(0)
    }

    fn answers(&self, calls: &[Value]) -> Vec<Value> {
        let mut pipes = self.pipes.lock().expect("nobody fails here twice");
        writeln!(pipes.0, "{}", Value::from(calls)).expect("the client reads");
        let mut line = String::new();
        pipes.1.read_line(&mut line).expect("the client answers");
        serde_json::from_str(&line).expect("a result for each call; see above")
    }
}

impl Drop for ReferenceClient {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.client.kill();
        let _ = self.client.wait();
    }
}
