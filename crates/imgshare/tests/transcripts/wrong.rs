//! What goes wrong between this machine and the cloud, as people see it.

use imgshare_cloudsim::{FaultKind, FaultRule, Meddling};
use snapbox::{assert_data_eq, str};

use crate::stage::{CONFIG, Stage};

#[test]
fn a_wrong_secret() {
    let run = Stage::new().run_with("plan", &[("PROD_KEY", "NotTheSecret")]);
    assert!(!run.stdout.contains("NotTheSecret"));
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare plan
error: cannot list the images: credentials are not accepted: the provided
       credentials could not be validated: the signature does not match
  provider: tencent ap-nanjing (cloud prod)
  cloud:    AuthFailure.SignatureFailure, request
            [REQUEST]
  rules:    golden
  hint:     check that the secret key belongs to the secret id

Plan: nothing to change where it could be read, 0 images right already,
      1 unreadable
--- exit 1

"#]]
    );
}

#[test]
fn a_clock_that_is_wrong() {
    let stage = Stage::new();
    stage.meddle(Meddling::AdvanceClock { seconds: -3600 });
    assert_data_eq!(
        stage.run("plan").transcript(),
        str![[r#"
$ imgshare plan
error: cannot list the images: credentials are not accepted: the signature is
       expired: the time of the request and of the server differ too much
  provider: tencent ap-nanjing (cloud prod)
  cloud:    AuthFailure.SignatureExpire, request
            [REQUEST]
  rules:    golden
  hint:     set this machine's clock: it differs by more than 5 minutes

Plan: nothing to change where it could be read, 0 images right already,
      1 unreadable
--- exit 1

"#]]
    );
}

#[test]
fn a_variable_that_is_not_set() {
    let stage = Stage::new();
    stage.config(&CONFIG.replace("env:PROD_KEY", "env:PROD_KYE"));
    assert_data_eq!(
        stage.run("plan").transcript(),
        str![[r#"
$ imgshare plan
error: cannot list the images: credentials are not accepted: secret_key:
       environment variable PROD_KYE is not set
  provider: tencent ap-nanjing (cloud prod)
  config:   imgshare.toml:1:1
  rules:    golden
  hint:     set PROD_KYE, or name another source in the config

Plan: nothing to change where it could be read, 0 images right already,
      1 unreadable
--- exit 1

"#]]
    );
}

#[test]
fn a_region_that_the_cloud_does_not_have() {
    let stage = Stage::new();
    stage.config(&CONFIG.replace("ap-nanjing", "ap-mars"));
    assert_data_eq!(
        stage.run("plan").transcript(),
        str![[r#"
$ imgshare plan
error: cannot list the images: the region `ap-mars` is not supported
  provider: tencent ap-mars (cloud prod)
  cloud:    UnsupportedRegion, request [REQUEST]
  rules:    golden
  hint:     check the region; it is spelled like `ap-guangzhou`

Plan: nothing to change where it could be read, 0 images right already,
      1 unreadable
--- exit 1

"#]]
    );
}

#[test]
fn a_cloud_that_nobody_answers_for() {
    let stage = Stage::new();
    // A port of the discard protocol: nobody listens there.
    stage.config_for(CONFIG, "http://127.0.0.1:9");
    assert_data_eq!(
        stage.run("plan").transcript(),
        str![[r#"
$ imgshare plan
error: cannot list the images: cloud is not available: no connection with
       127.0.0.1: Connection refused (os error 111)
  provider: tencent ap-nanjing (cloud prod)
  rules:    golden
  hint:     check network, proxy and endpoint, then run again

Plan: nothing to change where it could be read, 0 images right already,
      1 unreadable
--- exit 1

"#]]
    );
}

#[test]
fn an_answer_that_is_none() {
    let stage = Stage::new();
    let fault =
        FaultRule { action: Some("DescribeImages".into()), ..FaultRule::always(FaultKind::GarbageBody) };
    stage.meddle(Meddling::ArmFault { fault });
    assert_data_eq!(
        stage.run("plan").transcript(),
        str![[r#"
$ imgshare plan
error: cannot list the images: answer not understood: answer with status 200 is
       not as documented: invalid utf-8 sequence of 1 bytes from index 6
  provider: tencent ap-nanjing (cloud prod)
  rules:    golden
  hint:     report this to the plugin's author

Plan: nothing to change where it could be read, 0 images right already,
      1 unreadable
--- exit 1

"#]]
    );
}

#[test]
fn a_ca_file_that_is_not_there() {
    let run = Stage::new().run("plan --ca-file no-such.pem");
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare plan --ca-file no-such.pem
--- stderr
error: cannot read the CA file no-such.pem: No such file or directory (os error
       2)
  hint:     mend --ca-file
--- exit 1

"#]]
    );
}
