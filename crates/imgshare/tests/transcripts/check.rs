//! `imgshare check`

use imgshare_cloudsim::Meddling;
use snapbox::{assert_data_eq, str};

use crate::stage::{CONFIG, Stage};

#[test]
fn check_says_what_is_in_order_and_asks_no_cloud() {
    let stage = Stage::new();
    assert_data_eq!(
        stage.run("check").transcript(),
        str![[r#"
$ imgshare check
ok     config       imgshare.toml: 1 cloud, 1 region, 1 rule
ok     plugin       tencent: version [VERSION], [PLUGINS]/libtencent.so
ok     credentials  prod: the config's `credentials`

Check: all in order
--- exit 0

"#]]
    );
    assert_eq!(stage.calls(), 0);
}

#[test]
fn check_names_every_place_where_credentials_are_missing() {
    let stage = Stage::new();
    let credentials =
        "[clouds.prod.credentials]\nsecret_id = \"env:PROD_ID\"\nsecret_key = \"env:PROD_KEY\"\n";
    stage.config(&CONFIG.replace(credentials, ""));
    assert_data_eq!(
        stage.run("check").transcript(),
        str![[r#"
$ imgshare check
ok     config       imgshare.toml: 1 cloud, 1 region, 1 rule
ok     plugin       tencent: version [VERSION], [PLUGINS]/libtencent.so
error  credentials  prod: credentials are not accepted: there are no credentials
                    in any of these places: environment variables
                    TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY;
                    ~/.tencentcloud/credentials, section `default`;
                    /etc/tencentcloud/credentials, section `default`;
                    ~/.tccli/default.credential; the metadata service (not
                    asked: no call may be made now)
                    hint:  set TENCENTCLOUD_SECRET_ID and
                           TENCENTCLOUD_SECRET_KEY

Check: 1 of 3 not in order
--- exit 1

"#]]
    );
    stage.config(&CONFIG.replace("env:PROD_ID", "env:NOT_SET").replace("env:PROD_KEY", "file:no-such-file"));
    assert_data_eq!(
        stage.run("check").transcript(),
        str![[r#"
$ imgshare check
ok     config       imgshare.toml: 1 cloud, 1 region, 1 rule
ok     plugin       tencent: version [VERSION], [PLUGINS]/libtencent.so
error  credentials  prod: credentials are not accepted: secret_id: environment
                    variable NOT_SET is not set; secret_key: file no-such-file
                    does not exist
                    hint:  set NOT_SET, or name another source in the config

Check: 1 of 3 not in order
--- exit 1

"#]]
    );
}

#[test]
fn check_names_all_problems_of_the_config_and_the_plugins() {
    let stage = Stage::new();
    stage.config(&CONFIG.replace("regions =", "regoins =").replace("\"partner-x\"]", "\"partner-y\"]"));
    assert_data_eq!(
        stage.run("check").transcript(),
        str![[r#"
$ imgshare check
error  config       imgshare.toml: 2 problems

error: unknown key `regoins`
 --> imgshare.toml:3:1
  |
3 | regoins = ["ap-nanjing"]
  | ^^^^^^^
  |
  = help: did you mean `regions`?

error: unknown account `partner-y`
  --> imgshare.toml:20:22
   |
20 | with = ["data-team", "partner-y"]
   |                      ^^^^^^^^^^^ neither a name in [accounts] nor clearly an account id
   |
   = help: did you mean `partner-x`?

ok     plugin       tencent: version [VERSION], [PLUGINS]/libtencent.so

Check: 1 of 2 not in order
--- exit 1

"#]]
    );
}

#[test]
fn online_each_region_is_asked_once() {
    let stage = Stage::new();
    assert_data_eq!(
        stage.run("check --online").transcript(),
        str![[r#"
$ imgshare check --online
ok     config       imgshare.toml: 1 cloud, 1 region, 1 rule
ok     plugin       tencent: version [VERSION], [PLUGINS]/libtencent.so
ok     credentials  prod: the config's `credentials`
ok     region       prod ap-nanjing: answers

Check: all in order
--- exit 0

"#]]
    );
    assert_eq!(stage.calls(), 1);
}

#[test]
fn online_a_wrong_secret_shows() {
    let run = Stage::new().run_with("check --online", &[("PROD_KEY", "NotTheSecret")]);
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare check --online
ok     config       imgshare.toml: 1 cloud, 1 region, 1 rule
ok     plugin       tencent: version [VERSION], [PLUGINS]/libtencent.so
ok     credentials  prod: the config's `credentials`
error  region       prod ap-nanjing: credentials are not accepted: the provided
                    credentials could not be validated: the signature does not
                    match
                    cloud: AuthFailure.SignatureFailure, request
                           [REQUEST]
                    hint:  check that the secret key belongs to the secret id

Check: 1 of 4 not in order
--- exit 1

"#]]
    );
}

#[test]
fn online_a_wrong_clock_shows() {
    let stage = Stage::new();
    stage.meddle(Meddling::AdvanceClock { seconds: 3600 });
    assert_data_eq!(
        stage.run("check --online").transcript(),
        str![[r#"
$ imgshare check --online
ok     config       imgshare.toml: 1 cloud, 1 region, 1 rule
ok     plugin       tencent: version [VERSION], [PLUGINS]/libtencent.so
ok     credentials  prod: the config's `credentials`
error  region       prod ap-nanjing: credentials are not accepted: the signature
                    is expired: the time of the request and of the server differ
                    too much
                    cloud: AuthFailure.SignatureExpire, request
                           [REQUEST]
                    hint:  set this machine's clock: it differs by more than 5
                           minutes

Check: 1 of 4 not in order
--- exit 1

"#]]
    );
}

#[test]
fn check_as_json() {
    let run = Stage::new().run_with("check --online --format json", &[("PROD_KEY", "NotTheSecret")]);
    let document = run.json();
    assert_eq!(run.code, Some(1));
    assert_eq!((&document["format"], &document["ok"]), (&1.into(), &false.into()));
    let about = |at: usize| document["findings"][at]["about"].clone();
    assert_eq!([about(0), about(1), about(2), about(3)], ["config", "plugin", "credentials", "region"]);
    let region = &document["findings"][3];
    assert_eq!((&region["cloud"], &region["region"]), (&"prod".into(), &"ap-nanjing".into()));
    assert_eq!(region["error"]["kind"], "credential_invalid");
}
