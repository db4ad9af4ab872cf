//! Why a file is not used as a plugin: one sentence that tells what to do.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a file is not used as a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The file.
    pub path: PathBuf,
    /// What is wrong, for programs.
    pub kind: RefusalKind,
    /// What is wrong and what to do, for people: one sentence without the path.
    pub sentence: String,
    /// More than anybody wants to read, for `-vv`.
    pub detail: Option<String>,
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// There is no such file.
    Missing,
    /// It is a folder or something else that is no regular file.
    NotAFile,
    /// It cannot be read.
    Unreadable,
    /// Others may write to it, or to a folder above it.
    WritableByOthers,
    /// It has no bytes.
    Empty,
    /// It is no dynamic library of this system.
    NotALibrary,
    /// It ends before its own table of contents says.
    Truncated,
    /// It was made for another kind of processor.
    OtherArchitecture,
    /// It is a library, but no imgshare plugin.
    NoPassport,
    /// It speaks a boundary version that this host does not.
    OtherBoundary,
    /// It would end the whole program if something in it panicked.
    PanicAborts,
    /// It claims this boundary version, but its layout is another one.
    OtherLayout,
    /// The system cannot load it.
    CannotLoad,
    /// It is loaded, but does not say what it is.
    CannotDescribe,
    /// Another file claims the same provider.
    NameTaken,
}

impl Refusal {
    pub(crate) fn new(path: &Path, kind: RefusalKind, sentence: impl Into<String>) -> Self {
        Self { path: path.to_owned(), kind, sentence: sentence.into(), detail: None }
    }

    pub(crate) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.sentence)
    }
}

impl std::error::Error for Refusal {}
