//! What a provider can ask of the host while an operation runs.

use std::future::Future;
use std::pin::Pin;
use std::task::{self, Poll};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::exchange::Desk;
use crate::kept::Kept;
use crate::signing::{hex, sha256};
use crate::{
    Error, ErrorKind, Made, OnceAnswer, Reply, Request, RequestHead, Response, Result, Secret, Timestamp,
    Want,
};

/// The host, as seen by one operation. What it answers is all that a provider knows of the world, so the same answers
/// give the same requests.
pub struct Context {
    desk: Desk,
    kept: Kept,
}

impl Context {
    pub(crate) fn new(desk: Desk, kept: Kept) -> Self {
        Self { desk, kept }
    }

    /// The time, as of the last answer.
    pub fn now(&self) -> Timestamp {
        self.desk.lock().now
    }

    /// Random text, another one with every call: 32 hexadecimal digits.
    pub fn nonce(&self) -> String {
        let mut papers = self.desk.lock();
        papers.nonces_made += 1;
        let seed = format!("{}/{}", papers.nonce, papers.nonces_made);
        hex(&sha256(seed)[..16])
    }

    /// Takes a text into custody: the host keeps it out of every output from now on.
    pub fn secret(&self, text: impl Into<String>) -> Secret {
        let secret = Secret::new(text);
        self.desk.lock().secret(secret.expose());
        secret
    }

    /// Sends a request once. Several can be on their way at a time: see [`crate::join_all`].
    ///
    /// A response of any status is a response. To have a call tried again when the cloud is busy, use
    /// [`Context::call`].
    ///
    /// # Errors
    ///
    /// `Unavailable` when no whole response came: no connection, a time-out, a body that is cut off or too long.
    pub async fn send(&self, request: Request) -> Result<Response> {
        self.send_numbered(request).await.1
    }

