//! The files of a new provider: those of a provider called acme, with another name.

use super::name::Name;
use super::place::Around;
use super::source::Source;

/// The code that docs/writing-a-provider.md explains.
pub(super) const PROVIDER: &str = include_str!("../template/lib.rs");
const MANIFEST: &str = include_str!("../template/manifest.toml");
const MEMBER: &str = include_str!("../template/member.toml");
const EXAMPLE: &str = include_str!("../template/example.toml");
const CONFORMANCE: &str = include_str!("../template/conformance.rs");
const README: &str = include_str!("../template/README.md");
const CHANGELOG: &str = include_str!("../template/CHANGELOG.md");

/// Without it cargo would look for the crate among the members of the workspace around it.
const OWN_WORKSPACE: &str = "\n# Not a member of the workspace around it.\n[workspace]\n";

/// A file to be written.
#[derive(Debug)]
pub(super) struct File {
    /// Within the provider's folder.
    pub(super) path: &'static str,
    /// What it is for.
    pub(super) about: &'static str,
    pub(super) text: String,
}

/// All files of the provider's folder.
pub(super) fn of(name: &Name, around: &Around, source: &Source) -> Vec<File> {
    let file = |path, about, text: &str| File { path, about, text: named(text, name) };
    vec![
        file("src/lib.rs", "the provider", PROVIDER),
        file("Cargo.toml", "the package", &manifest(around, source)),
        file("example.toml", "a config", EXAMPLE),
        file("tests/conformance.rs", "what every provider promises", CONFORMANCE),
        file("README.md", "what this cloud calls things", README),
        file("CHANGELOG.md", "what changed for users", CHANGELOG),
    ]
}

fn manifest(around: &Around, source: &Source) -> String {
    match around {
        Around::Imgshare => MEMBER.to_owned(),
        Around::OtherWorkspace => source.in_manifest(MANIFEST) + OWN_WORKSPACE,
        Around::Nothing => source.in_manifest(MANIFEST),
    }
}

fn named(text: &str, name: &Name) -> String {
    text.replace("Acme", &name.camel()).replace("acme", name.as_str())
}
