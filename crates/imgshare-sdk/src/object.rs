//! JSON objects that are objects.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// Reads `T` from a JSON object and from nothing else. serde takes a *list* for a struct too, field by field, so that
/// `[]` would pass for a struct whose fields may all be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData))
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Answer {
        total: Option<u32>,
    }

    fn read(json: &str) -> Option<Answer> {
        serde_json::from_str(json).ok().map(|Object(answer)| answer)
    }

    #[test]
    fn an_object_is_read_and_a_list_is_none() {
        assert_eq!(read(r#"{"total": 7, "more": []}"#), Some(Answer { total: Some(7) }));
        assert_eq!(read("{}"), Some(Answer { total: None }));
        for other in ["[]", "[7]", "7", "null", r#""total""#] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
