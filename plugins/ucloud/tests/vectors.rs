//! The signature against values that the vendor's SDK made: every intermediate text, not only the last.
//!
//! With `IMGSHARE_VECTORS` set to a folder, every JSON file of this scheme in it is checked too.

use std::collections::BTreeMap;
use std::path::Path;

use imgshare_sdk::Secret;
use serde::Deserialize;
use serde_json::Value;
use ucloud::form::Form;
use ucloud::sign::{Keys, signature, signed, string_to_sign, with_caller};

const SCHEME: &str = "UCloud SHA1";

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    inputs: Inputs,
    expect: Expect,
}

#[derive(Deserialize)]
struct Inputs {
    public_key: String,
    private_key: String,
    params: Value,
}

#[derive(Deserialize)]
struct Expect {
    flat_params: BTreeMap<String, String>,
    string_to_sign: String,
    signature: String,
}

#[test]
fn every_text_on_the_way_to_the_signature_is_the_vendors() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/ucloud-sha1.json");
    assert!(check_file(&own), "{} is of another scheme", own.display());
}

#[test]
fn vectors_that_anybody_brings_are_checked_too() {
    let Some(folder) = std::env::var_os("IMGSHARE_VECTORS") else { return };
    let entries = std::fs::read_dir(&folder).expect("IMGSHARE_VECTORS names a folder");
    let paths = entries.map(|entry| entry.expect("the folder can be listed").path());
    let json = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    json.for_each(|path| _ = check_file(&path));
}

/// Checks all vectors of this file. `false`: it is of another scheme, and for another provider.
fn check_file(path: &Path) -> bool {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let value: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if value["scheme"] != SCHEME {
        return false;
    }
    let file: File =
        serde_json::from_value(value).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(!file.vectors.is_empty(), "{} holds no vector", path.display());
    file.vectors.iter().for_each(check);
    true
}

fn check(Vector { name, inputs, expect }: &Vector) {
    let keys = Keys {
        public_key: Secret::new(&inputs.public_key),
        private_key: Secret::new(&inputs.private_key),
        token: None,
    };
    let form = with_caller(Form::of(&inputs.params), &keys);
    let text = string_to_sign(&form, &keys.private_key);
    assert_eq!(form.pairs(), &expect.flat_params, "{name}: flat parameters");
    assert_eq!(text.expose(), expect.string_to_sign, "{name}: string to sign");
    assert_eq!(signature(&text), expect.signature, "{name}: signature");

    let sent = signed(Form::of(&inputs.params), &keys);
    assert_eq!(sent.pairs().get("Signature"), Some(&expect.signature), "{name}: as sent");
}
