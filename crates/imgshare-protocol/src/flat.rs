//! How the messages of an exchange are read: each as one flat record, which is then taken for what its word says.
//!
//! serde reads a tagged enum by keeping all of it until the tag has come, and a flattened one twice so; that took a
//! tenth of a run's time. The JSON is the same. The price: a field has the same type in every message that has it.

use serde::Deserialize;

use crate::{BodyRange, Error, Json, Made, OnceAnswer, Reply, RequestHead, ResponseHead, Want};

/// Any [`crate::Ask`].
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Ask {
    id: Option<u32>,
    want: String,
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: BodyRange,
    idempotent: bool,
    action: String,
    timeout_ms: Option<u64>,
    send: Option<u32>,
    sends: u32,
    error: Option<Error>,
    duration_ms: Option<u64>,
    name: Option<String>,
    path: Option<String>,
    words: Option<Vec<String>>,
    key: Option<String>,
    refused: Option<String>,
    made: Option<Made>,
}

impl TryFrom<Ask> for crate::Ask {
    type Error = String;

    fn try_from(ask: Ask) -> Result<Self, String> {
        Ok(Self { id: needed(ask.id, "id")?, want: ask.want()? })
    }
}

impl Ask {
    fn want(self) -> Result<Want, String> {
        Ok(match self.want.as_str() {
            "" => return Err(missing("want")),
            "send" => Want::Send(self.request()),
            "retry" => Want::Retry {
                send: needed(self.send, "send")?,
                sends: self.sends,
                error: needed(self.error, "error")?,
            },
            "sleep" => Want::Sleep { duration_ms: needed(self.duration_ms, "duration_ms")? },
            "env" => Want::Env { name: needed(self.name, "name")? },
            "read_file" => Want::ReadFile { path: needed(self.path, "path")? },
            "run_command" => Want::RunCommand { words: needed(self.words, "words")? },
            "once" => Want::Once { key: needed(self.key, "key")?, refused: self.refused },
            "once_made" => Want::OnceMade { key: needed(self.key, "key")?, made: needed(self.made, "made")? },
            _ => Want::Unknown,
        })
    }

    fn request(self) -> RequestHead {
        RequestHead {
            method: self.method,
            url: self.url,
            headers: self.headers,
            body: self.body,
            idempotent: self.idempotent,
            action: self.action,
            timeout_ms: self.timeout_ms,
        }
    }
}

/// Any [`crate::Answer`].
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Answer {
    id: Option<u32>,
    reply: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: BodyRange,
    error: Option<Error>,
    go: Option<bool>,
    value: Option<String>,
    content: Option<BodyRange>,
    once: String,
    text: Option<String>,
}

impl TryFrom<Answer> for crate::Answer {
    type Error = String;

    fn try_from(answer: Answer) -> Result<Self, String> {
        Ok(Self { id: needed(answer.id, "id")?, reply: answer.reply()? })
    }
}

impl Answer {
    fn reply(self) -> Result<Reply, String> {
        Ok(match self.reply.as_str() {
            "" => return Err(missing("reply")),
            "response" => {
                Reply::Response(ResponseHead { status: self.status, headers: self.headers, body: self.body })
            }
            "send_failed" => Reply::SendFailed { error: needed(self.error, "error")? },
            "retry" => Reply::Retry { go: needed(self.go, "go")? },
            "slept" => Reply::Slept,
            "env" => Reply::Env { value: self.value },
            "file" => Reply::File { content: self.content },
            "output" => Reply::Output { content: needed(self.content, "content")? },
            "once" => Reply::Once(self.once()?),
            "noted" => Reply::Noted,
            "failed" => Reply::Failed { error: needed(self.error, "error")? },
            _ => Reply::Unknown,
        })
    }

    fn once(self) -> Result<OnceAnswer, String> {
        Ok(match self.once.as_str() {
            "" => return Err(missing("once")),
            "make" => OnceAnswer::Make,
            "value" => OnceAnswer::Value { text: needed(self.text, "text")? },
            "failed" => OnceAnswer::Failed { error: needed(self.error, "error")? },
            _ => OnceAnswer::Unknown,
        })
    }
}

/// Any [`crate::End`].
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct End {
    ended: String,
    /// `null` is a result like any other.
    #[serde(deserialize_with = "present")]
    result: Option<Json>,
    error: Option<Error>,
}

fn present<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(value).map(Some)
}

impl TryFrom<End> for crate::End {
    type Error = String;

