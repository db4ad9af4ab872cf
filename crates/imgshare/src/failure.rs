//! Why a command could not do its work at all.

use crate::text::block::Block;

/// An error that ends a command.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What failed, whom it concerns, one hint.
    Block(Block),
    /// Problems of the config come rendered, with their own `error:` lines.
    Rendered(String),
}

impl Failure {
    /// What failed: lower case, no full stop.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self::Block(Block::new(text))
    }

    /// One more line on whom it concerns.
    pub(crate) fn line(self, key: &'static str, text: impl Into<String>) -> Self {
        match self {
            Self::Block(block) => Self::Block(block.line(key, text)),
            rendered @ Self::Rendered(_) => rendered,
        }
    }

    /// One action that would help.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        match self {
            Self::Block(block) => Self::Block(block.hint(hint)),
            rendered @ Self::Rendered(_) => rendered,
        }
    }

    pub(crate) fn render(&self) -> String {
        match self {
            Self::Block(block) => block.render(),
            Self::Rendered(text) => text.clone(),
        }
    }
}
