//! The tests that need real servers: every test target of this name, with the features that it requires.

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::run::{cargo, stdout};

/// A package may have one test target of this name. It requires a feature, so that `cargo test` does not run it.
const TARGET: &str = "real_servers";

/// Packages with the features that their target requires.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Suites(Vec<(String, Vec<String>)>);

impl Suites {
    /// Asks cargo.
    pub(super) fn find() -> Result<Self> {
        let printed = stdout(&mut cargo(&["metadata", "--no-deps", "--format-version", "1"]))?;
        let metadata: Value = serde_json::from_str(&printed).map_err(|error| {
            Failure::new(format!("cannot understand cargo metadata: {error}; update cargo"))
        })?;
        let suites = Self::read(&metadata);
        if suites.0.is_empty() {
            return Err(Failure::new(format!("no package has a test target {TARGET}; add one")));
        }
        Ok(suites)
    }

    fn read(metadata: &Value) -> Self {
        let mut suites: Vec<_> = array(&metadata["packages"]).iter().filter_map(suite).collect();
        suites.sort();
        Self(suites)
    }

    /// The names of the packages.
    pub(super) fn packages(&self) -> Vec<&str> {
        self.0.iter().map(|(package, _)| package.as_str()).collect()
    }

    /// What `cargo test` has to be told.
    pub(super) fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["--test".to_owned(), TARGET.to_owned()];
        for (package, features) in &self.0 {
            arguments.extend(["--package".to_owned(), package.clone()]);
            for feature in features {
                arguments.extend(["--features".to_owned(), format!("{package}/{feature}")]);
            }
        }
        arguments
    }
}

fn suite(package: &Value) -> Option<(String, Vec<String>)> {
    let target = array(&package["targets"]).iter().find(|target| target["name"] == TARGET)?;
    let features = array(&target["required-features"]).iter().filter_map(Value::as_str);
    Some((package["name"].as_str()?.to_owned(), features.map(str::to_owned).collect()))
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_packages_with_such_a_test_are_run_at_once() {
        let target = |name: &str| json!({ "name": name, "required-features": ["real-servers"] });
        let metadata = json!({ "packages": [
            { "name": "zeta", "targets": [target("conformance"), target(TARGET)] },
            { "name": "plain", "targets": [target("conformance")] },
            { "name": "acme", "targets": [{ "name": TARGET }] },
        ] });
        let suites = Suites::read(&metadata);
        assert_eq!(suites.packages(), ["acme", "zeta"]);
        let words = "--test real_servers --package acme --package zeta --features zeta/real-servers";
        assert_eq!(suites.arguments().join(" "), words);
    }
}