    fn try_from(end: End) -> Result<Self, String> {
        Ok(match end.ended.as_str() {
            "" => return Err(missing("ended")),
            "done" => Self::Done { result: needed(end.result, "result")? },
            "failed" => Self::Failed { error: needed(end.error, "error")? },
            _ => Self::Unknown,
        })
    }
}

fn needed<T>(value: Option<T>, name: &str) -> Result<T, String> {
    value.ok_or_else(|| missing(name))
}

fn missing(name: &str) -> String {
    format!("missing field `{name}`")
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;
    use crate::{Answer, Ask, End, ErrorKind, Timestamp};

    fn error() -> Error {
        Error::new(ErrorKind::Unavailable, "down").with_hint("wait")
    }

    fn wants() -> Vec<Want> {
        let head = RequestHead {
            method: "POST".into(),
            url: "https://acme.example/".into(),
            headers: vec![("a".into(), "b".into())],
            body: BodyRange { at: 3, len: 4 },
            idempotent: true,
            action: "Read".into(),
            timeout_ms: Some(5),
        };
        let made = Made::Value { text: "t".into(), fresh_until: Some(Timestamp(7)) };
        vec![
            Want::Send(head),
            Want::Retry { send: 1, sends: 2, error: error() },
            Want::Sleep { duration_ms: 9 },
            Want::Env { name: "HOME".into() },
            Want::ReadFile { path: "~/.acme".into() },
            Want::RunCommand { words: vec!["acme".into(), "keys".into()] },
            Want::Once { key: "login".into(), refused: None },
            Want::Once { key: "login".into(), refused: Some("00ff".into()) },
            Want::OnceMade { key: "login".into(), made },
            Want::OnceMade { key: "login".into(), made: Made::Failed { error: error() } },
        ]
    }

    fn replies() -> Vec<Reply> {
        let head = ResponseHead {
            status: 503,
            headers: vec![("a".into(), "b".into())],
            body: BodyRange { at: 1, len: 2 },
        };
        vec![
            Reply::Response(head),
            Reply::SendFailed { error: error() },
            Reply::Retry { go: true },
            Reply::Slept,
            Reply::Env { value: Some("v".into()) },
            Reply::Env { value: None },
            Reply::File { content: Some(BodyRange { at: 1, len: 2 }) },
            Reply::File { content: None },
            Reply::Output { content: BodyRange { at: 1, len: 2 } },
            Reply::Once(OnceAnswer::Make),
            Reply::Once(OnceAnswer::Value { text: "t".into() }),
            Reply::Once(OnceAnswer::Failed { error: error() }),
            Reply::Noted,
            Reply::Failed { error: error() },
        ]
    }

    #[test]
    fn what_is_written_is_read_back() {
        for want in wants() {
            let ask = Ask { id: 7, want };
            assert_eq!(from_value::<Ask>(to_value(&ask).unwrap()).unwrap(), ask);
        }
        for reply in replies() {
            let answer = Answer { id: 7, reply };
            assert_eq!(from_value::<Answer>(to_value(&answer).unwrap()).unwrap(), answer);
        }
        for end in [
            End::Done { result: Json::of(&()).unwrap() },
            End::Done { result: Json::of(&["a"]).unwrap() },
            End::Failed { error: error() },
        ] {
            assert_eq!(from_value::<End>(to_value(&end).unwrap()).unwrap(), end);
        }
    }

    #[test]
    fn words_of_the_future_are_unknown() {
        let ask: Ask = from_value(json!({"id": 1, "want": "dance", "with": {"the": "host"}})).unwrap();
        assert_eq!(ask.want, Want::Unknown);
        let answer: Answer = from_value(json!({"id": 1, "reply": "telepathy"})).unwrap();
        assert_eq!(answer.reply, Reply::Unknown);
        let once: Answer = from_value(json!({"id": 1, "reply": "once", "once": "later"})).unwrap();
        assert_eq!(once.reply, Reply::Once(OnceAnswer::Unknown));
        assert_eq!(from_value::<End>(json!({"ended": "in smoke"})).unwrap(), End::Unknown);
    }

    #[test]
    fn what_is_missing_is_named() {
        for (ask, field) in [
            (json!({"want": "once", "key": "k"}), "id"),
            (json!({"id": 1}), "want"),
            (json!({"id": 1, "want": "env"}), "name"),
            (json!({"id": 1, "want": "retry", "send": 1}), "error"),
        ] {
            let error = from_value::<Ask>(ask).unwrap_err().to_string();
            assert_eq!(error, format!("missing field `{field}`"));
        }
        assert!(from_value::<Answer>(json!({"id": 1, "reply": "retry"})).is_err());
        assert!(from_value::<End>(json!({"ended": "done"})).is_err());
    }
}
