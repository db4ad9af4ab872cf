//! The two messages of an exchange in progress: what the plugin asks for, and what the host answers.
//!
//! Both are a JSON head with raw bytes behind it. A head refers to its bytes by [`BodyRange`], so that several requests
//! or responses travel in one message without being escaped.

use serde::{Deserialize, Serialize};

use crate::{Error, Json, Timestamp};

/// A part of the raw bytes behind a head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyRange {
    /// Where it starts.
    pub at: usize,
    /// Its length in bytes.
    pub len: usize,
}

impl BodyRange {
    /// Appends these bytes to `bytes` and says where they are.
    pub fn append(bytes: &mut Vec<u8>, part: &[u8]) -> Self {
        let at = bytes.len();
        bytes.extend_from_slice(part);
        Self { at, len: part.len() }
    }

    /// The part itself; `None` when it reaches beyond the bytes that there are.
    pub fn of(self, bytes: &[u8]) -> Option<&[u8]> {
        bytes.get(self.at..self.at.checked_add(self.len)?)
    }
}

/// Plugin to host: what the exchange wants, or how it ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Step {
    /// What the plugin waits for, besides what it asked for in earlier steps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Ask>,
    /// Earlier asks that nobody waits for any more: their answers are not wanted. A [`Want::Once`] that was answered by
    /// [`OnceAnswer::Make`]: this exchange will not make the value, so somebody else must.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub abandoned: Vec<u32>,
    /// What it logged since the last step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<LogRecord>,
    /// Texts that must never be printed, found since the last step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
    /// Set when the exchange has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
}

/// Plugin to host, when something was opened or dropped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Receipt {
    /// Why it failed, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
    /// What the plugin logged meanwhile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<LogRecord>,
}

/// How an exchange ended, and how a description is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ended", rename_all = "snake_case", try_from = "crate::flat::End")]
pub enum End {
    /// Well.
    Done {
        /// The result, in the form that the operation says.
        result: Json,
    },
    /// Not well.
    Failed {
        /// Why.
        error: Error,
    },
    /// In a way that this version does not know.
    #[serde(other)]
    Unknown,
}

/// One thing that a plugin asks of the host. Any number may be open at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "crate::flat::Ask")]
pub struct Ask {
    /// The plugin's number for it; the answer has the same.
    pub id: u32,
    /// What is wanted.
    #[serde(flatten)]
    pub want: Want,
}

/// What a plugin can ask of the host.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "want", rename_all = "snake_case")]
pub enum Want {
    /// Send this request; answered by [`Reply::Response`] or [`Reply::SendFailed`].
    Send(RequestHead),
    /// May this be tried again? The host waits as long as it finds right, then answers [`Reply::Retry`].
    Retry {
        /// The `Send` that failed, by its number.
        send: u32,
        /// How often this call has been sent so far, with that one.
        #[serde(default)]
        sends: u32,
        /// How the provider understood the failure.
        error: Error,
    },
    /// Wait; answered by [`Reply::Slept`].
    Sleep {
        /// For so long, in milliseconds.
        duration_ms: u64,
    },
    /// The value of an environment variable; answered by [`Reply::Env`].
    Env {
        /// Its name.
        name: String,
    },
    /// The content of a file; answered by [`Reply::File`] or [`Reply::Failed`].
    ReadFile {
        /// Its path; a leading `~/` is the user's home folder.
        path: String,
    },
    /// What a program prints that the user's own cloud tools name as the keeper of keys; answered by
    /// [`Reply::Output`] or [`Reply::Failed`].
    RunCommand {
        /// The program and its arguments.
        words: Vec<String>,
    },
    /// A value that several exchanges of this cloud need once; answered by [`Reply::Once`].
    Once {
        /// What the value is, in the provider's own words.
        key: String,
        /// A value that was given under this key and is no good any more, though it seems fresh: a token that the cloud
        /// refuses. As the SHA-256 of its text, in lower-case hexadecimal, since it may be secret. While it is still the
        /// value, it is made anew; when another exchange has renewed it meanwhile, that one is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refused: Option<String>,
    },
    /// Ends a [`OnceAnswer::Make`]: here is the value, or why there is none; answered by [`Reply::Noted`].
    OnceMade {
        /// The same key.
        key: String,
        /// The value and how long it is good for.
        made: Made,
    },
    /// One that this version does not know; answered by [`Reply::Failed`].
    #[serde(other)]
    Unknown,
}

