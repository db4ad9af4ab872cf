//! Asking a run to stop.

use imgshare_protocol::{Error, ErrorKind};
use tokio::sync::watch;

/// Why something was not read.
const STOPPED: &str = "not read, because the run was stopped";

/// Asks a run to stop: what is in flight is finished and reported, nothing new is begun.
#[derive(Clone, Debug)]
pub struct Stop(watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Stop {
    /// Asks for it.
    pub fn request(&self) {
        self.0.send_replace(true);
    }

    /// Whether somebody asked.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when somebody asks.
    pub async fn requested(&self) {
        // Cannot fail: the sender is in our own hands.
        let _ = self.0.subscribe().wait_for(|asked| *asked).await;
    }

    /// What `work` comes to, unless somebody asks to stop before: then it is dropped. For work that may be dropped.
    pub(crate) async fn unless_requested<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.requested() => None,
            done = work => Some(done),
        }
    }
}

/// The error of what was still to be read when a run was asked to stop.
pub(crate) fn unread() -> Error {
    Error::new(ErrorKind::Unexpected, STOPPED).with_hint("run again")
}

/// Whether something was not read for no other reason than that the run was asked to stop.
pub fn was_stopped(error: &Error) -> bool {
    error.kind == ErrorKind::Unexpected && error.message == STOPPED
}
