//! Values whose type the documentation and the vendor's own code do not agree on.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A text that may come as a number: account ids do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(pub(super) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            _ => Err(D::Error::custom("neither a text nor a number")),
        }
    }
}

/// A whole number that may come as a text: times do. `None`: it is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Whole(pub(super) Option<i64>);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }))
    }
}

/// A list that may come as nothing, as `null` or as `{}` when it is empty, and as its only element when it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = match Value::deserialize(deserializer)? {
            Value::Array(items) => items,
            Value::Object(members) if members.is_empty() => Vec::new(),
            only => vec![only],
        };
        // A list where a record should be would be read as a record without any field.
        if items.iter().any(Value::is_array) {
            return Err(D::Error::custom("a list within a list"));
        }
        let items = items.into_iter().filter(|item| !item.is_null());
        items.map(T::deserialize).collect::<Result<_, _>>().map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read<T: DeserializeOwned>(value: Value) -> Option<T> {
        serde_json::from_value(value).ok()
    }

    #[test]
    fn an_id_may_be_a_number_and_keeps_all_its_digits() {
        assert_eq!(read(json!("55001122")), Some(Text("55001122".into())));
        assert_eq!(read(json!(9_223_372_036_854_775_807_i64)), Some(Text("9223372036854775807".into())));
        assert_eq!(read::<Text>(json!({})), None);
    }

    #[test]
    fn a_number_may_be_a_text() {
        for (value, expected) in
            [(json!(7), Some(7)), (json!("7"), Some(7)), (json!(null), None), (json!("soon"), None)]
        {
            assert_eq!(read(value), Some(Whole(expected)));
        }
    }

    #[test]
    fn a_list_has_many_forms() {
        let one = List(vec![Text("1".into())]);
        for value in [json!([]), json!({}), json!(null), json!([null])] {
            assert_eq!(read(value), Some(List::<Text>::default()));
        }
        for value in [json!([1]), json!(["1"]), json!(1)] {
            assert_eq!(read(value), Some(one.clone()));
        }
        for value in [json!([{}]), json!([[]]), json!([[1]])] {
            assert_eq!(read::<List<Text>>(value), None);
        }
    }
}
