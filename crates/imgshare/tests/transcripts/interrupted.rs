//! Ctrl-C.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use snapbox::{assert_data_eq, str};

use crate::gate::Gate;
use crate::stage::{CONFIG, Stage, interrupt, wait_for};

#[test]
fn what_is_in_flight_is_finished_the_rest_is_named_and_the_next_run_completes() {
    let stage = Stage::new();
    let gate = Gate::before(&stage.endpoint());
    stage.config_for(CONFIG, &gate.endpoint);
    let words = ["apply", "--yes", "--concurrency", "1"];
    let mut command = stage.command(&words);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    gate.writes.recv().expect("the first write comes");
    interrupt(&child);
    let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut talk = String::new();
    stderr.read_line(&mut talk).expect("it says that it stops");
    gate.open();
    stderr.read_to_string(&mut talk).expect("it prints UTF-8");
    let mut output = child.wait_with_output().expect("it ends");
    output.stderr = talk.into_bytes();
    assert_data_eq!(
        stage.ended(&words.join(" "), &output).transcript(),
        str![[r#"
$ imgshare apply --yes --concurrency 1
prod
  ap-nanjing
    golden-20260801  img-aaaa0001  (rule golden)
      + partner-x                100099998888
    golden-20260901  img-aaaa0002  (rule golden)
      + partner-x                100099998888
    golden-20261001  img-aaaa0003  (rule golden)
      + data-team                100012345678
      + partner-x                100099998888

Plan: 3 images to change, +4 -0 shares, 0 images right already, 1 foreign
hint: 1 share is none of the rules' and is left alone; `imgshare drift` names it

done  prod ap-nanjing  golden-20260801  img-aaaa0001  +1 -0

not begun  prod ap-nanjing  golden-20260901  img-aaaa0002  +1 -0
not begun  prod ap-nanjing  golden-20261001  img-aaaa0003  +2 -0

Report: 1 image done and read back, 2 images not begun,
        1 share added, 0 removed, 0 images right before
--- stderr
stopping: what is in flight is finished and reported; interrupt again to leave at once
--- exit 130

"#]]
    );
    assert_eq!(stage.writes(), 1);

    assert_eq!(stage.run("apply --yes").code, Some(0));
    assert_eq!(stage.run("plan").code, Some(0));
}

#[test]
fn an_interrupt_is_heard_while_it_asks() {
    let stage = Stage::new();
    let mut command = stage.command(&["apply", "--pick"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut stderr = child.stderr.take().expect("it is piped");
    wait_for("asking: ", &mut stderr);
    interrupt(&child);
    let mut last = String::new();
    stderr.read_to_string(&mut last).expect("it prints UTF-8");
    assert_eq!(last.trim(), "interrupted; nothing was changed");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(stage.writes(), 0);
}
