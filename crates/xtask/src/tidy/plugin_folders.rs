//! A provider is one folder with everything in it, and one word for its folder, package, library and title.

use toml::Table;

use super::Finding;
use super::markdown::Page;
use super::packages::{Package, Role, packages};
use super::rust::Source;
use super::tree::Tree;

/// What every folder has, and why.
const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", "the package"),
    ("README.md", "what this cloud calls things, the rights it needs, its limits"),
    ("CHANGELOG.md", "what changed for users"),
    ("example.toml", "a config that works once the ids are filled in"),
    ("src/lib.rs", "the description, the trait and the export line"),
    ("tests/conformance.rs", "the suite that every provider passes"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let packages = packages(tree);
    let findings = tree.folders("plugins").into_iter().flat_map(|name| {
        let folder = Folder { tree, name };
        let package = packages.iter().find(|package| package.role() == Role::Plugin && folder.is_of(package));
        let mut findings = folder.missing_files();
        findings.extend(package.and_then(|package| folder.wrong_package(package)));
        findings.extend(folder.wrong_title());
        findings.extend(folder.wrong_example());
        findings.extend(folder.missing_export());
        findings.extend(folder.missing_vectors());
        findings
    });
    findings.collect()
}

struct Folder<'a> {
    tree: &'a Tree,
    name: &'a str,
}

impl<'a> Folder<'a> {
    fn path(&self, file: &str) -> String {
        format!("plugins/{}/{file}", self.name)
    }

    fn text(&self, file: &str) -> Option<&'a str> {
        self.tree.text(&self.path(file))
    }

    fn is_of(&self, package: &Package) -> bool {
        package.folder.strip_prefix("plugins/") == Some(self.name)
    }

    fn missing_files(&self) -> Vec<Finding> {
        let missing = FILES.iter().filter(|(file, _)| !self.tree.has(&self.path(file)));
        missing
            .map(|(file, what)| Finding::new(self.path(file), format!("it is missing; write {what}")))
            .collect()
    }

    fn wrong_package(&self, package: &Package) -> Option<Finding> {
        let name = self.name;
        let sentence = if package.name != name {
            format!("the package is called {}, its folder {name}; call both the same", package.name)
        } else if library_name(package).is_some_and(|library| library != name) {
            format!("the library has a name of its own; remove it, so that it is called {name}")
        } else if !makes_a_plugin(package) {
            "it makes no library that can be loaded; add \"cdylib\" to crate-type".to_owned()
        } else {
            return None;
        };
        Some(Finding::new(package.path(), sentence))
    }

    fn wrong_title(&self) -> Option<Finding> {
        let page = Page::read(self.text("README.md")?);
        let title = page.headings().next().unwrap_or_default();
        let first = title.split(|c: char| c.is_whitespace() || c == ':').next();
        let sentence = format!("its title does not begin with the provider's name; write `# {}`", self.name);
        (first != Some(self.name)).then(|| Finding::new(self.path("README.md"), sentence))
    }

    fn wrong_example(&self) -> Option<Finding> {
        let example: Table = self.text("example.toml")?.parse().ok()?;
        let mut clouds =
            example.get("clouds").and_then(toml::Value::as_table).into_iter().flat_map(Table::values);
        let named =
            clouds.any(|cloud| cloud.get("provider").and_then(toml::Value::as_str) == Some(self.name));
        let sentence = format!("no cloud in it has provider = \"{}\"; add one", self.name);
        (!named).then(|| Finding::new(self.path("example.toml"), sentence))
    }

    fn missing_export(&self) -> Option<Finding> {
        let path = self.path("src/lib.rs");
        let source = Source::read(self.tree, &path, self.text("src/lib.rs")?);
        let exports = source.code.contains("export_provider!");
        (!exports).then(|| Finding::new(&path, "it exports no provider; end it with export_provider!(...)"))
    }

    /// Who signs by hand shows that it is what the vendor's own tools sign.
    fn missing_vectors(&self) -> Option<Finding> {
        let signs = self.tree.has(&self.path("src/sign.rs"));
        let path = self.path("tests/vectors.rs");
        let sentence = "it is missing; check src/sign.rs against known signatures there";
        (signs && !self.tree.has(&path)).then(|| Finding::new(path, sentence))
    }
}

