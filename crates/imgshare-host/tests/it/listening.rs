//! A subscriber that keeps what it hears.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Scope};

/// What was logged in this thread since it was made.
pub(crate) struct Log {
    heard: Heard,
    _guard: DefaultGuard,
}

type Heard = Arc<Mutex<Vec<Record>>>;

/// One record, with the spans around it, outermost first.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) level: Level,
    pub(crate) target: String,
    pub(crate) fields: Fields,
    pub(crate) spans: Vec<(&'static str, Fields)>,
}

/// Fields by name; the message is one of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Vec<(&'static str, String)>);

/// Listens to everything.
pub(crate) fn listen() -> Log {
    listen_at(LevelFilter::TRACE)
}

pub(crate) fn listen_at(level: LevelFilter) -> Log {
    let heard = Heard::default();
    let subscriber = tracing_subscriber::registry().with(level).with(Ear(heard.clone()));
    Log { heard, _guard: tracing::subscriber::set_default(subscriber) }
}

impl Log {
    pub(crate) fn records(&self) -> Vec<Record> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The one record with this message.
    pub(crate) fn only(&self, message: &str) -> Record {
        let records = self.records();
        let mut found = records.iter().filter(|record| record.message() == message);
        match (found.next(), found.next()) {
            (Some(one), None) => one.clone(),
            _ => panic!("{message:?} is not there exactly once: {records:#?}"),
        }
    }
}

impl Record {
    pub(crate) fn message(&self) -> &str {
        self.fields.get("message").unwrap_or_default()
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name)
    }
}

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push((field.name(), format!("{value:?}")));
    }
}

struct Ear(Heard);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Ear {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        context.span(id).expect("the span was just made").extensions_mut().insert(fields);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let around = context.event_scope(event).into_iter().flat_map(Scope::from_root);
        let spans =
            around.map(|span| (span.name(), span.extensions().get::<Fields>().cloned().unwrap_or_default()));
        let (level, target) = (*event.metadata().level(), event.metadata().target().to_owned());
        let record = Record { level, target, fields, spans: spans.collect() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    }
}
