//! `kill -9` at random moments of an apply: what remains is never wrong, and the next run goes on from it.
//!
//! The real binary, the real Tencent plugin, and the simulator in a process of its own, in which much goes wrong. A
//! relay between them says when a moment has come, and knows each write that the simulator has seen. The seed is
//! printed; `IMGSHARE_TEST_SEED` chooses it.
#![cfg(unix)]

mod cloud;
mod dice;
mod record;
mod relay;
mod world;

use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};

use imgshare_testkit::PluginFolder;
use tempfile::TempDir;

use cloud::CloudProcess;
use dice::Dice;
use record::{Record, Write};
use relay::Relay;

const KILLS: usize = 30;

/// Some runs may end by themselves before their moment comes.
const RUNS_MAX: usize = 2 * KILLS;

#[test]
fn thirty_runs_that_are_killed_and_one_that_is_not_end_where_an_unbroken_one_ends() {
    let mut dice = Dice::throw();
    let mut stage = Stage::set(&mut dice);
    let mut kills = 0;
    for _ in 0..RUNS_MAX {
        let ended = stage.run_until(Moment::random(&mut dice));
        kills += usize::from(ended.code().is_none());
        stage.check_record(kills);
        if kills == KILLS {
            break;
        }
    }
    assert_eq!(kills, KILLS, "the moments come before the runs end");

    stage.cloud.disarm_faults();
    assert_eq!(stage.run_until(Moment::Never).code(), Some(0));
    let writes = stage.writes.len();
    assert_eq!(stage.run_until(Moment::Never).code(), Some(0));
    assert_eq!(stage.writes.len(), writes, "nothing is left to be done");

    world::check(&stage.cloud.images());
    stage.check_record(kills);
    assert!(stage.cloud.writes() <= writes, "the relay has seen every write that the cloud has");
}

/// When a run is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// With its n-th call on the way.
    Call(usize),
    /// With its n-th write on the way.
    Write(usize),
    Never,
}

impl Moment {
    /// Few writes a run, so that there is something left to do for each.
    fn random(dice: &mut Dice) -> Self {
        match dice.below(3) {
            0 => Self::Call(1 + dice.below(world::IMAGES)),
            _ => Self::Write(1 + dice.below(30)),
        }
    }

    /// Whether it comes with this call, which is the run's n-th, and perhaps its n-th write.
    fn comes_with(self, call: usize, write: Option<usize>) -> bool {
        match self {
            Self::Call(moment) => call == moment,
            Self::Write(moment) => write == Some(moment),
            Self::Never => false,
        }
    }
}

/// What the test hears of a run.
enum Heard {
    /// A call is on its way to the cloud; the write that it is, if it is one.
    Call(Option<Write>),
    /// The run has closed its standard output.
    Ended,
}

struct Stage {
    cloud: CloudProcess,
    home: TempDir,
    plugins: PluginFolder,
    tell: Sender<Heard>,
    heard: Receiver<Heard>,
    /// Every write so far.
    writes: Vec<Write>,
    _relay: Relay,
}

impl Stage {
    fn set(dice: &mut Dice) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let cloud = CloudProcess::start(home.path(), &world::scenario(dice.seed));
        let (tell, heard) = channel();
        let relay = Relay::before(&cloud.address, tell.clone());
        let config = world::config(&relay.endpoint);
        std::fs::write(home.path().join("imgshare.toml"), config).expect("the folder can be written to");
        let plugins = PluginFolder::with(&["tencent"]);
        Self { cloud, home, plugins, tell, heard, writes: Vec::new(), _relay: relay }
    }

    /// Applies the config until it has done so, or the moment has come.
    fn run_until(&mut self, moment: Moment) -> ExitStatus {
        let mut child = self.apply();
        let (mut calls, writes_before) = (0, self.writes.len());
        while let Heard::Call(write) = self.heard.recv().expect("this test can always tell itself") {
            calls += 1;
            let is_write = write.is_some();
            self.writes.extend(write);
            let writes = is_write.then_some(self.writes.len() - writes_before);
            if moment.comes_with(calls, writes) {
                child.kill().expect("nobody has waited for it");
            }
        }
        child.wait().expect("it has ended")
    }

    /// Each write that the cloud may have seen is named, and a kill leaves half a line at most.
    fn check_record(&self, kills: usize) {
        let record = Record::read(&self.home.path().join("state/audit.jsonl"));
        let unnamed: Vec<_> = self.writes.iter().filter(|write| !record.names(write)).collect();
        assert_eq!(unnamed, Vec::<&Write>::new(), "writes that were sent and not recorded");
        assert!(record.broken_lines <= kills, "{} lines are not whole", record.broken_lines);
    }

    fn apply(&self) -> Child {
        let mut child = Command::new(env!("CARGO_BIN_EXE_imgshare"))
            .args(["apply", "--yes", "--state", "state"])
            .current_dir(self.home.path())
            .env_clear()
            .env("KEY_ID", world::KEY_ID)
            .env("KEY", world::KEY)
            .env("IMGSHARE_PLUGINS", self.plugins.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary can be started");
        let mut stdout = child.stdout.take().expect("it is piped");
        let tell = self.tell.clone();
        std::thread::spawn(move || {
            let _: Result<u64, _> = std::io::copy(&mut stdout, &mut std::io::sink());
            let _: Result<(), _> = tell.send(Heard::Ended);
        });
        child
    }
}
