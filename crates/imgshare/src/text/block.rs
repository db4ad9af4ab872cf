//! An error as a block: what failed, whom it concerns, one hint.

use imgshare_protocol::Error;

use super::error::{hint, reason};
use super::flow::{flow, sentence};
use super::style::{BOLD, ERROR, HINT};

/// Columns of the key before each line's text.
const KEY_COLUMNS: usize = 9;

/// What failed in one line, and below it who it concerns.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    head: String,
    lines: Vec<(&'static str, String)>,
    hint: Option<String>,
}

impl Block {
    /// A block under this line: lower case, no full stop.
    pub(crate) fn new(head: impl Into<String>) -> Self {
        Self { head: head.into(), lines: Vec::new(), hint: None }
    }

    /// `cannot share image: account is invalid: ...`, with the cloud's code and request id and the hint.
    pub(crate) fn of(what: &str, error: &Error) -> Self {
        let mut block = Self::new(format!("{what}: {}", reason(error)));
        block.hint = hint(error);
        block
    }

    /// One more line on whom it concerns.
    #[must_use]
    pub(crate) fn line(mut self, key: &'static str, text: impl Into<String>) -> Self {
        self.lines.push((key, text.into()));
        self
    }

    /// Several lines of one key.
    #[must_use]
    pub(crate) fn lines(self, key: &'static str, texts: impl IntoIterator<Item = String>) -> Self {
        texts.into_iter().fold(self, |block, text| block.line(key, text))
    }

    /// The line, if there is something to say.
    #[must_use]
    pub(crate) fn maybe(self, key: &'static str, text: Option<String>) -> Self {
        self.lines(key, text)
    }

    /// One action that would help.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn render(&self) -> String {
        let words = self.head.split_whitespace().map(|word| format!("{BOLD}{word}{BOLD:#}"));
        let mut text = flow(&format!("{ERROR}error:{ERROR:#} "), 7, words, " ");
        for (key, line) in &self.lines {
            text += &sentence(&format!("  {:KEY_COLUMNS$} ", format!("{key}:")), KEY_COLUMNS + 3, line);
        }
        if let Some(hint) = &self.hint {
            text += &sentence(&format!("  {HINT}hint:{HINT:#}     "), KEY_COLUMNS + 3, hint);
        }
        text
    }
}
