//! JSON that is handed on as it is written.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The text of one JSON value. A result crosses the boundary in this form, so that it is written once and read once, by
/// whoever knows its type; a tree of values in between would be built and taken apart again on both sides.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(Box<RawValue>);

impl Json {
    /// The value in its JSON form.
    ///
    /// # Errors
    ///
    /// When it has none.
    pub fn of(value: &(impl Serialize + ?Sized)) -> serde_json::Result<Self> {
        serde_json::value::to_raw_value(value).map(Self)
    }

    /// Reads it as a `T`.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.0.get())
    }
}

impl PartialEq for Json {
    /// By the letter: the same value written otherwise is another text.
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

/// Reads JSON text. Looking once at all of it whether it is UTF-8 takes a fraction of the time that serde takes for
/// looking at each string.
///
/// # Errors
///
/// When it is no `T`, or not UTF-8.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    serde_json::from_str(std::str::from_utf8(bytes).map_err(serde::de::Error::custom)?)
}
