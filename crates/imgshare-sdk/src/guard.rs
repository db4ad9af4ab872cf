//! One guard around every exported function: a panic becomes an error that names the source line.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

use crate::{Error, ErrorKind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static LAST_PANIC: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

struct Panic {
    message: String,
    place: String,
}

/// Runs `body`; a panic in it comes back as an error of kind `Panicked`.
pub(crate) fn guarded<T>(body: impl FnOnce() -> T) -> Result<T, Error> {
    catch_panics_of_this_library();
    let outer = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(body));
    GUARDED.set(outer);
    result.map_err(|payload| {
        // What was thrown may panic again when it is dropped; forgetting it costs a few bytes.
        std::mem::forget(payload);
        error_of(LAST_PANIC.take())
    })
}

/// A plugin has a standard library of its own, and so a panic hook of its own: setting it here does not touch the
/// host's. Only the hook is told the source line, and without it each panic would write to the host's stderr.
fn catch_panics_of_this_library() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| if GUARDED.get() { remember(info) } else { before(info) }));
    });
}

fn remember(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("a panic without a text").to_owned();
    let place = info.location().map_or_else(|| "an unknown line".to_owned(), ToString::to_string);
    LAST_PANIC.set(Some(Panic { message, place }));
}

fn error_of(panic: Option<Panic>) -> Error {
    let panic = panic.unwrap_or_else(|| Panic { message: "unknown".into(), place: "an unknown line".into() });
    Error::new(ErrorKind::Panicked, format!("{} at {}", panic.message, panic.place))
        .with_hint("report this to the plugin's author")
        .with_context("source", panic.place)
}
