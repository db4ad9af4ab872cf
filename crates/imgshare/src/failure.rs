//! Why a command could not do its work at all.

use std::fmt::Write as _;

use crate::text::style::{BOLD, ERROR, HINT};

/// An error that ends a command: what failed, whom it concerns, one hint.
#[derive(Debug)]
pub(crate) struct Failure {
    text: String,
    context: Vec<(String, String)>,
    hint: Option<String>,
    /// Problems of the config come rendered, with their own `error:` lines.
    rendered: bool,
}

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), context: Vec::new(), hint: None, rendered: false }
    }

    /// A text that has its own `error:` lines already.
    pub(crate) fn rendered(text: String) -> Self {
        Self { text, context: Vec::new(), hint: None, rendered: true }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn render(&self) -> String {
        if self.rendered {
            return self.text.clone();
        }
        let mut text = format!("{ERROR}error:{ERROR:#} {BOLD}{}{BOLD:#}\n", self.text);
        for (key, value) in &self.context {
            let _ = writeln!(text, "  {:9} {value}", format!("{key}:"));
        }
        if let Some(hint) = &self.hint {
            let _ = writeln!(text, "  {HINT}hint:{HINT:#}     {hint}");
        }
        text
    }
}

impl From<imgshare_protocol::Error> for Failure {
    fn from(error: imgshare_protocol::Error) -> Self {
        Self {
            text: crate::text::error::title(&error),
            context: crate::text::error::context(&error),
            hint: error.hint,
            rendered: false,
        }
    }
}
