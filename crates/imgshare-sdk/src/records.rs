//! Collects what a plugin logs with `tracing`, to be handed over with each step.
//!
//! The plugin has a `tracing` of its own, so its global subscriber is ours to set; records go to the thread that runs
//! the exported function, since a plugin has no other.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::{Level, LogRecord};

thread_local! {
    static LEVEL: Cell<Level> = const { Cell::new(Level::Off) };
    static RECORDS: RefCell<Vec<LogRecord>> = const { RefCell::new(Vec::new()) };
    static ENTERED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Runs `body`, collecting what it logs at this level or a less talkative one.
pub(crate) fn collecting<T>(level: Level, body: impl FnOnce() -> T) -> (T, Vec<LogRecord>) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // In a plugin's own tests somebody else may have set one: then that one gets the records.
        let _ = tracing::subscriber::set_global_default(Collector::default());
    });
    LEVEL.set(level);
    let result = body();
    ENTERED.take();
    (result, RECORDS.take())
}

#[derive(Default)]
struct Collector {
    last_id: AtomicU64,
    spans: Mutex<HashMap<u64, Span>>,
}

struct Span {
    text: String,
    references: usize,
}

impl Collector {
    fn with_spans<T>(&self, body: impl FnOnce(&mut HashMap<u64, Span>) -> T) -> T {
        body(&mut self.spans.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Subscriber for Collector {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> tracing::subscriber::Interest {
        // The level may be another one at the next step.
        tracing::subscriber::Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        level_of(*metadata.level()) <= LEVEL.get()
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let text = format!("{}{}", attributes.metadata().name(), fields.braced());
        self.with_spans(|spans| spans.insert(id, Span { text, references: 1 }));
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        self.with_spans(|spans| {
            if let Some(span) = spans.get_mut(&span.into_u64()) {
                span.text.push_str(&fields.braced());
            }
        });
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let entered = ENTERED.with_borrow(Clone::clone);
        let spans = self.with_spans(|spans| {
            entered.iter().filter_map(|id| spans.get(id)).map(|span| span.text.clone()).collect()
        });
        let metadata = event.metadata();
        let record = LogRecord {
            level: level_of(*metadata.level()),
            target: metadata.target().to_owned(),
            message: fields.message,
            fields: fields.others,
            spans,
        };
        RECORDS.with_borrow_mut(|records| records.push(record));
    }

    fn enter(&self, span: &Id) {
        ENTERED.with_borrow_mut(|entered| entered.push(span.into_u64()));
    }

    fn exit(&self, span: &Id) {
        ENTERED.with_borrow_mut(|entered| {
            if let Some(at) = entered.iter().rposition(|id| *id == span.into_u64()) {
                entered.remove(at);
            }
        });
    }

    fn clone_span(&self, id: &Id) -> Id {
        self.with_spans(|spans| {
            if let Some(span) = spans.get_mut(&id.into_u64()) {
                span.references += 1;
            }
        });
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        self.with_spans(|spans| {
            let id = id.into_u64();
            let Some(span) = spans.get_mut(&id) else { return false };
            span.references -= 1;
            span.references == 0 && spans.remove(&id).is_some()
        })
    }
}

fn level_of(level: tracing::Level) -> Level {
    match level {
        tracing::Level::ERROR => Level::Error,
        tracing::Level::WARN => Level::Warn,
        tracing::Level::INFO => Level::Info,
        tracing::Level::DEBUG => Level::Debug,
        tracing::Level::TRACE => Level::Trace,
    }
}

#[derive(Default)]
struct Fields {
    message: String,
    others: Vec<(String, String)>,
}

impl Fields {
    fn put(&mut self, field: &Field, text: String) {
        match field.name() {
            "message" => self.message = text,
            name => self.others.push((name.to_owned(), text)),
        }
    }

    fn braced(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.others {
            let sign = if text.is_empty() { '{' } else { ' ' };
            // Writing to a string does not fail.
            let _ = write!(text, "{sign}{name}={value}");
        }
        if !text.is_empty() {
            text.push('}');
        }
        text
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }
}
