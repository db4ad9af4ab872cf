//! The parameters of a call, taken out of its JSON body one by one.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::cloud::Refusal;

/// What is left of the parameters.
#[derive(Debug)]
pub(super) struct Params(Map<String, Value>);

impl Params {
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let refusal = |_| Refusal::new("InvalidParameter", "The request body is not a JSON object.");
        serde_json::from_slice(body).map(Self).map_err(refusal)
    }

    /// Takes a parameter that may be left out; null is left out.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Refusal> {
        let Some(value) = self.0.remove(name) else { return Ok(None) };
        let refusal =
            |_| Refusal::new("InvalidParameter", format!("The parameter `{name}` has a wrong type."));
        serde_json::from_value(value).map_err(refusal)
    }

    /// Takes a parameter that must be there.
    pub(super) fn require<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Refusal> {
        self.take(name)?.ok_or_else(|| missing(name))
    }

    /// Refuses what nobody took.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => {
                Err(Refusal::new("UnknownParameter", format!("The parameter `{name}` is not recognized.")))
            }
        }
    }
}

pub(super) fn missing(name: &str) -> Refusal {
    Refusal::new("MissingParameter", format!("The request is missing a required parameter `{name}`."))
}

/// A parameter whose value is not allowed.
pub(super) fn invalid_value(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterValue", message)
}

/// A list that is too long or a number that is too large.
pub(super) fn limit_exceeded(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterValue.LimitExceeded", message)
}
