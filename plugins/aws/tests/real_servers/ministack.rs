//! MiniStack: an access key is the id of the account that it is of, and nobody sees what is not shared with him.

use imgshare_testkit::real::{Home, variable};
use serde_json::{Value, json};

use crate::moto::{REGION, client};

/// A config's cloud for the login of an account.
pub(crate) fn cloud(name: &str, account: &str) -> String {
    let endpoint = variable("MINISTACK_URL");
    format!(
        "[clouds.{name}]\nprovider = \"aws\"\nregions = [{REGION:?}]\nendpoint = {endpoint:?}\n\
         credentials = {{ access_key_id = \"env:ACCOUNT_{account}\", secret_access_key = \"env:KEY\" }}\n"
    )
}

/// A home folder where the accounts can log in.
pub(crate) fn home(config: &str, accounts: &[&str]) -> Home {
    let mut home = Home::with(config);
    home.set("KEY", "FakeSecretKey");
    for account in accounts {
        home.set(&format!("ACCOUNT_{account}"), account);
    }
    home
}

/// Makes a call with boto3 as this account.
pub(crate) fn call(account: &str, method: &str, arguments: Value) -> Value {
    let url = variable("MINISTACK_URL");
    let login = json!({ "url": url, "region": REGION, "key": account, "secret": "FakeSecretKey" });
    client().call(Value::Array(vec![login, "ec2".into(), method.into(), arguments]))
}

/// The images of others that this account sees, as boto3 lists them.
pub(crate) fn received(account: &str) -> Vec<String> {
    let listed = call(account, "describe_images", json!({ "ExecutableUsers": ["self"] }));
    let images = listed["Images"].as_array().expect("images").iter();
    images.map(|image| image["Name"].as_str().expect("a name").to_owned()).collect()
}
