//! Who may know whom: docs/architecture.md says why.

use super::Finding;
use super::packages::{Need, Package, Role, packages, root_manifest};
use super::tree::Tree;

/// What each crate may know of ours. Below it stands nothing that knows it. The program knows the testkit for
/// `imgshare providers test`.
const MAY_KNOW: &[(&str, &[&str])] = &[
    (
        "imgshare",
        &[
            "imgshare-cloudsim",
            "imgshare-config",
            "imgshare-engine",
            "imgshare-host",
            "imgshare-plan",
            "imgshare-protocol",
            "imgshare-testkit",
        ],
    ),
    ("imgshare-engine", &["imgshare-host", "imgshare-plan", "imgshare-protocol"]),
    ("imgshare-host", &["imgshare-abi", "imgshare-protocol"]),
    ("imgshare-config", &["imgshare-protocol"]),
    ("imgshare-plan", &["imgshare-protocol"]),
    ("imgshare-sdk", &["imgshare-abi", "imgshare-protocol"]),
    ("imgshare-testkit", &["imgshare-cloudsim", "imgshare-host", "imgshare-protocol"]),
    ("imgshare-cloudsim", &[]),
    ("imgshare-protocol", &[]),
    ("imgshare-abi", &[]),
    ("xtask", &[]),
];

/// A plugin sees what its author sees.
const PLUGINS_MAY_KNOW: &[&str] = &["imgshare-sdk"];

/// The host's tests also build plugins by hand, as old or as broken as need be.
const FIXTURES_MAY_KNOW: &[&str] = &["imgshare-sdk", "imgshare-abi"];

/// Any test may use these: they reach no user by way of a test, and stand above nothing that is tested with them.
const TESTS_MAY_KNOW: &[&str] = &["imgshare-testkit", "imgshare-cloudsim", "imgshare-config"];

/// Crates of others that only one of ours may name, also in tests.
const BELONGS_TO: &[(&str, &str)] =
    &[("abi_stable", "imgshare-abi"), ("libloading", "imgshare-host"), ("reqwest", "imgshare-host")];

/// A fixture with a wrong layout cannot be made without it.
const FIXTURES_MAY_NAME: &[&str] = &["abi_stable"];

/// Whatever waits or connects. Who is pure, or is driven by somebody else, has no use for it.
const RUNTIMES: &[&str] = &["tokio", "async-std", "smol", "reqwest", "hyper", "ureq", "socket2"];

const WITHOUT_RUNTIME: &[&str] =
    &["imgshare-abi", "imgshare-config", "imgshare-plan", "imgshare-protocol", "imgshare-sdk", "xtask"];

/// Our crates know only whom they may know.
pub(super) fn of_our_crates(tree: &Tree) -> Vec<Finding> {
    let packages = packages(tree);
    let ours: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let findings = packages.iter().flat_map(|package| {
        let Some(known) = may_know(package) else { return vec![unlisted(package)] };
        let named = package.dependencies().into_iter().filter(|(_, name)| ours.contains(&name.as_str()));
        let strangers = named.filter(|(need, name)| !allows(known, *need, name));
        strangers.map(|(_, name)| must_not_know(package, &name, known)).collect()
    });
    findings.collect()
}

fn may_know(package: &Package) -> Option<&'static [&'static str]> {
    match package.role() {
        Role::Plugin => Some(PLUGINS_MAY_KNOW),
        Role::Fixture => Some(FIXTURES_MAY_KNOW),
        Role::Crate => MAY_KNOW.iter().find(|(name, _)| *name == package.name).map(|(_, known)| *known),
    }
}

fn allows(known: &[&str], need: Need, name: &str) -> bool {
    known.contains(&name) || (need == Need::Tests && TESTS_MAY_KNOW.contains(&name))
}

fn unlisted(package: &Package) -> Finding {
    let sentence = format!(
        "nothing says whom {} may know; list it in {} and in docs/architecture.md",
        package.name,
        file!()
    );
    Finding::new(package.path(), sentence)
}

fn must_not_know(package: &Package, stranger: &str, known: &[&str]) -> Finding {
    let known = if known.is_empty() { "none of ours".to_owned() } else { known.join(", ") };
    let sentence = format!(
        "{} must not know {stranger}, only {known}; remove the dependency and pass what is needed as data",
        package.name
    );
    Finding::new(package.path(), sentence)
}

/// What belongs to one crate stays in it, and there is no runtime where there is nothing to wait for.
pub(super) fn of_other_crates(tree: &Tree) -> Vec<Finding> {
    let findings = packages(tree).into_iter().flat_map(|package| {
        let named = package.dependencies();
        named
            .into_iter()
            .filter_map(move |(need, name)| stray(&package, &name).or_else(|| runtime(&package, need, &name)))
    });
    findings.collect()
}

fn stray(package: &Package, name: &str) -> Option<Finding> {
    let (_, owner) = BELONGS_TO.iter().find(|(theirs, _)| *theirs == name)?;
    let excused = package.role() == Role::Fixture && FIXTURES_MAY_NAME.contains(&name);
    let sentence = format!("only {owner} may name {name}; remove it and use what {owner} offers");
    (package.name != *owner && !excused).then(|| Finding::new(package.path(), sentence))
}

fn runtime(package: &Package, need: Need, name: &str) -> Option<Finding> {
    let without = package.role() == Role::Plugin || WITHOUT_RUNTIME.contains(&package.name.as_str());
    let applies = without && need == Need::Always && RUNTIMES.contains(&name);
    let sentence =
        format!("{} has no runtime and no sockets; remove {name}: the host waits and sends", package.name);
    applies.then(|| Finding::new(package.path(), sentence))
}