/// How making a value for all ended.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "made", rename_all = "snake_case")]
pub enum Made {
    /// With a value. It may be secret.
    Value {
        /// The value, in the provider's own form.
        text: String,
        /// From when on it must be made anew. `None`: never.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fresh_until: Option<Timestamp>,
    },
    /// With an error, which all that wait for it get too.
    Failed {
        /// Why.
        error: Error,
    },
    /// In a way that this version does not know; taken as not made at all.
    #[serde(other)]
    Unknown,
}

impl std::fmt::Debug for Made {
    /// Leaves the value out: it may be a key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value { fresh_until, .. } => {
                f.debug_struct("Value").field("fresh_until", fresh_until).finish_non_exhaustive()
            }
            Self::Failed { error } => f.debug_struct("Failed").field("error", error).finish(),
            Self::Unknown => f.write_str("Unknown"),
        }
    }
}

/// An HTTP request, without its body's bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestHead {
    /// `GET`, `POST`, ...
    pub method: String,
    /// The whole address, query included, percent-encoded as it shall be sent.
    pub url: String,
    /// Headers in order. `Host` and `Content-Length` are set by the host from address and body.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: BodyRange,
    /// Sending it twice has the effect of sending it once.
    pub idempotent: bool,
    /// The cloud's name of the call, for logs and quotas.
    pub action: String,
    /// How long the answer may take in all, in milliseconds. `None`: the host's own limit, which also caps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
}

/// Host to plugin: the answers that came in since the last step, and the world as it is now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Resume {
    /// The time.
    pub now: Timestamp,
    /// Random text, new with every resume, from which nonces are made.
    pub nonce: String,
    /// The most talkative level of log records that anybody wants.
    pub level: Level,
    /// Answers, in the order in which they came in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
}

/// The answer to one [`Ask`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "crate::flat::Answer")]
pub struct Answer {
    /// The ask's number.
    pub id: u32,
    /// The answer.
    #[serde(flatten)]
    pub reply: Reply,
}

/// What the host answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    /// A response came, whatever its status.
    Response(ResponseHead),
    /// No whole response came.
    SendFailed {
        /// Why, as an error of kind `Unavailable` (or whatever the user can mend).
        error: Error,
    },
    /// Whether to try again now.
    Retry {
        /// The host has waited: send it again.
        go: bool,
    },
    /// The time has passed.
    Slept,
    /// The variable's value. `None`: not set.
    Env {
        /// Its value.
        value: Option<String>,
    },
    /// The file's content. `None`: there is no such file.
    File {
        /// Where its bytes are.
        content: Option<BodyRange>,
    },
    /// What the program printed on its standard output; it ended well.
    Output {
        /// Where its bytes are.
        content: BodyRange,
    },
    /// The value that is needed once.
    Once(OnceAnswer),
    /// Taken note of.
    Noted,
    /// The ask cannot be met.
    Failed {
        /// Why not.
        error: Error,
    },
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// How a [`Want::Once`] is answered.
#[derive(Clone, PartialEq, Serialize)]
#[serde(tag = "once", rename_all = "snake_case")]
pub enum OnceAnswer {
    /// You make it; the others wait for your [`Want::OnceMade`].
    Make,
    /// Here it is.
    Value {
        /// The value, as it was made.
        text: String,
    },
    /// Making it failed.
    Failed {
        /// Why.
        error: Error,
    },
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

impl std::fmt::Debug for OnceAnswer {
    /// Leaves the value out: it may be a key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Make => f.write_str("Make"),
            Self::Unknown => f.write_str("Unknown"),
            Self::Value { .. } => f.debug_struct("Value").finish_non_exhaustive(),
            Self::Failed { error } => f.debug_struct("Failed").field("error", error).finish(),
        }
    }
}

/// An HTTP response, without its body's bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResponseHead {
    /// The status code.
    pub status: u16,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: BodyRange,
}

/// How talkative a log record is, or may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing.
    Off,
    /// Something failed.
    Error,
    /// Something is odd.
    Warn,
    /// What people want to know.
    Info,
    /// What developers want to know.
    Debug,
    /// Everything; also what a level is taken for that this version does not know.
    #[default]
    #[serde(other)]
    Trace,
}

/// What a plugin logged with `tracing`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogRecord {
    /// How important it is.
    pub level: Level,
    /// The module that logged it.
    pub target: String,
    /// The text.
    pub message: String,
    /// Its other fields, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, String)>,
    /// The plugin's own spans around it, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<String>,
}
