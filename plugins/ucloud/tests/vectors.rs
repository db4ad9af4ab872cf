//! The signature against values that the vendor's SDK made: every intermediate text, not only the last.
//!
//! With `IMGSHARE_VECTORS` set to a folder, every JSON file of this scheme in it is checked too.

use std::collections::BTreeMap;
use std::path::Path;

use imgshare_sdk::Secret;
use imgshare_testkit::vectors::{self, Compare};
use serde::Deserialize;
use serde_json::Value;
use ucloud::form::Form;
use ucloud::sign::{Keys, signature, signed, string_to_sign, with_caller};

#[derive(Deserialize)]
struct Vector {
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
    vectors::run(&own, check);
}

fn check(Vector { inputs, expect }: &Vector, compare: &Compare) {
    let keys = Keys {
        public_key: Secret::new(&inputs.public_key),
        private_key: Secret::new(&inputs.private_key),
        token: None,
    };
    let form = with_caller(Form::of(&inputs.params), &keys);
    let text = string_to_sign(&form, &keys.private_key);
    compare.value("set of parameters", form.pairs(), &expect.flat_params);
    compare.text("string to sign", text.expose(), &expect.string_to_sign);
    compare.text("signature", &signature(&text), &expect.signature);

    let sent = signed(Form::of(&inputs.params), &keys);
    compare.text("signature as it is sent", &sent.pairs()["Signature"], &expect.signature);
}
