//! The simulated cloud, in a process of its own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::failure::{Failure, Result};

/// A running simulator; it ends with this.
#[derive(Debug)]
pub(super) struct Simulator {
    process: Child,
    /// Kept open, since a simulator whose listener is gone could end.
    _stdout: BufReader<ChildStdout>,
    provider: String,
    /// Where the provider's cloud is: `http://HOST:PORT`.
    pub(super) endpoint: String,
}

/// What a simulated cloud says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The ids of the images of each region.
    pub(super) images: BTreeMap<String, Vec<String>>,
    /// Calls since the start or the last reset.
    pub(super) calls: u64,
    /// Those of them that were refused.
    pub(super) refused: u64,
}

impl Simulator {
    /// Starts one in a folder, with the cloud of this provider.
    pub(super) fn start(program: &Path, scenario: &Value, provider: &str, folder: &Path) -> Result<Self> {
        let file = folder.join("scenario.json");
        std::fs::write(&file, scenario.to_string()).map_err(|error| Failure::at(&file, "write", error))?;
        let said = folder.join("simulator");
        let stderr = File::create(&said).map_err(|error| Failure::at(&said, "write", error))?;
        let mut command = Command::new(program);
        command.args(["simulator", "--listen", "127.0.0.1:0", "--scenario"]).arg(&file);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr);
        let mut process = command.spawn().map_err(|error| Failure::at(program, "start", error))?;
        let mut stdout = BufReader::new(process.stdout.take().expect("it was asked for"));
        let Some(endpoint) = endpoint(&mut stdout, provider) else {
            // It has ended or makes no sense; either way there is nothing more to wait for.
            let _ = process.kill();
            let _ = process.wait();
            let said = std::fs::read_to_string(&said).unwrap_or_default();
            return Err(Failure::new(format!("the simulator serves no {provider}: {}", said.trim_end())));
        };
        Ok(Self { process, _stdout: stdout, provider: provider.to_owned(), endpoint })
    }

    /// What the cloud says of itself.
    pub(super) fn state(&self) -> Result<State> {
        let text = self.admin("GET", "state")?;
        let state: Option<Value> = serde_json::from_str(&text).ok();
        let state = state.and_then(|state| read(&state["clouds"][&self.provider]));
        state
            .ok_or_else(|| Failure::new("cannot understand the simulator's state; look at docs/simulator.md"))
    }

    /// Forgets the calls, and that any of them counted against a quota.
    pub(super) fn reset_counters(&self) -> Result<()> {
        self.admin("POST", "reset-counters").map(drop)
    }

    fn admin(&self, method: &str, name: &str) -> Result<String> {
        let host = self.endpoint.trim_start_matches("http://");
        let asked = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(host)?;
            // Version 1.0: the answer comes in one piece and ends with the connection.
            write!(
                stream,
                "{method} /_simulator/{name} HTTP/1.0\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n"
            )?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        let answer =
            asked().map_err(|error| Failure::new(format!("cannot ask the simulator for {name}: {error}")))?;
        let body = body(&answer).map(str::to_owned);
        body.ok_or_else(|| {
            let status = answer.lines().next().unwrap_or("nothing");
            Failure::new(format!("the simulator answers {name} with {status}"))
        })
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // A simulator that has ended already is ended too.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The address in the line of this cloud.
fn endpoint(stdout: &mut impl BufRead, provider: &str) -> Option<String> {
    let mut line = String::new();
    while stdout.read_line(&mut line).ok()? > 0 {
        if let Some((cloud, endpoint)) = line.trim().split_once(' ')
            && cloud == provider
        {
            return Some(endpoint.to_owned());
        }
        line.clear();
    }
    None
}

/// The body of an answer with status 200.
fn body(answer: &str) -> Option<&str> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?;
    (status == "200").then_some(body)
}

fn read(cloud: &Value) -> Option<State> {
    let mut state = State::default();
    for (region, of) in regions(cloud)? {
        let ids = of["images"].as_object()?.keys().cloned();
        state.images.entry(region.clone()).or_default().extend(ids);
    }
    for counts in cloud["calls"].as_object()?.values().filter_map(Value::as_object).flat_map(|of| of.values())
    {
        state.calls += counts["calls"].as_u64()?;
        state.refused += counts["refused"].as_object()?.values().filter_map(Value::as_u64).sum::<u64>();
    }
    Some(state)
}

fn regions(cloud: &Value) -> Option<impl Iterator<Item = (&String, &Value)>> {
    let owners = cloud["owners"].as_object()?.values();
    Some(owners.filter_map(|owner| owner["regions"].as_object()).flatten())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn calls_and_refusals_are_summed_over_actions_and_regions() {
        let cloud = json!({
            "owners": { "1": { "regions": {
                "north": { "images": { "img-a": {}, "img-b": {} } },
                "south": { "images": {} },
            } } },
            "calls": {
                "List": { "north": { "calls": 3, "done": 3, "refused": {} } },
                "Read": {
                    "north": { "calls": 9, "done": 6, "refused": { "TooFast": 2, "Denied": 1 } },
                    "south": { "calls": 1, "done": 1, "refused": {} },
                },
            },
        });
        let images = [
            ("north".to_owned(), vec!["img-a".to_owned(), "img-b".to_owned()]),
            ("south".to_owned(), vec![]),
        ];
        assert_eq!(read(&cloud), Some(State { images: images.into(), calls: 13, refused: 3 }));
        assert_eq!(read(&Value::Null), None);
    }

    #[test]
    fn a_cloud_is_found_by_its_name_in_what_the_simulator_prints() {
        let find = |provider| {
            endpoint(&mut "acme http://127.0.0.1:7\nother http://127.0.0.1:8\n".as_bytes(), provider)
        };
        assert_eq!(find("other").as_deref(), Some("http://127.0.0.1:8"));
        assert_eq!(find("missing"), None);
    }

    #[test]
    fn only_a_good_answer_has_a_body() {
        assert_eq!(body("HTTP/1.0 200 OK\r\na: b\r\n\r\n{}"), Some("{}"));
        assert_eq!(body("HTTP/1.0 404 Not Found\r\n\r\n{}"), None);
        assert_eq!(body(""), None);
    }
}
