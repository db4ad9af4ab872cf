//! `imgshare demo` and `imgshare simulator`

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use imgshare_testkit::PluginFolder;

use crate::stage::{CONFIG, Stage, interrupt};

#[test]
fn the_demo_comes_to_its_good_end_and_touches_nothing_else() {
    let stage = Stage::new();
    let before = stage.files();
    let plugins = PluginFolder::with(&["alibaba", "tencent", "ucloud"]);
    let run = stage.run(&format!("demo --plugins {}", plugins.path().display()));
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    for command in ["plan", "apply --yes", "drift", "who data-team"] {
        assert!(run.stdout.contains(&format!("$ imgshare {command}\n")), "{command}");
    }
    assert_eq!((stage.files(), stage.calls()), (before, 0));
}

#[cfg(unix)]
#[test]
fn the_simulator_says_where_it_listens_serves_and_ends_when_it_is_interrupted() {
    let stage = Stage::new();
    let mut command = stage.command(&["simulator", "--listen", "127.0.0.1:0"]);
    let mut simulator =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    let mut lines =
        BufReader::new(simulator.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
    let endpoint = lines.find_map(|line| Some(line.strip_prefix("tencent ")?.to_owned()));
    stage.config_for(CONFIG, &endpoint.expect("it says where it listens"));
    let run = stage.run_with(
        "check --online --region ap-nanjing",
        &[("PROD_ID", "AKIDFAKEDEMO"), ("PROD_KEY", "FakeDemoSecret")],
    );
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    interrupt(&simulator);
    assert_eq!(simulator.wait().expect("it ends").code(), Some(0));
}
