//! Emits what plugins logged into the host's subscriber, inside the span of the operation, with plugin name and fields.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use imgshare_protocol::{Level, LogRecord};
use tracing::field::{FieldSet, Value};
use tracing::level_filters::LevelFilter;
use tracing::metadata::Kind;
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, callsite};

use crate::redact::Redactor;

/// Fields of a record beyond this are put into its message. `tracing` wants their number known when compiling.
const FIELDS_MAX: usize = 16;

/// Shapes of records beyond this are emitted without fields of their own: each costs memory for ever.
const SHAPES_MAX: usize = 1024;

/// The most talkative level that anybody listens to.
pub(crate) fn level_wanted() -> Level {
    match LevelFilter::current().into_level() {
        None => Level::Off,
        Some(tracing::Level::ERROR) => Level::Error,
        Some(tracing::Level::WARN) => Level::Warn,
        Some(tracing::Level::INFO) => Level::Info,
        Some(tracing::Level::DEBUG) => Level::Debug,
        Some(tracing::Level::TRACE) => Level::Trace,
    }
}

/// Emits these records of a plugin.
pub(crate) fn emit(plugin: &str, records: Vec<LogRecord>, redactor: &Redactor) {
    for record in records {
        if let Some(level) = tracing_level(record.level) {
            emit_one(plugin, level, &record, redactor);
        }
    }
}

fn emit_one(plugin: &str, level: tracing::Level, record: &LogRecord, redactor: &Redactor) {
    let (own, more) = record.fields.split_at(record.fields.len().min(FIELDS_MAX - 3));
    let names: Vec<String> = own.iter().map(|(name, _)| name.clone()).collect();
    let callsite = callsite(Shape { level, target: record.target.clone(), names });
    let mut message = redactor.redact(&record.message).into_owned();
    for (name, value) in more.iter().chain(if callsite.is_plain() { own } else { &[] }) {
        message.push_str(&format!(" {name}={}", redactor.redact(value)));
    }
    let spans = record.spans.join(":");
    let mut texts = vec![message, plugin.to_owned(), redactor.redact(&spans).into_owned()];
    if !callsite.is_plain() {
        texts.extend(own.iter().map(|(_, value)| redactor.redact(value).into_owned()));
    }
    dispatch(callsite, &texts);
}

fn dispatch(callsite: &'static Callsite, texts: &[String]) {
    let metadata = callsite.metadata.get().expect("set when the callsite was made");
    let fields: Vec<_> = metadata.fields().iter().collect();
    // `value_set` takes arrays only: the places that are left over repeat the first field, without a value.
    let values: [_; FIELDS_MAX] = std::array::from_fn(|at| {
        let text = texts.get(at).filter(|text| at != SPANS_AT || !text.is_empty());
        (&fields[if at < fields.len() { at } else { 0 }], text.map(|text| text as &dyn Value))
    });
    tracing::dispatcher::get_default(|subscriber| {
        let values = metadata.fields().value_set(&values);
        let event = Event::new(metadata, &values);
        if subscriber.enabled(metadata) {
            subscriber.event(&event);
        }
    });
}

/// The place of the field that names the plugin's own spans, among message, plugin and spans.
const SPANS_AT: usize = 2;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Shape {
    level: tracing::Level,
    target: String,
    names: Vec<String>,
}

/// `tracing` wants names and targets that live for ever; records of one shape share them.
struct Callsite {
    metadata: std::sync::OnceLock<Metadata<'static>>,
}

impl Callsite {
    fn is_plain(&self) -> bool {
        self.metadata.get().is_some_and(|metadata| metadata.fields().len() == 3)
    }
}

impl callsite::Callsite for Callsite {
    fn set_interest(&self, _: Interest) {}

    fn metadata(&self) -> &Metadata<'_> {
        self.metadata.get().expect("set when the callsite was made")
    }
}

fn callsite(mut shape: Shape) -> &'static Callsite {
    static SHAPES: LazyLock<Mutex<HashMap<Shape, &'static Callsite>>> = LazyLock::new(Mutex::default);
    let mut shapes = SHAPES.lock().unwrap_or_else(PoisonError::into_inner);
    if shapes.len() >= SHAPES_MAX && !shapes.contains_key(&shape) {
        shape = Shape { target: "plugin".to_owned(), names: Vec::new(), ..shape };
    }
    shapes.entry(shape).or_insert_with_key(make_callsite)
}

fn make_callsite(shape: &Shape) -> &'static Callsite {
    let callsite: &'static Callsite = Box::leak(Box::new(Callsite { metadata: std::sync::OnceLock::new() }));
    let names: Vec<&'static str> = ["message", "plugin", "spans"]
        .into_iter()
        .chain(shape.names.iter().map(|name| &*name.clone().leak()))
        .collect();
    let metadata = Metadata::new(
        "record of a plugin",
        shape.target.clone().leak(),
        shape.level,
        None,
        None,
        None,
        FieldSet::new(names.leak(), callsite::Identifier(callsite)),
        Kind::EVENT,
    );
    // Nobody else has seen this callsite yet.
    let _ = callsite.metadata.set(metadata);
    callsite
}

fn tracing_level(level: Level) -> Option<tracing::Level> {
    match level {
        Level::Off => None,
        Level::Error => Some(tracing::Level::ERROR),
        Level::Warn => Some(tracing::Level::WARN),
        Level::Info => Some(tracing::Level::INFO),
        Level::Debug => Some(tracing::Level::DEBUG),
        Level::Trace => Some(tracing::Level::TRACE),
    }
}