    /// Sends a request and reads the answer, again and again as long as `read` says that the failure may pass
    /// (`RateLimited`, `Unavailable`) and the host finds another try right. `prepare` is called for each try, so that
    /// each is signed with its own time.
    ///
    /// The host waits, obeying [`Error::retry_after_ms`], and bounds the tries. It never repeats what the cloud may
    /// have done, unless the request is [idempotent](Request::idempotent).
    ///
    /// # Errors
    ///
    /// The last error of `prepare`, `send` or `read`.
    pub async fn call<T>(
        &self,
        mut prepare: impl FnMut(&Self) -> Result<Request> + Send,
        mut read: impl FnMut(&Response) -> Result<T> + Send,
    ) -> Result<T> {
        let mut sends = 0;
        loop {
            sends += 1;
            let (send, response) = self.send_numbered(prepare(self)?).await;
            let error = match response.and_then(|response| read(&response)) {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            if !error.kind.may_pass() || !self.may_retry(send, sends, &error).await? {
                return Err(error);
            }
        }
    }

    /// Waits; the host may cut the wait short only by ending the operation.
    ///
    /// # Errors
    ///
    /// When the host cannot wait.
    pub async fn sleep_ms(&self, duration_ms: u64) -> Result<()> {
        match self.ask(Want::Sleep { duration_ms }).await {
            Reply::Slept => Ok(()),
            other => Err(unfit(other)),
        }
    }

    /// The value of an environment variable. `None`: not set, or empty.
    ///
    /// # Errors
    ///
    /// When the host does not tell.
    pub async fn env(&self, name: &str) -> Result<Option<String>> {
        match self.ask(Want::Env { name: name.to_owned() }).await {
            Reply::Env { value } => Ok(value.filter(|value| !value.is_empty())),
            other => Err(unfit(other)),
        }
    }

    /// The content of a file; a leading `~/` is the user's home folder. `None`: there is no such file.
    ///
    /// # Errors
    ///
    /// When it is there and cannot be read, is no regular file or is longer than a MiB.
    pub async fn read_file(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let (reply, bytes) = self.waiting(Want::ReadFile { path: path.to_owned() }, &[]).await;
        match reply {
            Reply::File { content } => Ok(content.map(|_| bytes)),
            other => Err(unfit(other)),
        }
    }

    /// What a program prints on its standard output. Only for programs that the user's own cloud tools name as the
    /// keeper of keys; a shell is not involved.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when it cannot be started, fails, or does not end in time.
    pub async fn run_command(&self, words: &[String]) -> Result<Vec<u8>> {
        let (reply, bytes) = self.waiting(Want::RunCommand { words: words.to_vec() }, &[]).await;
        match reply {
            Reply::Output { .. } => Ok(bytes),
            other => Err(unfit(other)),
        }
    }

    /// A value that several operations of this cloud need once: a login, a role's temporary key. The host lets one
    /// operation make it and holds the others until it is there, failed or `fresh_until` has passed.
    ///
    /// # Errors
    ///
    /// Those of `make`, here and in all operations that waited for it.
    pub async fn once<T, F>(&self, key: &str, make: impl FnOnce() -> F + Send) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send,
        F: Future<Output = Result<(T, Option<Timestamp>)>> + Send,
    {
        if let Some(text) = self.kept.get(key, self.now()) {
            return serde_json::from_str(&text).map_err(not_our_own);
        }
        self.once_unless(key, None, make).await
    }

    /// The same, after a value that [`Context::once`] gave was found to be no good, though it seemed fresh: a token that
    /// the cloud refuses. It is made anew, unless another operation has renewed it meanwhile: then that one is given.
    ///
    /// # Errors
    ///
    /// As [`Context::once`].
    pub async fn once_renewed<T, F>(
        &self,
        key: &str,
        refused: &T,
        make: impl FnOnce() -> F + Send,
    ) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + Sync,
        F: Future<Output = Result<(T, Option<Timestamp>)>> + Send,
    {
        let refused = serde_json::to_string(refused).map_err(not_our_own)?;
        self.kept.forget(key, &refused);
        self.once_unless(key, Some(hex(&sha256(refused))), make).await
    }

    async fn once_unless<T, F>(
        &self,
        key: &str,
        refused: Option<String>,
        make: impl FnOnce() -> F + Send,
    ) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send,
        F: Future<Output = Result<(T, Option<Timestamp>)>> + Send,
    {
        let asked = self.waiting(Want::Once { key: key.to_owned(), refused }, &[]);
        let id = asked.id;
        match asked.await.0 {
            Reply::Once(OnceAnswer::Value { text }) => serde_json::from_str(&text).map_err(not_our_own),
            Reply::Once(OnceAnswer::Failed { error }) => Err(error),
            Reply::Once(OnceAnswer::Make) => {
                let duty = Duty { desk: self.desk.clone(), id, done: false };
                let made = self.make_once(key, make()).await;
                duty.done();
                made
            }
            other => Err(unfit(other)),
        }
    }

    async fn make_once<T: Serialize + Send>(
        &self,
        key: &str,
        make: impl Future<Output = Result<(T, Option<Timestamp>)>> + Send,
    ) -> Result<T> {
        let made = make.await;
        let note = match &made {
            Ok((value, fresh_until)) => Made::Value {
                text: serde_json::to_string(value).map_err(not_our_own)?,
                fresh_until: *fresh_until,
            },
            Err(error) => Made::Failed { error: error.clone() },
        };
        if let Made::Value { text, fresh_until } = &note {
            self.kept.put(key, text, *fresh_until);
        }
        self.ask(Want::OnceMade { key: key.to_owned(), made: note }).await;
        made.map(|(value, _)| value)
    }

    async fn send_numbered(&self, request: Request) -> (u32, Result<Response>) {
        let Request { method, url, headers, body, idempotent, action, timeout_ms } = request;
        let head = RequestHead {
            method: method.to_owned(),
            url,
            headers,
            idempotent,
            action,
            timeout_ms,
            ..Default::default()
        };
        let waiting = self.waiting(Want::Send(head), &body);
        let id = waiting.id;
        let response = match waiting.await {
            (Reply::Response(head), body) => {
                Ok(Response { status: head.status, headers: head.headers, body })
            }
            (Reply::SendFailed { error }, _) => Err(error),
            (other, _) => Err(unfit(other)),
        };
        (id, response)
    }

    async fn may_retry(&self, send: u32, sends: u32, error: &Error) -> Result<bool> {
        match self.ask(Want::Retry { send, sends, error: error.clone() }).await {
            Reply::Retry { go } => Ok(go),
            other => Err(unfit(other)),
        }
    }

    async fn ask(&self, want: Want) -> Reply {
        self.waiting(want, &[]).await.0
    }

    fn waiting(&self, want: Want, body: &[u8]) -> Waiting {
        Waiting { id: self.desk.lock().ask(want, body), desk: self.desk.clone(), over: false }
    }
}

/// Waits for the answer to one ask; dropped before that, it tells the host to forget it.
struct Waiting {
    desk: Desk,
    id: u32,
    over: bool,
}

impl Future for Waiting {
    type Output = (Reply, Vec<u8>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let reply = self.desk.lock().reply(self.id, cx.waker());
        self.over = reply.is_ready();
        reply
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.over {
            self.desk.lock().abandon(self.id);
        }
    }
}

/// The duty to make a value that others wait for; dropped before that, it tells the host that somebody else must.
struct Duty {
    desk: Desk,
    id: u32,
    done: bool,
}

impl Duty {
    fn done(mut self) {
        self.done = true;
    }
}

impl Drop for Duty {
    fn drop(&mut self) {
        if !self.done {
            self.desk.lock().give_up(self.id);
        }
    }
}

fn unfit(reply: Reply) -> Error {
    match reply {
        Reply::Failed { error } => error,
        _ => Error::new(ErrorKind::Unsupported, "the host answered in a way that this plugin does not know")
            .with_hint("update the plugin"),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err wants")]
fn not_our_own(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::Malformed, format!("a shared value has not the form that it was made in: {error}"))
}
