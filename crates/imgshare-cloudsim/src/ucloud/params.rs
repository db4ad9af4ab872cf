//! The parameters of a call, taken out one by one.
//!
//! The codes 210 and 230 occur in this cloud's answers; no page says which of them means what. Here 210 is for what is
//! missing and 230 for what is wrong or not asked for.

use std::collections::BTreeMap;

use super::body::Body;
use crate::cloud::Refusal;
use crate::http::Request;

const LIMIT_DEFAULT: usize = 20;
const LIMIT_MAX: usize = 100;

/// What is left of the parameters.
#[derive(Debug)]
pub(super) struct Params {
    left: BTreeMap<String, String>,
    project: Option<String>,
}

/// The part of a list that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slice {
    offset: usize,
    limit: usize,
}

impl Params {
    pub(super) fn read(request: &Request) -> Result<Self, Refusal> {
        let mut left = Body::read(request).ok_or_else(unreadable)?.flat();
        for name in ["Action", "PublicKey", "Signature", "SecurityToken"] {
            left.remove(name);
        }
        let project = left.remove("ProjectId").filter(|id| !id.is_empty());
        Ok(Self { left, project })
    }

    /// The project that the call is for, which every action takes.
    pub(super) fn project(&self) -> Option<&str> {
        self.project.as_deref()
    }

    /// Takes a parameter that may be left out or empty.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.left.remove(name).filter(|value| !value.is_empty())
    }

    /// Takes a parameter that must be there.
    pub(super) fn require(&mut self, name: &str) -> Result<String, Refusal> {
        self.take(name).ok_or_else(|| missing(name))
    }

    /// Takes `NAME.0`, `NAME.1` and so on, whatever number it starts with, in the order of the numbers.
    pub(super) fn take_list(&mut self, name: &str) -> Vec<String> {
        let number = |key: &str| key.strip_prefix(name)?.strip_prefix('.')?.parse::<u32>().ok();
        let numbers: BTreeMap<u32, String> =
            self.left.keys().filter_map(|key| Some((number(key)?, key.clone()))).collect();
        numbers.values().filter_map(|key| self.left.remove(key)).collect()
    }

    pub(super) fn take_slice(&mut self) -> Result<Slice, Refusal> {
        let offset = self.take_number("Offset", 0)?;
        let limit = self.take_number("Limit", LIMIT_DEFAULT)?;
        let allowed = (1..=LIMIT_MAX).contains(&limit);
        allowed.then_some(Slice { offset, limit }).ok_or_else(|| not_available("Limit"))
    }

    fn take_number(&mut self, name: &str, default: usize) -> Result<usize, Refusal> {
        let Some(text) = self.take(name) else { return Ok(default) };
        text.parse().map_err(|_| not_available(name))
    }

    /// Refuses what nobody took.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(name) => Err(not_available(name)),
        }
    }
}

impl Slice {
    /// The members of a list that are in the slice.
    pub(super) fn of<T>(self, list: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        list.skip(self.offset).take(self.limit)
    }
}

pub(super) fn missing(name: &str) -> Refusal {
    Refusal::new("210", format!("Missing params [{name}]"))
}

/// A parameter whose value is not allowed, or that the action does not have.
pub(super) fn not_available(name: &str) -> Refusal {
    Refusal::new("230", format!("Params [{name}] not available"))
}

pub(super) fn unreadable() -> Refusal {
    Refusal::new("230", "Only POST with a form or a JSON object is simulated")
}
