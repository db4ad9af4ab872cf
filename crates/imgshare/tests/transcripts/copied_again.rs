//! Copies outlive the runs that begin them: the next run finds and awaits them, and makes none twice.
#![cfg(unix)]

use std::process::{Child, Stdio};

use snapbox::{assert_data_eq, str};

use crate::copying::{ASKING, SHANGHAI, WRITING, calls, copies, finish, lasting, one_copy_each, stage};
use crate::stage::{Stage, interrupt};

const APPLY: [&str; 6] = ["apply", "--yes", "--cloud", "prod", "--cloud", "ali"];

/// An apply whose four copies have all been begun and none is ready.
fn copying(stage: &Stage) -> Child {
    let mut command = stage.command(&APPLY);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts");
    stage.until(|stage| copies(stage, "tencent").len() + copies(stage, "alibaba").len() == 4);
    child
}

/// Run again, each region has one copy, and it is shared; run once more, nothing is written.
fn ends_as_an_unbroken_run(stage: &Stage) {
    finish(stage);
    let run = stage.run(&APPLY.join(" "));
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    for cloud in ["tencent", "alibaba"] {
        assert_eq!(copies(stage, cloud), one_copy_each(cloud));
    }
    assert_eq!(calls(stage, &ASKING), 4);
    let writes = calls(stage, &WRITING);
    let run = stage.run(&APPLY.join(" "));
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    assert_eq!(calls(stage, &WRITING), writes);
}

#[test]
fn interrupted_while_it_copies_and_run_again_makes_no_copy_twice() {
    let stage = stage(&lasting());
    let mut child = copying(&stage);
    interrupt(&child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    ends_as_an_unbroken_run(&stage);
}

#[test]
fn killed_while_it_copies_and_run_again_makes_no_copy_twice() {
    let stage = stage(&lasting());
    let mut child = copying(&stage);
    child.kill().expect("it runs");
    assert_eq!(child.wait().expect("it ends").code(), None);
    ends_as_an_unbroken_run(&stage);
}

#[test]
fn a_copy_that_takes_too_long_is_reported_and_found_by_the_next_run() {
    let stage = stage(&lasting());
    let mut run = stage.run(&format!("apply --yes {SHANGHAI} --copy-timeout 0s"));
    let copy = new_image(&stage);
    run.hide(&copy, "img-[NEW]");
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare apply --yes --only golden --region ap-shanghai --copy-timeout 0s
Copies into other regions
prod
  ap-shanghai
    golden  from ap-nanjing img-aaaa0001  to be copied  (rule golden)
      + data-team                100012345678
note: copies of cloud prod are recognised by their name only; do not rename them

Plan: 1 copy to make, +1 -0 shares, 0 images right already

copying  prod ap-shanghai  golden  from ap-nanjing img-aaaa0001

error: cannot share the copy yet: the copy is not ready after 0 seconds
  provider: tencent ap-shanghai (cloud prod)
  source:   img-aaaa0001 (golden) in ap-nanjing
  copy:     img-[NEW]
  config:   imgshare.toml:24
  hint:     run again: the copy goes on and will be found; --copy-timeout makes
            a run wait longer

Report: 1 copy on the way, 0 images right before
--- exit 3

"#]]
    );
    let mut run = stage.run(&format!("plan {SHANGHAI}"));
    run.hide(&copy, "img-[NEW]");
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare plan --only golden --region ap-shanghai
Copies into other regions
prod
  ap-shanghai
    golden  from ap-nanjing img-aaaa0001  on its way as img-[NEW]
      (rule golden)
      + data-team                100012345678
note: copies of cloud prod are recognised by their name only; do not rename them

Plan: 1 copy to await, +1 -0 shares, 0 images right already
Apply: about 5 calls; copying comes on top
--- exit 2

"#]]
    );
    finish(&stage);
    let run = stage.run(&format!("apply --yes {SHANGHAI}"));
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    assert_eq!(copies(&stage, "tencent"), one_copy_each("tencent")[1..]);
    assert_eq!(calls(&stage, &ASKING), 1);
}

#[test]
fn a_time_limit_that_is_none_is_refused_before_anything_is_asked() {
    let stage = stage(&lasting());
    assert_data_eq!(
        stage.run("apply --yes --copy-timeout 5").transcript(),
        str![[r#"
$ imgshare apply --yes --copy-timeout 5
--- stderr
error: invalid value '5' for '--copy-timeout <DURATION>': write a number and s, m, h or d, such as 90s, 30m or 2h

For more information, try '--help'.
--- exit 1

"#]]
    );
    assert_eq!(calls(&stage, &["DescribeImages"]), 0);
}

fn new_image(stage: &Stage) -> String {
    let state = stage.state();
    let images = &state["clouds"]["tencent"]["owners"]["900000009"]["regions"]["ap-shanghai"]["images"];
    images.as_object().into_iter().flat_map(|images| images.keys()).cloned().collect()
}
