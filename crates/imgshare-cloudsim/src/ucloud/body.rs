//! The parameters as they arrive, as a form or as JSON, and the text that is signed.
//!
//! <https://docs.ucloud.cn/api/summary/signature>. Written for this crate alone.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::form;
use crate::hash::sha1_hex;
use crate::http::Request;

/// The body of a request.
#[derive(Debug)]
pub(super) enum Body {
    Form(BTreeMap<String, String>),
    Json(Map<String, Value>),
}

impl Body {
    /// Reads the body of a POST; `None` when it has neither form.
    pub(super) fn read(request: &Request) -> Option<Self> {
        if request.method != "POST" {
            return None;
        }
        let json = request.header("content-type").is_some_and(|of| of.starts_with("application/json"));
        if json {
            return serde_json::from_slice(&request.body).ok().map(Self::Json);
        }
        let pairs = form::decode(std::str::from_utf8(&request.body).ok()?)?;
        Some(Self::Form(pairs.into_iter().collect()))
    }

    /// A parameter of text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self {
            Self::Form(params) => params.get(name).map(String::as_str),
            Self::Json(params) => params.get(name)?.as_str(),
        }
    }

    /// Whether the signature that came along is that of these parameters, made with this key.
    pub(super) fn is_signed_with(&self, private_key: &str) -> bool {
        self.text("Signature") == Some(&sha1_hex(self.string_to_sign(private_key).as_bytes()))
    }

    /// Every parameter's name and value, sorted by name, and the key, with nothing between them.
    fn string_to_sign(&self, private_key: &str) -> String {
        let signed = |name: &str| name != "Signature";
        let pairs: String = match self {
            Self::Form(params) => params
                .iter()
                .filter(|(name, _)| signed(name))
                .map(|(name, value)| format!("{name}{value}"))
                .collect(),
            Self::Json(params) => {
                let params = params.iter().filter(|(name, _)| signed(name));
                object_text(params)
            }
        };
        pairs + private_key
    }

    /// The parameters as a form has them: `Name.0` for a member of a list, `Name.Key` for one of an object.
    pub(super) fn flat(self) -> BTreeMap<String, String> {
        match self {
            Self::Form(params) => params,
            Self::Json(params) => {
                let mut flat = BTreeMap::new();
                params.iter().for_each(|(name, value)| flatten(name.clone(), value, &mut flat));
                flat
            }
        }
    }
}

fn object_text<'a>(members: impl Iterator<Item = (&'a String, &'a Value)>) -> String {
    let sorted: BTreeMap<_, _> = members.filter(|(_, value)| !value.is_null()).collect();
    sorted.iter().map(|(name, value)| format!("{name}{}", value_text(value))).collect()
}

/// A value as it is signed: of a list its members run together, of an object its members sorted by name. No vector
/// covers these two; the vendor's Go SDK does it so.
fn value_text(value: &Value) -> String {
    match value {
        Value::Array(members) => members.iter().map(value_text).collect(),
        Value::Object(members) => object_text(members.iter()),
        scalar => scalar_text(scalar),
    }
}

fn flatten(name: String, value: &Value, flat: &mut BTreeMap<String, String>) {
    match value {
        Value::Null => {}
        Value::Array(members) => members
            .iter()
            .enumerate()
            .for_each(|(index, member)| flatten(format!("{name}.{index}"), member, flat)),
        Value::Object(members) => {
            members.iter().for_each(|(key, member)| flatten(format!("{name}.{key}"), member, flat));
        }
        scalar => drop(flat.insert(name, scalar_text(scalar))),
    }
}

/// A float without a fraction is written as an integer.
fn scalar_text(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match text.strip_suffix(".0") {
        Some(whole) if value.is_f64() => whole.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
#[path = "body_vectors.rs"]
mod vectors;
