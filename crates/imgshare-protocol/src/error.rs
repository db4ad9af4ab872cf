//! The one error record: it crosses the boundary whole.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What went wrong, by what the user can do about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// Credentials are missing, wrong or expired: set them right and run again.
    CredentialInvalid,
    /// The credentials lack a right, or the image is somebody else's: ask for the right.
    PermissionDenied,
    /// The image does not exist (any more) in that region: mend the config.
    ImageNotFound,
    /// The image cannot be shared as it is (state, licence, encryption): wait for it or choose another.
    ImageNotShareable,
    /// The cloud refuses this account id: mend the id.
    AccountInvalid,
    /// What was asked for is so already: nothing to do.
    AlreadyDone,
    /// A limit of the cloud is reached: raise it there, or share with fewer.
    QuotaExceeded,
    /// Too many calls: the host waits and asks again.
    RateLimited,
    /// Somebody else changes the same thing: run again.
    Conflict,
    /// The cloud does not answer or has a fault: the host asks again, later runs may succeed.
    Unavailable,
    /// This provider or this version cannot do that: update the plugin, or do without.
    Unsupported,
    /// An answer or a message could not be understood: report it.
    Malformed,
    /// The plugin panicked: report it to the plugin's author.
    Panicked,
    /// Anything else.
    #[default]
    #[serde(other)]
    Unexpected,
}

impl ErrorKind {
    /// Whether asking again later may help without anybody mending anything.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable)
    }

    /// The kind in words, as the first line of a message: `account is invalid`.
    pub fn words(self) -> &'static str {
        match self {
            Self::CredentialInvalid => "credentials are not accepted",
            Self::PermissionDenied => "permission denied",
            Self::ImageNotFound => "image not found",
            Self::ImageNotShareable => "image cannot be shared",
            Self::AccountInvalid => "account is invalid",
            Self::AlreadyDone => "already done",
            Self::QuotaExceeded => "limit of the cloud reached",
            Self::RateLimited => "too many calls",
            Self::Conflict => "changed by somebody else at the same time",
            Self::Unavailable => "cloud is not available",
            Self::Unsupported => "not supported",
            Self::Malformed => "answer not understood",
            Self::Panicked => "plugin panicked",
            Self::Unexpected => "unexpected error",
        }
    }
}

/// What failed: crosses the boundary whole, and ends in the report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Error {
    /// What the user can do about it.
    pub kind: ErrorKind,
    /// What failed and why: lower case, no full stop.
    pub message: String,
    /// The cloud's own error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Box<str>>,
    /// The cloud's request id, for its support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<Box<str>>,
    /// How long the cloud asks to wait, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// One action that would help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Box<str>>,
    /// Whom it concerns, in order: `("account", "100012345678")`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<(String, String)>,
}

/// The result of anything that a provider or the host does for one operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of this kind; the message says what failed and why, in lower case.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), ..Self::default() }
    }

    /// The cloud's own code for it.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<Box<str>>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// The id of the request that failed.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<Box<str>>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// One action that would help.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Box<str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// How long the cloud asks to wait, in milliseconds.
    #[must_use]
    pub fn with_retry_after_ms(mut self, wait_ms: u64) -> Self {
        self.retry_after_ms = Some(wait_ms);
        self
    }

    /// One more line on whom it concerns; a key that is there already keeps its first value.
    #[must_use]
    pub fn with_context(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let key = key.into();
        if self.context.iter().all(|(known, _)| *known != key) {
            self.context.push((key, value.into()));
        }
        self
    }
}

impl fmt::Display for Error {
    /// One line: kind, message, the cloud's code and request id.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.words())?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        match (&self.code, &self.request_id) {
            (Some(code), Some(id)) => write!(f, " ({code}, request {id})"),
            (Some(code), None) => write!(f, " ({code})"),
            (None, Some(id)) => write!(f, " (request {id})"),
            (None, None) => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
