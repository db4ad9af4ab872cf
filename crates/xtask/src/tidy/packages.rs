//! The packages of the workspace, as their manifests describe them.

use toml::{Table, Value};

use super::tree::Tree;

/// A member of the workspace.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) name: String,
    /// From the root: `crates/imgshare-plan`.
    pub(super) folder: String,
    pub(super) manifest: Table,
}

/// What a member is, as far as rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Under `crates/`.
    Crate,
    /// Under `plugins/`.
    Plugin,
    /// A plugin, good or bad, that a crate's tests build.
    Fixture,
}

/// When a dependency is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// By what others build.
    Always,
    /// By tests only.
    Tests,
}

impl Package {
    pub(super) fn role(&self) -> Role {
        match self.folder.as_str() {
            folder if folder.contains("/tests/") => Role::Fixture,
            folder if folder.starts_with("plugins/") => Role::Plugin,
            _ => Role::Crate,
        }
    }

    /// The path of its manifest.
    pub(super) fn path(&self) -> String {
        format!("{}/Cargo.toml", self.folder)
    }

    /// The names of all packages that it names, with build dependencies and those of some systems only.
    pub(super) fn dependencies(&self) -> Vec<(Need, String)> {
        let systems = self.manifest.get("target").and_then(Value::as_table);
        let tables = systems.into_iter().flat_map(Table::values).filter_map(Value::as_table);
        [&self.manifest].into_iter().chain(tables).flat_map(named_in).collect()
    }
}

const TABLES: &[(&str, Need)] = &[
    ("dependencies", Need::Always),
    ("build-dependencies", Need::Always),
    ("dev-dependencies", Need::Tests),
];

fn named_in(table: &Table) -> Vec<(Need, String)> {
    let tables = TABLES.iter().filter_map(|(key, need)| Some((*need, table.get(*key)?.as_table()?)));
    tables
        .flat_map(|(need, table)| table.iter().map(move |(key, value)| (need, package_name(key, value))))
        .collect()
}

/// A dependency may have another name than its package.
fn package_name(key: &str, value: &Value) -> String {
    value.get("package").and_then(Value::as_str).unwrap_or(key).to_owned()
}

/// The manifest of the workspace; empty where there is none.
pub(super) fn root_manifest(tree: &Tree) -> Table {
    tree.text("Cargo.toml").and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// All members of the workspace. What is no manifest at all is cargo's to refuse.
pub(super) fn packages(tree: &Tree) -> Vec<Package> {
    let root = root_manifest(tree);
    let members = root.get("workspace").and_then(|workspace| workspace.get("members")?.as_array());
    let patterns: Vec<&str> = members.into_iter().flatten().filter_map(Value::as_str).collect();
    let manifests = tree.ending("/Cargo.toml").filter_map(|(path, text)| {
        let folder = path.strip_suffix("/Cargo.toml")?;
        patterns.iter().any(|pattern| matches(pattern, folder)).then_some((folder, text))
    });
    manifests.filter_map(|(folder, text)| package(folder, text.parse().ok()?)).collect()
}

fn package(folder: &str, manifest: Table) -> Option<Package> {
    let name = manifest.get("package")?.get("name")?.as_str()?.to_owned();
    Some(Package { name, folder: folder.to_owned(), manifest })
}

/// `*` stands for any one name, as in cargo's members.
fn matches(pattern: &str, folder: &str) -> bool {
    let (patterns, names) = (pattern.split('/'), folder.split('/'));
    patterns.clone().count() == names.clone().count()
        && patterns.zip(names).all(|(pattern, name)| pattern == "*" || pattern == name)
}

/// A root manifest for tests of rules.
#[cfg(test)]
pub(super) const ROOT: (&str, &str) =
    ("Cargo.toml", "[workspace]\nmembers = ['crates/*', 'crates/host/tests/fixtures/*', 'plugins/*']\n");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_what_the_root_manifest_says() {
        let named = |name: &str| format!("[package]\nname = '{name}'");
        let (plan, acme, puppet, template) =
            (named("plan"), named("acme"), named("puppet"), named("template"));
        let tree = Tree::of(&[
            ROOT,
            ("crates/plan/Cargo.toml", &plan),
            ("crates/plan/templates/Cargo.toml", &template),
            ("crates/host/tests/fixtures/puppet/Cargo.toml", &puppet),
            ("plugins/acme/Cargo.toml", &acme),
        ]);
        let found = packages(&tree).into_iter().map(|package| (package.role(), package.name));
        let expected = [(Role::Fixture, "puppet"), (Role::Crate, "plan"), (Role::Plugin, "acme")];
        assert_eq!(found.collect::<Vec<_>>(), expected.map(|(role, name)| (role, name.to_owned())));
    }

    #[test]
    fn a_dependency_is_found_wherever_it_hides() {
        let manifest = "
            [package]
            name = 'a'
            [dependencies]
            plain = '1'
            [build-dependencies]
            builder = '1'
            [dev-dependencies]
            alias = { package = 'real', version = '1' }
            [target.'cfg(unix)'.dependencies]
            systems = '1'";
        let tree = Tree::of(&[ROOT, ("crates/a/Cargo.toml", manifest)]);
        let found = packages(&tree)[0].dependencies();
        let expected = [
            (Need::Always, "plain"),
            (Need::Always, "builder"),
            (Need::Tests, "real"),
            (Need::Always, "systems"),
        ];
        assert_eq!(found, expected.map(|(need, name)| (need, name.to_owned())));
    }
}
