//! Which promises a provider keeps, as text.

use super::flow::sentence;
use super::label::plain;
use super::style::{ADD, BOLD, ERROR, WARN};
use crate::view::conformance::{Conformance, Counts, Promise, State};

/// Where the text of a line begins.
const INDENT: usize = 9;

/// One line for each promise, the reason below where there is one, and the counts.
pub(crate) fn render(view: &Conformance) -> String {
    let promises: String = view.promises.iter().map(promise).collect();
    format!("{promises}\n{BOLD}Conformance:{BOLD:#} {}\n", counts(&view.counts))
}

fn promise(promise: &Promise) -> String {
    let (style, word) = match promise.state {
        State::Kept => (ADD, "ok"),
        State::Failed => (ERROR, "failed"),
        State::Skipped => (WARN, "skipped"),
    };
    let words = promise.name.replace('_', " ");
    let mut text = sentence(&format!("{style}{word:<7}{style:#}  "), INDENT, &words);
    if let Some(reason) = &promise.reason {
        let indent = INDENT + 2;
        text += &sentence(&format!("{:indent$}", ""), indent, &plain(reason));
    }
    text
}

fn counts(counts: &Counts) -> String {
    let of = [(counts.kept, "kept"), (counts.failed, "failed"), (counts.skipped, "skipped")];
    let some = of.iter().filter(|(number, _)| *number > 0);
    some.map(|(number, word)| format!("{number} {word}")).collect::<Vec<_>>().join(", ")
}