fn library_name(package: &Package) -> Option<&str> {
    package.manifest.get("lib")?.get("name")?.as_str()
}

fn makes_a_plugin(package: &Package) -> bool {
    let kinds = package.manifest.get("lib").and_then(|library| library.get("crate-type")?.as_array());
    kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind.as_str() == Some("cdylib")))
}

#[cfg(test)]
mod tests {
    use super::super::packages::ROOT;
    use super::super::said;
    use super::check;

    const MANIFEST: &str = "[package]\nname = 'acme'\n[lib]\ncrate-type = ['cdylib', 'rlib']";

    const COMPLETE: &[(&str, &str)] = &[
        ROOT,
        ("plugins/acme/Cargo.toml", MANIFEST),
        ("plugins/acme/README.md", "# acme\n"),
        ("plugins/acme/CHANGELOG.md", ""),
        ("plugins/acme/example.toml", "[clouds.prod]\nprovider = 'acme'"),
        ("plugins/acme/src/lib.rs", "export_provider!(Acme);"),
        ("plugins/acme/src/sign.rs", ""),
        ("plugins/acme/tests/conformance.rs", ""),
        ("plugins/acme/tests/vectors.rs", ""),
    ];

    fn with(path: &'static str, text: &'static str) -> Vec<String> {
        let mut files = COMPLETE.to_vec();
        files.retain(|(other, _)| *other != path);
        files.push((path, text));
        said(check, &files)
    }

    #[test]
    fn a_complete_folder_is_fine() {
        assert_eq!(said(check, COMPLETE), [""; 0]);
    }

    #[test]
    fn whatever_is_missing_is_found() {
        for (missing, _) in COMPLETE.iter().skip(1).filter(|(path, _)| !path.ends_with("sign.rs")) {
            let rest: Vec<_> = COMPLETE.iter().copied().filter(|(path, _)| path != missing).collect();
            let found = said(check, &rest);
            assert_eq!(found.len(), 1, "{missing}: {found:?}");
            assert!(found[0].starts_with(&format!("{missing}: it is missing; ")), "{found:?}");
        }
    }

    #[test]
    fn who_does_not_sign_needs_no_vectors() {
        let rest = COMPLETE.iter().copied();
        let rest: Vec<_> =
            rest.filter(|(path, _)| !path.ends_with("sign.rs") && !path.ends_with("vectors.rs")).collect();
        assert_eq!(said(check, &rest), [""; 0]);
    }

    #[test]
    fn one_word_is_the_name_of_everything() {
        let manifest = "plugins/acme/Cargo.toml";
        assert_eq!(
            with(manifest, "[package]\nname = 'acme-plugin'"),
            [
                "plugins/acme/Cargo.toml: the package is called acme-plugin, its folder acme; call both the same"
            ]
        );
        assert_eq!(
            with(manifest, "[package]\nname = 'acme'\n[lib]\nname = 'other'\ncrate-type = ['cdylib']"),
            [
                "plugins/acme/Cargo.toml: the library has a name of its own; remove it, so that it is called acme"
            ]
        );
        assert_eq!(
            with("plugins/acme/README.md", "# The Acme cloud\n"),
            ["plugins/acme/README.md: its title does not begin with the provider's name; write `# acme`"]
        );
        assert_eq!(
            with("plugins/acme/example.toml", "[clouds.prod]\nprovider = 'other'"),
            ["plugins/acme/example.toml: no cloud in it has provider = \"acme\"; add one"]
        );
    }

    #[test]
    fn a_folder_that_makes_no_plugin_is_found() {
        assert_eq!(
            with("plugins/acme/Cargo.toml", "[package]\nname = 'acme'"),
            ["plugins/acme/Cargo.toml: it makes no library that can be loaded; add \"cdylib\" to crate-type"]
        );
        assert_eq!(
            with("plugins/acme/src/lib.rs", "// export_provider!(Acme);"),
            ["plugins/acme/src/lib.rs: it exports no provider; end it with export_provider!(...)"]
        );
    }
}
