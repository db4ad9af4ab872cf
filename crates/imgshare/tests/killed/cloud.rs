//! The simulator in a process of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// `imgshare simulator`, until it is dropped.
pub(crate) struct CloudProcess {
    process: Child,
    /// Its host and port.
    pub(crate) address: String,
}

impl CloudProcess {
    /// Starts it with this scenario, written into this folder.
    pub(crate) fn start(folder: &Path, scenario: &Value) -> Self {
        let file = folder.join("scenario.json");
        std::fs::write(&file, scenario.to_string()).expect("the folder can be written to");
        let mut process = Command::new(env!("CARGO_BIN_EXE_imgshare"))
            .args(["simulator", "--listen", "127.0.0.1:0", "--scenario"])
            .arg(file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary can be started");
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let line = lines.next().expect("it says where it listens").expect("text");
        let address = line.strip_prefix("tencent http://").expect("the scenario has this cloud").to_owned();
        Self { process, address }
    }

    /// From now on everything goes well.
    pub(crate) fn disarm_faults(&self) {
        assert_eq!(self.ask("POST", "disarm-faults")["ok"], true);
    }

    /// The images, with their names and who has them.
    pub(crate) fn images(&self) -> Vec<Value> {
        let state = self.state();
        let owners = children(&state["owners"]);
        let regions = owners.flat_map(|owner| children(&owner["regions"]));
        regions.flat_map(|region| children(&region["images"])).cloned().collect()
    }

    /// How many writes it has got.
    pub(crate) fn writes(&self) -> usize {
        let state = self.state();
        let calls = children(&state["calls"]["ModifyImageSharePermission"]);
        let calls: u64 = calls.filter_map(|counts| counts["calls"].as_u64()).sum();
        usize::try_from(calls).expect("not so many")
    }

    fn state(&self) -> Value {
        self.ask("GET", "state")["clouds"]["tencent"].take()
    }

    /// Asks at the back door.
    fn ask(&self, method: &str, what: &str) -> Value {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let head = format!("{method} /_simulator/{what} HTTP/1.1\r\nhost: {}\r\n", self.address);
        let request = head + "connection: close\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers in JSON");
        let (_, body) = answer.split_once("\r\n\r\n").expect("an answer has a head and a body");
        serde_json::from_str(body).expect("JSON")
    }
}

impl Drop for CloudProcess {
    fn drop(&mut self) {
        let _: std::io::Result<()> = self.process.kill();
        let _: std::io::Result<_> = self.process.wait();
    }
}

fn children(object: &Value) -> impl Iterator<Item = &Value> {
    object.as_object().into_iter().flat_map(|object| object.values())
}
