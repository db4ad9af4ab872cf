//! The one place that prints: stdout is data, stderr is talk.

use std::io::{self, Write};

use serde::Serialize;

use crate::args::Colour;

/// Decides on colours for the rest of the run.
pub(crate) fn colour(colour: Colour) {
    match colour {
        // anstream looks at NO_COLOR, CLICOLOR and whether there is a terminal.
        Colour::Auto => {}
        Colour::Always => anstream::ColorChoice::Always.write_global(),
        Colour::Never => anstream::ColorChoice::Never.write_global(),
    }
}

/// Data, as it is.
pub(crate) fn data(text: &str) {
    put(anstream::stdout().lock(), text);
}

/// One JSON document.
pub(crate) fn json(document: &impl Serialize) {
    data(&(serde_json::to_string_pretty(document).unwrap_or_default() + "\n"));
}

/// One JSON document on one line.
pub(crate) fn json_line(document: &impl Serialize) {
    data(&(serde_json::to_string(document).unwrap_or_default() + "\n"));
}

/// Talk, as it is.
pub(crate) fn talk(text: &str) {
    put(anstream::stderr().lock(), text);
}

/// Whoever listened may have gone (`imgshare images | head`); then there is nobody left to tell, and the exit code of
/// what was done must not suffer.
fn put(mut stream: impl Write, text: &str) {
    let _: io::Result<()> = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}
