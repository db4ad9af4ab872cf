//! What is measured, and what it is held against: all built as users get it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::build::{Built, Profile, build};
use crate::failure::{Failure, Result};
use crate::run::{cargo, stdout};
use crate::workspace::{Workspace, is_under_plugins};

/// A plugin that has a benchmark target of this name says what world its cloud needs, and sends calls in a bare loop.
const FLOOR: &str = "http_floor";

/// The package and the benchmark target that plans a large world.
const PLANNER: (&str, &str) = ("imgshare-plan", "plan_size");

/// The program with its plugins.
pub(super) fn program() -> Result<Built> {
    build(&Workspace::find()?, Profile::Release)
}

/// The bare loop of a provider.
#[derive(Debug)]
pub(super) struct Floor {
    /// The provider's name.
    pub(super) provider: String,
    /// The program.
    pub(super) program: PathBuf,
}

/// Builds the bare loop of the first provider that has one.
pub(super) fn floor() -> Result<Floor> {
    let printed = stdout(&mut cargo(&["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&printed)
        .map_err(|error| Failure::new(format!("cannot understand cargo metadata: {error}; update cargo")))?;
    let provider = provider_with_floor(&metadata).ok_or_else(|| {
        Failure::new(format!("no package under plugins/ has a benchmark target {FLOOR}; add one"))
    })?;
    Ok(Floor { program: benchmark(&provider, FLOOR)?, provider })
}

fn provider_with_floor(metadata: &Value) -> Option<String> {
    let root = Path::new(metadata["workspace_root"].as_str()?);
    let mut packages = metadata["packages"].as_array()?.iter();
    let found = packages.find(|package| is_under_plugins(root, package) && has_floor(package))?;
    found["name"].as_str().map(str::to_owned)
}

fn has_floor(package: &Value) -> bool {
    let targets = package["targets"].as_array().map(Vec::as_slice).unwrap_or_default();
    targets.iter().any(|target| target["name"] == FLOOR)
}

/// Builds the planner of large worlds.
pub(super) fn planner() -> Result<PathBuf> {
    let (package, target) = PLANNER;
    benchmark(package, target)
}

fn benchmark(package: &str, target: &str) -> Result<PathBuf> {
    eprintln!("building {target} of {package}");
    let mut command = cargo(&["build", "--release", "--package", package, "--bench", target]);
    let messages = stdout(command.arg("--message-format=json-render-diagnostics"))?;
    executable(&messages, target)
        .ok_or_else(|| Failure::new(format!("cargo has built no program {target} of {package}")))
}

fn executable(messages: &str, target: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut ours = messages.filter(|message| message["target"]["name"] == target);
    ours.find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_bare_loop_is_that_of_the_plugin_which_has_one() {
        let package = |name: &str, target: &str| {
            json!({
                "name": name,
                "manifest_path": format!("/repo/plugins/{name}/Cargo.toml"),
                "targets": [{ "name": target }],
            })
        };
        let packages = |second: &str| json!({ "workspace_root": "/repo", "packages": [package("a", "a"), package("b", second)] });
        assert_eq!(provider_with_floor(&packages(FLOOR)).as_deref(), Some("b"));
        assert_eq!(provider_with_floor(&packages("b")), None);
    }

    #[test]
    fn the_program_of_a_benchmark_is_picked_from_what_cargo_built() {
        let messages = r#"
            {"target":{"name":"acme"},"executable":null}
            {"target":{"name":"http_floor"},"executable":"/t/http_floor-1a2b"}
        "#;
        assert_eq!(executable(messages, "http_floor"), Some("/t/http_floor-1a2b".into()));
        assert_eq!(executable(messages, "acme"), None);
    }
}
