//! Listens to what a plugin logs.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Metadata, Subscriber};

/// Runs `body`; also gives every text that was logged meanwhile on this thread, at any level.
pub(super) fn listening<T>(body: impl FnOnce() -> T) -> (T, String) {
    let texts = Arc::new(Mutex::new(String::new()));
    let dispatch = Dispatch::new(Ear { texts: texts.clone() });
    let result = tracing::dispatcher::with_default(&dispatch, body);
    let heard = std::mem::take(&mut *texts.lock().unwrap_or_else(PoisonError::into_inner));
    (result, heard)
}

struct Ear {
    texts: Arc<Mutex<String>>,
}

impl Ear {
    fn hear(&self, record: impl FnOnce(&mut Words<'_>)) {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        record(&mut Words(&mut texts));
        texts.push('\n');
    }
}

impl Subscriber for Ear {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.hear(|words| span.record(words));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.hear(|words| values.record(words));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.hear(|words| event.record(words));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Words<'a>(&'a mut String);

impl Visit for Words<'_> {
    fn record_str(&mut self, _: &Field, value: &str) {
        self.0.push_str(value);
        self.0.push(' ');
    }

    fn record_debug(&mut self, _: &Field, value: &dyn fmt::Debug) {
        // Writing to a string does not fail.
        let _ = write!(self.0, "{value:?} ");
    }
}
