//! How a chore fails.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// Why a chore ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What failed and what to do.
    Sentence(String),
    /// A program that was run has said everything itself. Its exit code.
    Exit(u8),
}

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self::Sentence(sentence.into())
    }

    /// For an error of the file system: `cannot WHAT PATH: why`.
    pub(crate) fn at(path: &Path, what: &str, error: impl Display) -> Self {
        Self::Sentence(format!("cannot {what} {}: {error}", path.display()))
    }

    /// Says it on stderr, if nobody has.
    pub(crate) fn tell(&self) {
        if let Self::Sentence(sentence) = self {
            eprintln!("error: {sentence}");
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Sentence(_) => ExitCode::FAILURE,
            Self::Exit(code) => ExitCode::from(*code),
        }
    }
}
