//! A gate before the simulator: lets everything through, and holds the answers to writes until it is opened.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// The header by which a write is known.
const WRITE: &[u8] = b"ModifyImageSharePermission";

/// A gate on loopback.
pub(crate) struct Gate {
    pub(crate) endpoint: String,
    /// Hears of each write that has come.
    pub(crate) writes: Receiver<()>,
    door: Arc<Door>,
}

#[derive(Default)]
struct Door {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    /// A closed gate before this endpoint.
    pub(crate) fn before(endpoint: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let cloud = endpoint.trim_start_matches("http://").to_owned();
        let (tell, writes) = channel();
        let door = Arc::new(Door::default());
        let of_thread = Arc::clone(&door);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let cloud = TcpStream::connect(&cloud).expect("the simulator listens");
                relay(client, cloud, &tell, &of_thread);
            }
        });
        Self { endpoint: format!("http://{address}"), writes, door }
    }

    /// Lets the answers through, from now on.
    pub(crate) fn open(&self) {
        *self.door.open.lock().expect("nobody panics with it") = true;
        self.door.opened.notify_all();
    }
}

fn relay(client: TcpStream, cloud: TcpStream, tell: &Sender<()>, door: &Arc<Door>) {
    let twins =
        (client.try_clone().expect("a socket has twins"), cloud.try_clone().expect("a socket has twins"));
    let (tell, door) = (tell.clone(), Arc::clone(door));
    let wrote = Arc::new(Mutex::new(false));
    let has_written = Arc::clone(&wrote);
    thread::spawn(move || {
        pass(client, cloud, |bytes| {
            if bytes.windows(WRITE.len()).any(|window| window == WRITE) {
                *wrote.lock().expect("nobody panics with it") = true;
                let _: Result<(), _> = tell.send(());
            }
        });
    });
    thread::spawn(move || {
        pass(twins.1, twins.0, |_| {
            if *has_written.lock().expect("nobody panics with it") {
                let open = door.open.lock().expect("nobody panics with it");
                drop(door.opened.wait_while(open, |open| !*open));
            }
        });
    });
}

/// Passes bytes on until either side ends, after `meet` has met them.
fn pass(mut from: TcpStream, mut to: TcpStream, meet: impl Fn(&[u8])) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        meet(&bytes[..length]);
        if to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    let _: Result<(), _> = to.shutdown(Shutdown::Both);
}
