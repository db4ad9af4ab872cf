//! Ctrl-C, and the signal by which CI systems end a job.

use std::cell::Cell;
use std::future::Future;

use imgshare_engine::Stop;

use crate::out;

/// The exit code of an interrupted run.
pub(crate) const INTERRUPTED: u8 = 130;

/// Runs `work`, which only reads or asks. `None`: it was interrupted, and that has been said.
pub(crate) async fn unless_interrupted<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        done = work => Some(done),
        () = interrupt() => {
            out::talk("\n");
            say_nothing_was_changed();
            None
        }
    }
}

/// Says so of an interrupted run.
pub(crate) fn say_nothing_was_changed() {
    out::talk("interrupted; nothing was changed\n");
}

/// Runs `work`, which writes. Interrupted once, it is asked to stop and may finish what is in flight; interrupted
/// twice, the process ends. With the result comes whether it was interrupted.
pub(crate) async fn stopping<T>(stop: &Stop, work: impl Future<Output = T>) -> (T, bool) {
    let interrupted = Cell::new(false);
    let watch = async {
        interrupt().await;
        interrupted.set(true);
        stop.request();
        out::talk("stopping: what is in flight is finished and reported; interrupt again to leave at once\n");
        interrupt().await;
        std::process::exit(i32::from(INTERRUPTED));
    };
    tokio::select! {
        done = work => (done, interrupted.get()),
        () = watch => unreachable!("the second interrupt ends the process"),
    }
}

#[cfg(unix)]
async fn interrupt() {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
        (Ok(mut interrupt), Ok(mut terminate)) => {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        // Without a handler the system's own reaction stays: the process ends.
        _ => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

/// Waits for the first interrupt.
pub(crate) async fn until_interrupted() {
    interrupt().await;
}
