//! A cloud on loopback as small as the provider that `providers new` writes: one image, its accounts, no signatures.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

const IMAGES: &str = r#"[{"id": "img-1", "name": "golden-1", "state": "available"}]"#;

type Accounts = Arc<Mutex<BTreeSet<String>>>;

/// The cloud; it serves until the test's process ends.
pub(crate) struct TinyCloud {
    pub(crate) endpoint: String,
    accounts: Accounts,
}

impl TinyCloud {
    pub(crate) fn serve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("it is bound"));
        let accounts = Accounts::default();
        let of_thread = Arc::clone(&accounts);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                answer(client, &of_thread);
            }
        });
        Self { endpoint, accounts }
    }

    /// Who has the image.
    pub(crate) fn accounts(&self) -> Vec<String> {
        self.accounts.lock().expect("nobody panics with it").iter().cloned().collect()
    }
}

fn answer(client: TcpStream, accounts: &Accounts) {
    let mut client = BufReader::new(client);
    let Some((line, body)) = request(&mut client) else { return };
    let answer = match line.split(' ').collect::<Vec<_>>()[..] {
        ["GET", "/north/images", _] => IMAGES.to_owned(),
        ["GET", "/north/images/img-1/accounts", _] => list(accounts),
        ["PUT", "/north/images/img-1/accounts", _] => change(accounts, &body),
        _ => panic!("the tiny cloud was asked: {line}"),
    };
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", answer.len());
    // Whoever hangs up has what it wanted.
    let _: std::io::Result<()> = client.get_mut().write_all((head + &answer).as_bytes());
}

/// The first line and the body.
fn request(client: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let head: Vec<String> =
        client.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let length =
        head.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    client.read_exact(&mut body).ok()?;
    Some((head.first()?.clone(), String::from_utf8(body).ok()?))
}

fn list(accounts: &Accounts) -> String {
    serde_json::to_string(&*accounts.lock().expect("nobody panics with it")).expect("texts are JSON")
}

fn change(accounts: &Accounts, body: &str) -> String {
    let mut accounts = accounts.lock().expect("nobody panics with it");
    for (action, account) in body.split('&').filter_map(|pair| pair.split_once('=')) {
        match action {
            "add" => accounts.insert(account.to_owned()),
            _ => accounts.remove(account),
        };
    }
    String::new()
}
