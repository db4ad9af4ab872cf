//! What stands in an answer: the call's own content and, among it, what every answer has. It is taken apart while it is
//! read, for most answers are short and many, and going through each twice took a tenth of the plugin's time.

use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};

/// What every answer has.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Head {
    pub(super) error: Option<Refusal>,
    pub(super) request_id: Option<String>,
}

/// Why the cloud did not do it.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Refusal {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
}

/// Both parts of an answer.
pub(super) struct Content<T> {
    pub(super) head: Head,
    pub(super) value: T,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Content<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData))
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = Content<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        let mut head = Head::default();
        let value = T::deserialize(MapAccessDeserializer::new(Others { members, head: &mut head }))?;
        Ok(Content { head, value })
    }
}

/// The members of an answer, without those of the head, which are kept as they come by.
struct Others<'a, A> {
    members: A,
    head: &'a mut Head,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Others<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.members.next_key::<String>()? {
            match name.as_str() {
                "Error" => self.head.error = self.members.next_value()?,
                "RequestId" => self.head.request_id = self.members.next_value()?,
                _ => return seed.deserialize(name.into_deserializer()).map(Some),
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.members.next_value_seed(seed)
    }
}
