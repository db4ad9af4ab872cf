//! The parameters of a call, from the query and a form body, taken out one by one.

use std::collections::BTreeMap;

use crate::cloud::Refusal;
use crate::form;
use crate::http::Request;

/// The largest page, and the page that nobody asked for.
const PAGE_SIZE_MAX: usize = 100;
const PAGE_SIZE_DEFAULT: usize = 10;

/// What is left of the parameters. An empty value is one that was left out.
#[derive(Debug)]
pub(super) struct Params(BTreeMap<String, String>);

/// The part of a list that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) number: usize,
    pub(super) size: usize,
}

/// Query and form body, decoded, in the order in which they came; `None` when they cannot be read.
pub(super) fn pairs(request: &Request) -> Option<Vec<(String, String)>> {
    let mut pairs = form::decode(&request.query)?;
    if is_form(request) {
        pairs.extend(form::decode(std::str::from_utf8(&request.body).ok()?)?);
    }
    Some(pairs)
}

/// Whether a parameter belongs to the request and not to its action.
pub(super) fn is_common(name: &str) -> bool {
    let names = ["AccessKeyId", "Action", "Format", "SecurityToken", "Timestamp", "Version"];
    names.contains(&name) || name.starts_with("Signature")
}

fn is_form(request: &Request) -> bool {
    let content_type = request.header("content-type").unwrap_or_default();
    content_type.starts_with("application/x-www-form-urlencoded")
}

impl Params {
    pub(super) fn read(request: &Request) -> Result<Self, Refusal> {
        let pairs = pairs(request).ok_or_else(|| invalid("The parameters cannot be decoded."))?;
        Ok(Self(pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()))
    }

    /// Takes the parameters of the request itself. What a request says in headers, it does not say here.
    pub(super) fn take_common(&mut self, in_headers: bool) -> Result<(), Refusal> {
        let format = self.take("Format").is_none_or(|format| !format.eq_ignore_ascii_case("json"));
        if format && !in_headers {
            return Err(invalid("Only Format=JSON is simulated, and the default is another."));
        }
        self.0.retain(|name, _| !is_common(name));
        Ok(())
    }

    /// Takes a parameter that may be left out.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Takes a parameter that must be there.
    pub(super) fn require(&mut self, name: &str) -> Result<String, Refusal> {
        self.take(name).ok_or_else(|| missing(name))
    }

    /// Takes a switch; left out it is off. The vendor's own SDK writes `True`.
    pub(super) fn take_flag(&mut self, name: &str) -> Result<bool, Refusal> {
        match self.take(name).map(|text| text.to_ascii_lowercase()).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(invalid(format!("The specified parameter {name} is not valid."))),
        }
    }

    /// Takes `NAME.1`, `NAME.2` and so on, in the order of the numbers.
    pub(super) fn take_list(&mut self, name: &str) -> Vec<String> {
        let of_list = |key: &str| key.strip_prefix(name)?.strip_prefix('.')?.parse::<u32>().ok();
        let numbers: BTreeMap<u32, String> =
            self.0.keys().filter_map(|key| Some((of_list(key)?, key.clone()))).collect();
        numbers.values().filter(|key| !key.ends_with(".0")).filter_map(|key| self.0.remove(key)).collect()
    }

    /// Takes `NAME.N.Key` with `NAME.N.Value` for N from 1 to so many. A value may be left out.
    pub(super) fn take_keyed(&mut self, name: &str, most: u32) -> Vec<(String, Option<String>)> {
        let mut keyed = Vec::new();
        for number in 1..=most {
            let value = self.take(&format!("{name}.{number}.Value"));
            keyed.extend(self.take(&format!("{name}.{number}.Key")).map(|key| (key, value)));
        }
        keyed
    }

    pub(super) fn take_page(&mut self) -> Result<Page, Refusal> {
        let number = self.take_number("PageNumber", 1, 1..=usize::MAX)?;
        let size = self.take_number("PageSize", PAGE_SIZE_DEFAULT, 1..=PAGE_SIZE_MAX)?;
        Ok(Page { number, size })
    }

    fn take_number(
        &mut self,
        name: &str,
        default: usize,
        allowed: std::ops::RangeInclusive<usize>,
    ) -> Result<usize, Refusal> {
        let Some(text) = self.take(name) else { return Ok(default) };
        let number = text.parse().ok().filter(|number| allowed.contains(number));
        number.ok_or_else(|| invalid(format!("The specified parameter {name} is not valid.")))
    }

    /// Refuses what nobody took. The real cloud is said to ignore it; a client has no use for that.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => Err(Refusal::new(
                "UnsupportedParameter",
                format!("The parameter {name} is not supported by this simulated action."),
            )),
        }
    }
}

impl Page {
    /// The members of a list that are on the page.
    pub(super) fn of<T>(self, list: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        list.skip((self.number - 1).saturating_mul(self.size)).take(self.size)
    }
}

pub(super) fn missing(name: &str) -> Refusal {
    let message = format!(
        "The input parameter \"{name}\" that is mandatory for processing this request is not supplied."
    );
    Refusal::new("MissingParameter", message)
}

/// A parameter whose value is not allowed. Which code the cloud has for each is not documented for these calls.
pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameter", message)
}
