//! Signing vectors: inputs of a signature, and every text on the way to it as the vendor's own SDK makes it.
//!
//! A file is JSON: `{"scheme": "...", "vectors": [{"name": "...", ...}, ...]}`. What else a vector holds is the scheme's
//! business.
//!
//! ```no_run
//! # mod acme { pub fn string_to_sign(body: &str) -> String { body.to_owned() } }
//! #[derive(serde::Deserialize)]
//! struct Vector {
//!     body: String,
//!     string_to_sign: String,
//! }
//!
//! # fn a_test() {
//! let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/acme.json");
//! imgshare_testkit::vectors::run(&own, |vector: &Vector, compare| {
//!     compare.text("string to sign", &acme::string_to_sign(&vector.body), &vector.string_to_sign);
//! });
//! # }
//! ```

use std::fmt::Debug;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The environment variable that names a folder with more vectors.
pub const FOLDER: &str = "IMGSHARE_VECTORS";

#[derive(Deserialize)]
struct File {
    scheme: Value,
    vectors: Vec<Value>,
}

/// Compares what a provider makes of one vector with what is expected, text by text.
pub struct Compare {
    vector: String,
}

impl Compare {
    /// Both texts are the same.
    ///
    /// # Panics
    ///
    /// When they are not: with the vector's name, and the first line that differs.
    #[track_caller]
    pub fn text(&self, what: &str, actual: &str, expected: &str) {
        if let Some(difference) = first_difference(actual, expected) {
            panic!("{}: {what} differs {difference}", self.vector);
        }
    }

    /// Both values are the same.
    ///
    /// # Panics
    ///
    /// When they are not, with the vector's name.
    #[track_caller]
    pub fn value<T: PartialEq + Debug>(&self, what: &str, actual: &T, expected: &T) {
        assert!(actual == expected, "{}: {what} is {actual:?}, expected {expected:?}", self.vector);
    }
}

fn first_difference(actual: &str, expected: &str) -> Option<String> {
    if actual == expected {
        return None;
    }
    let (ours, theirs): (Vec<_>, Vec<_>) = (actual.split('\n').collect(), expected.split('\n').collect());
    let at = ours.iter().zip(&theirs).take_while(|(our, their)| our == their).count();
    let line = |lines: &[&str]| lines.get(at).map_or("nothing".to_owned(), |line| format!("{line:?}"));
    Some(format!("in line {}\n  is:       {}\n  expected: {}", at + 1, line(&ours), line(&theirs)))
}

/// Checks every vector of the provider's own file; and, with `IMGSHARE_VECTORS` set to a folder, of every JSON file
/// there that has its name or its scheme.
///
/// # Panics
///
/// When a file cannot be read or holds no vector, and where `check` does.
pub fn run<V: DeserializeOwned>(own: &Path, check: impl Fn(&V, &Compare)) {
    let scheme = check_file(own, &check);
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    for path in json_files(Path::new(&folder)) {
        if path.file_name() == own.file_name() || read(&path).is_some_and(|file| file.scheme == scheme) {
            check_file(&path, &check);
        }
    }
}

/// Gives the file's scheme.
fn check_file<V: DeserializeOwned>(path: &Path, check: &impl Fn(&V, &Compare)) -> Value {
    let shown = path.display();
    let file =
        read(path).unwrap_or_else(|| panic!("{shown} is no file of vectors: it lacks scheme or vectors"));
    assert!(!file.vectors.is_empty(), "{shown} holds no vector");
    for (at, vector) in file.vectors.into_iter().enumerate() {
        let name = vector["name"].as_str().map_or_else(|| format!("vector {}", at + 1), str::to_owned);
        let vector_of_file = format!("{shown}: {name}");
        let vector: V =
            serde_json::from_value(vector).unwrap_or_else(|error| panic!("{vector_of_file}: {error}"));
        check(&vector, &Compare { vector: vector_of_file });
    }
    file.scheme
}

/// `None`: it is JSON of another kind.
fn read(path: &Path) -> Option<File> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{shown}: {error}"));
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{shown}: {error}"));
    File::deserialize(value).ok()
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{FOLDER} names {}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a folder that was opened can be listed").path());
    let mut json: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    json.sort();
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(test: impl FnOnce() + std::panic::UnwindSafe) -> String {
        let panic = std::panic::catch_unwind(test).expect_err("it panics");
        *panic.downcast::<String>().expect("with a sentence")
    }

    fn run_over(text: &str) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("acme.json");
        std::fs::write(&path, text).expect("it can be written to");
        run(&path, |vector: &Value, compare| {
            let expected = vector["expect"].as_str().expect("a text");
            compare.text("string to sign", "GET\nhost\nbody", expected);
        });
    }

    #[test]
    fn a_vector_that_differs_is_named_with_its_line() {
        run_over(r#"{"scheme": "s", "vectors": [{"name": "plain", "expect": "GET\nhost\nbody"}]}"#);
        let said = said(|| {
            run_over(r#"{"scheme": "s", "vectors": [{"name": "odd", "expect": "GET\nHOST\nbody"}]}"#);
        });
        assert!(said.contains("acme.json: odd: string to sign differs in line 2"), "{said}");
        assert!(said.ends_with("  is:       \"host\"\n  expected: \"HOST\""), "{said}");
    }

    #[test]
    fn a_text_that_ends_early_differs() {
        let said = said(|| run_over(r#"{"scheme": "s", "vectors": [{"expect": "GET\nhost"}]}"#));
        assert!(said.contains("vector 1: string to sign differs in line 3"), "{said}");
        assert!(said.ends_with("expected: nothing"), "{said}");
    }

    #[test]
    fn a_file_without_vectors_is_no_success() {
        assert!(said(|| run_over(r#"{"scheme": "s", "vectors": []}"#)).ends_with("holds no vector"));
        assert!(said(|| run_over(r#"{"exchanges": []}"#)).contains("no file of vectors"));
    }
}
