//! A relay before the simulated cloud: it tells of each call before the cloud gets it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::Sender;
use std::thread;

use serde_json::Value;

use crate::Heard;
use crate::record::Write;

/// A relay on loopback.
pub(crate) struct Relay {
    pub(crate) endpoint: String,
}

impl Relay {
    /// A relay before this address.
    pub(crate) fn before(cloud: &str, tell: Sender<Heard>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("it is bound"));
        let cloud = cloud.to_owned();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(cloud) = TcpStream::connect(&cloud) else { break };
                relay(client, cloud, tell.clone());
            }
        });
        Self { endpoint }
    }
}

fn relay(client: TcpStream, cloud: TcpStream, tell: Sender<Heard>) {
    for stream in [&client, &cloud] {
        stream.set_nodelay(true).expect("a socket has this option");
    }
    let twin = |stream: &TcpStream| stream.try_clone().expect("a socket has twins");
    let (to_client, from_cloud) = (twin(&client), twin(&cloud));
    let mut requests = Requests::default();
    thread::spawn(move || {
        pass(client, cloud, |bytes| {
            for call in requests.take(bytes) {
                let _: Result<(), _> = tell.send(Heard::Call(call));
            }
        });
    });
    thread::spawn(move || pass(from_cloud, to_client, |_| {}));
}

/// Passes bytes on until either side ends, after `meet` has met them.
fn pass(mut from: TcpStream, mut to: TcpStream, mut meet: impl FnMut(&[u8])) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        meet(&bytes[..length]);
        if to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    for stream in [from, to] {
        let _: Result<(), _> = stream.shutdown(Shutdown::Both);
    }
}

/// What has come of a connection's next request.
#[derive(Default)]
struct Requests {
    bytes: Vec<u8>,
}

impl Requests {
    /// The requests that are whole with these bytes; of each the write that it is, if it is one.
    fn take(&mut self, bytes: &[u8]) -> Vec<Option<Write>> {
        self.bytes.extend(bytes);
        std::iter::from_fn(|| self.next()).collect()
    }

    fn next(&mut self) -> Option<Option<Write>> {
        const END: &[u8] = b"\r\n\r\n";
        let body = self.bytes.windows(END.len()).position(|window| window == END)? + END.len();
        let head = String::from_utf8_lossy(&self.bytes[..body]).to_lowercase();
        let length: usize = header(&head, "content-length").parse().expect("a request says its length");
        let request = self.bytes.get(..body + length)?;
        let is_write = header(&head, "x-tc-action") == "modifyimagesharepermission";
        let write = is_write.then(|| write(&request[body..]));
        self.bytes.drain(..body + length);
        Some(write)
    }
}

fn header<'h>(head: &'h str, name: &str) -> &'h str {
    let mut values = head.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    values.next_back().unwrap_or_else(|| panic!("no {name} in {head}"))
}

fn write(body: &[u8]) -> Write {
    let body: Value = serde_json::from_slice(body).expect("this cloud's requests are JSON");
    let accounts = serde_json::from_value(body["AccountIds"].clone()).expect("a list of accounts");
    let image = body["ImageId"].as_str().expect("an image").to_owned();
    Write { image, accounts, adds: body["Permission"] == "SHARE" }
}
