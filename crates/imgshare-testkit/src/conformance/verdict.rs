//! How a check ends.

/// Whether a promise is kept; if not, what the author should do.
pub(super) type Verdict = Result<(), Lack>;

/// What a promise lacks.
#[derive(Debug)]
pub(crate) enum Lack {
    /// It is not kept: what is wrong and what to do.
    Broken(String),
    /// It could not be checked: why, and what would help.
    Unchecked(String),
}

impl From<String> for Lack {
    fn from(sentence: String) -> Self {
        Self::Broken(sentence)
    }
}

pub(super) fn ensure(kept: bool, failure: impl FnOnce() -> String) -> Verdict {
    if kept { Ok(()) } else { broken(failure()) }
}

pub(super) fn broken<T>(sentence: impl Into<String>) -> Result<T, Lack> {
    Err(Lack::Broken(sentence.into()))
}

pub(super) fn unchecked<T>(sentence: impl Into<String>) -> Result<T, Lack> {
    Err(Lack::Unchecked(sentence.into()))
}
