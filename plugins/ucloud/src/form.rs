//! Parameters as this cloud takes them: names and texts, without anything nested.

use std::collections::BTreeMap;
use std::fmt;

use imgshare_sdk::signing::query;
use serde_json::{Number, Value};

/// The parameters of a call, by name.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form(BTreeMap<String, String>);

impl Form {
    /// The parameters of a JSON object. Lists become `Name.0`, `Name.1`, ..., objects `Name.Key`; `null` is left out,
    /// and so is an empty list; an empty text stays.
    pub fn of(parameters: &Value) -> Self {
        let mut form = Self::default();
        form.flatten("", parameters);
        form
    }

    /// The same with one parameter more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Names and values, sorted by name as text: `A.10` comes before `A.2`.
    pub fn pairs(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// As `application/x-www-form-urlencoded`.
    pub fn encoded(&self) -> String {
        query(&self.0)
    }

    fn flatten(&mut self, name: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::Bool(flag) => self.insert(name, flag.to_string()),
            Value::Number(number) => self.insert(name, plain(number)),
            Value::String(text) => self.insert(name, text.clone()),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.flatten(&below(name, &at.to_string()), item);
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    self.flatten(&below(name, key), member);
                }
            }
        }
    }

    fn insert(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }
}

impl fmt::Debug for Form {
    /// Names only: once signed, a form is as good as a key, since a signature never expires.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn below(name: &str, key: &str) -> String {
    if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") }
}

/// Without an exponent, and without a fraction where there is none.
fn plain(number: &Number) -> String {
    match number.as_f64().filter(|_| number.is_f64()) {
        Some(float) => float.to_string(),
        None => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(parameters: &Value, expected: &str) {
        assert_eq!(Form::of(parameters).encoded(), expected);
    }

    #[test]
    fn lists_count_from_zero_and_sort_as_text() {
        let accounts: Vec<_> = (100..112).collect();
        let form = Form::of(&json!({ "A": accounts }));
        let names: Vec<_> = form.pairs().keys().take(4).collect();
        assert_eq!(names, ["A.0", "A.1", "A.10", "A.11"]);
    }

    #[test]
    fn nothing_nested_is_left() {
        check(&json!({"S": {"L": ["a", {"K": true}], "E": []}, "N": null}), "S.L.0=a&S.L.1.K=true");
    }

    #[test]
    fn numbers_are_written_plainly() {
        check(
            &json!({"a": 42.0, "b": 0.25, "c": -3.0, "d": 1e21}),
            "a=42&b=0.25&c=-3&d=1000000000000000000000",
        );
        check(
            &json!({"a": 9_223_372_036_854_775_807_i64, "b": u64::MAX}),
            "a=9223372036854775807&b=18446744073709551615",
        );
    }

    #[test]
    fn an_empty_text_stays_and_what_is_odd_is_encoded() {
        check(&json!({"a": "", "b": "é +&="}), "a=&b=%C3%A9%20%2B%26%3D");
    }

    #[test]
    fn values_do_not_show_in_debug() {
        assert_eq!(format!("{:?}", Form::default().with("Signature", "FAKE")), r#"{"Signature"}"#);
    }
}
