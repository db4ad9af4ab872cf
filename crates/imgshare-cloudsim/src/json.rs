//! JSON objects of parts that are there already.

use serde_json::Value;

/// An object with one member. The value is moved; `json!` would copy it, and the values here are whole answers.
pub(crate) fn wrapped(name: &str, value: impl Into<Value>) -> Value {
    Value::Object([(name.to_owned(), value.into())].into_iter().collect())
}
