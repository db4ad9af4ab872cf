//! The servers of one folder: a process that starts them, and ends them when its standard input is closed.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use serde::Deserialize;

use super::environment::Python;
use super::folder::Folder;
use crate::failure::{Failure, Result};

/// How long they may take until they answer. They say themselves much earlier what is wrong; this is for one that hangs.
const START_MAX: Duration = Duration::from_secs(240);

/// The process and what it has printed. It ends with this value; when this process is killed, its standard input is
/// closed too.
#[derive(Debug)]
pub(super) struct Server {
    plugin: String,
    process: Child,
    line: Mutex<Receiver<String>>,
}

/// What it prints when all answer.
#[derive(Debug, Deserialize)]
struct Ready {
    env: BTreeMap<String, String>,
}

impl Server {
    /// Starts it with a folder of its own below `work`. Comes back before anything answers.
    pub(super) fn start(python: &Python, folder: &Folder, work: &Path) -> Result<Self> {
        let own = work.join(&folder.plugin);
        std::fs::create_dir(&own).map_err(|error| Failure::at(&own, "make", error))?;
        eprintln!("starting the servers of {} (what they say is in {})", folder.plugin, own.display());
        let mut command = Command::new(&python.program);
        command.arg(&folder.serve).arg(&own).stdin(Stdio::piped()).stdout(Stdio::piped());
        // Byte code would be put into the repository.
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        let mut process = command.spawn().map_err(|error| Failure::at(&python.program, "start", error))?;
        let line = Mutex::new(first_line(process.stdout.take().expect("it was asked for")));
        Ok(Self { plugin: folder.plugin.clone(), process, line })
    }

    /// Waits until they answer. What the tests need to know of them.
    pub(super) fn variables(&self) -> Result<BTreeMap<String, String>> {
        let line = self.line.lock().expect("nobody panics with it").recv_timeout(START_MAX);
        let plugin = &self.plugin;
        match line {
            Ok(line) => ready(&line).ok_or_else(|| {
                Failure::new(format!("serve.py of {plugin} prints {line:?} instead of its variables"))
            }),
            Err(RecvTimeoutError::Timeout) => Err(Failure::new(format!(
                "the servers of {plugin} do not answer within {} s",
                START_MAX.as_secs()
            ))),
            Err(RecvTimeoutError::Disconnected) => {
                Err(Failure::new(format!("the servers of {plugin} could not be started; see above")))
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The first line that comes. The rest is read too, so that nobody is kept from printing.
fn first_line(stdout: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        if stdout.read_line(&mut line).is_ok_and(|read| read > 0) {
            let _ = sender.send(line);
        }
        let _ = stdout.read_to_end(&mut Vec::new());
    });
    receiver
}

fn ready(line: &str) -> Option<BTreeMap<String, String>> {
    Some(serde_json::from_str::<Ready>(line).ok()?.env)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_are_told_what_the_ready_line_says() {
        let variables =
            ready("{\"env\": {\"ACME_URL\": \"http://127.0.0.1:4711\"}}\n").expect("a ready line");
        assert_eq!(variables["ACME_URL"], "http://127.0.0.1:4711");
        assert_eq!(ready("listening on 4711\n"), None);
    }

    /// The shell stands for `serve.py`.
    #[cfg(unix)]
    fn serving(script: &str) -> (tempfile::TempDir, Result<Server>) {
        let work = tempfile::tempdir().expect("a temporary folder can be made");
        let serve = work.path().join("serve.py");
        std::fs::write(&serve, script).expect("it can be written");
        let folder = Folder { plugin: "acme".into(), requirements: "unused".into(), serve };
        let server = Server::start(&Python::unchecked("sh"), &folder, work.path());
        (work, server)
    }

    #[cfg(unix)]
    #[test]
    fn servers_end_by_themselves_when_nobody_needs_them_any_more() {
        let (work, server) = serving("echo '{\"env\": {}}'\nread nothing\necho ended > $1/end\n");
        let server = server.expect("a shell can be started");
        assert_eq!(server.variables().expect("they answer"), BTreeMap::new());
        let end = work.path().join("acme/end");
        assert!(!end.exists(), "they run until they are told");
        drop(server);
        assert!(end.exists(), "they were not killed");
    }

    #[cfg(unix)]
    #[test]
    fn servers_that_do_not_start_are_no_reason_to_wait() {
        let (_work, server) = serving("exit 1\n");
        let error = server.expect("a shell can be started").variables().expect_err("nothing answers");
        assert!(matches!(error, Failure::Sentence(sentence) if sentence.contains("could not be started")));
    }
}
