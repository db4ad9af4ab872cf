//! Handles are numbers in a table: a wrong one is an error, never a wild pointer.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use imgshare_abi::Handle;

use crate::exchange::Exchange;
use crate::kept::Kept;
use crate::{Error, ErrorKind, Result};

static TABLE: LazyLock<Mutex<Table>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Table {
    last: u64,
    /// By the handle's number. There are few at a time: finding one in a tree takes less than hashing it.
    open: BTreeMap<u64, Opened>,
}

#[derive(Clone)]
pub(crate) enum Opened {
    Provider(Arc<dyn Any + Send + Sync>, Kept),
    Exchange(Arc<Mutex<Exchange>>),
}

pub(crate) fn put(opened: Opened) -> Handle {
    with(|table| {
        table.last += 1;
        let handle = Handle(table.last);
        table.open.insert(handle.0, opened);
        handle
    })
}

pub(crate) fn provider<P: Send + Sync + 'static>(handle: Handle) -> Result<(Arc<P>, Kept)> {
    match find(handle) {
        Some(Opened::Provider(provider, kept)) => {
            Ok((provider.downcast().map_err(|_| unknown("provider"))?, kept))
        }
        _ => Err(unknown("provider")),
    }
}

pub(crate) fn exchange(handle: Handle) -> Result<Arc<Mutex<Exchange>>> {
    match find(handle) {
        Some(Opened::Exchange(exchange)) => Ok(exchange),
        _ => Err(unknown("exchange")),
    }
}

/// Takes it out; it is dropped by the caller, outside the table's lock, since that runs the author's code.
pub(crate) fn take(handle: Handle) -> Result<Opened> {
    with(|table| table.open.remove(&handle.0)).ok_or_else(|| unknown("handle"))
}

fn find(handle: Handle) -> Option<Opened> {
    with(|table| table.open.get(&handle.0).cloned())
}

fn with<T>(body: impl FnOnce(&mut Table) -> T) -> T {
    body(&mut TABLE.lock().unwrap_or_else(PoisonError::into_inner))
}

fn unknown(what: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("the host named a {what} that is not open"))
}
