//! Form parameters.

use std::collections::BTreeMap;

use url::form_urlencoded;

/// The parameters of a call.
pub(crate) struct Form(BTreeMap<String, String>);

impl Form {
    pub(crate) fn of(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value; empty when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// `NAME.1`, `NAME.2` and so on, up to the first that is missing.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        (1..).map_while(|n| self.get(&format!("{name}.{n}"))).collect()
    }

    /// The same with one of these members: `NAME.1.MEMBER`.
    pub(crate) fn members(&self, name: &str, members: &[&str]) -> Vec<&str> {
        let member = |n: u32| members.iter().find_map(|member| self.get(&format!("{name}.{n}.{member}")));
        (1..).map_while(member).collect()
    }

    /// The filters: name, and values of which one has to fit.
    pub(crate) fn filters(&self) -> Vec<(&str, Vec<&str>)> {
        let named = (1..).map_while(|n| Some((n, self.get(&format!("Filter.{n}.Name"))?)));
        named.map(|(n, name)| (name, self.list(&format!("Filter.{n}.Value")))).collect()
    }
}