/// The boundary stays what it is: its library exactly the version that was tried, its own version 1 for ever, since
/// both are compared when a plugin is loaded.
pub(super) fn of_the_boundary(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !root_version(tree, "abi_stable").starts_with('=') {
        let sentence =
            "abi_stable is not pinned; write version = \"=X.Y.Z\" (docs/decisions/0001-abi-stable.md)";
        findings.push(Finding::new("Cargo.toml", sentence));
    }
    let abi = packages(tree).into_iter().find(|package| package.name == "imgshare-abi");
    if let Some(abi) = abi.filter(|abi| !own_version(abi).starts_with("1.")) {
        let sentence =
            "the version of imgshare-abi is not 1.x, so every plugin of today would be refused; put it back";
        findings.push(Finding::new(abi.path(), sentence));
    }
    findings
}

fn root_version(tree: &Tree, name: &str) -> String {
    let root = root_manifest(tree);
    let entry = root.get("workspace").and_then(|workspace| workspace.get("dependencies")?.get(name));
    let version = entry.and_then(|entry| entry.get("version").or(Some(entry))?.as_str());
    version.unwrap_or_default().to_owned()
}

fn own_version(package: &Package) -> &str {
    let version = package.manifest.get("package").and_then(|package| package.get("version")?.as_str());
    version.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::packages::ROOT;
    use super::super::said;
    use super::*;

    fn manifest(name: &str, rest: &str) -> String {
        format!("[package]\nname = '{name}'\n{rest}")
    }

    fn check(rule: super::super::Rule, folder: &str, text: &str, expected: &[&str]) {
        let others = ["imgshare-plan", "imgshare-protocol", "imgshare-sdk", "imgshare-testkit"];
        let others = others.map(|name| (format!("crates/{name}/Cargo.toml"), manifest(name, "")));
        let path = format!("{folder}/Cargo.toml");
        let mut files: Vec<(&str, &str)> =
            others.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        files.retain(|(other, _)| *other != path);
        files.extend([ROOT, (&path, text)]);
        assert_eq!(said(rule, &files), expected);
    }

    #[test]
    fn a_crate_that_knows_too_much_is_found() {
        let text = manifest("imgshare-protocol", "[dependencies]\nimgshare-plan.workspace = true");
        let found = "crates/imgshare-protocol/Cargo.toml: imgshare-protocol must not know imgshare-plan, \
                     only none of ours; remove the dependency and pass what is needed as data";
        check(of_our_crates, "crates/imgshare-protocol", &text, &[found]);
    }

    #[test]
    fn a_plugin_sees_the_sdk_alone() {
        let text = manifest(
            "acme",
            "[dependencies]\nimgshare-sdk.workspace = true\nimgshare-protocol.workspace = true\n\
             [dev-dependencies]\nimgshare-testkit.workspace = true",
        );
        let found = "plugins/acme/Cargo.toml: acme must not know imgshare-protocol, only imgshare-sdk; \
                     remove the dependency and pass what is needed as data";
        check(of_our_crates, "plugins/acme", &text, &[found]);
    }

    #[test]
    fn the_testkit_is_for_tests() {
        let text = manifest("imgshare-plan", "[dependencies]\nimgshare-testkit.workspace = true");
        let found = "crates/imgshare-plan/Cargo.toml: imgshare-plan must not know imgshare-testkit, \
                     only imgshare-protocol; remove the dependency and pass what is needed as data";
        check(of_our_crates, "crates/imgshare-plan", &text, &[found]);
    }

    #[test]
    fn a_new_crate_must_say_whom_it_knows() {
        let found = "crates/util/Cargo.toml: nothing says whom util may know; \
                     list it in crates/xtask/src/tidy/dependencies.rs and in docs/architecture.md";
        check(of_our_crates, "crates/util", &manifest("util", ""), &[found]);
    }

    #[test]
    fn nobody_but_its_owner_names_a_crate_that_belongs_to_one_of_ours() {
        let text = manifest("imgshare-plan", "[dev-dependencies]\nlibloading = '0.9'");
        let found = "crates/imgshare-plan/Cargo.toml: only imgshare-host may name libloading; \
                     remove it and use what imgshare-host offers";
        check(of_other_crates, "crates/imgshare-plan", &text, &[found]);
    }

    #[test]
    fn a_fixture_may_be_as_wrong_as_its_test_needs() {
        let text = manifest("wrong", "[dependencies]\nabi_stable = '1'\nimgshare-sdk.workspace = true");
        check(of_other_crates, "crates/host/tests/fixtures/wrong", &text, &[]);
        check(of_our_crates, "crates/host/tests/fixtures/wrong", &text, &[]);
    }

    #[test]
    fn there_is_no_runtime_in_a_plugin() {
        let text = manifest("acme", "[dependencies]\ntokio = '1'\n[dev-dependencies]\ntokio = '1'");
        let found = "plugins/acme/Cargo.toml: acme has no runtime and no sockets; remove tokio: the host waits and sends";
        check(of_other_crates, "plugins/acme", &text, &[found]);
    }

    #[test]
    fn the_boundary_must_not_drift() {
        let root = "[workspace]\nmembers = ['crates/*']\n[workspace.dependencies]\nabi_stable = { version = '0.11' }";
        let abi = manifest("imgshare-abi", "version = '2.0.0'");
        let found = said(of_the_boundary, &[("Cargo.toml", root), ("crates/imgshare-abi/Cargo.toml", &abi)]);
        assert_eq!(
            found,
            [
                "Cargo.toml: abi_stable is not pinned; write version = \"=X.Y.Z\" (docs/decisions/0001-abi-stable.md)",
                "crates/imgshare-abi/Cargo.toml: the version of imgshare-abi is not 1.x, so every plugin of today \
                 would be refused; put it back",
            ]
        );
    }
}
