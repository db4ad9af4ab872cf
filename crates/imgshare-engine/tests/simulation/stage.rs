//! A case, set up: the simulated clouds, the real plugins, the config as it is read.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use imgshare_cloudsim::{Clouds as Simulated, Meddling, TokioClock};
use imgshare_config::ConfigFile;
use imgshare_host::Plugin;
use imgshare_protocol::{Description, Desired, ProviderName};
use serde_json::json;

use crate::case::{Case, OWNER, Trouble};
use crate::kinds::KINDS;
use crate::surroundings::{BEGIN_S, Surroundings};
use crate::tally::Tally;
use crate::truth::Truth;

pub(crate) struct Stage {
    pub(crate) case: Case,
    pub(crate) clouds: Simulated,
    pub(crate) desired: Desired,
    pub(crate) surroundings: Arc<Surroundings>,
    folder: tempfile::TempDir,
}

impl Stage {
    /// To be made inside the runtime in whose time the case plays.
    pub(crate) fn new(case: &Case) -> Self {
        let clock = Arc::new(TokioClock::starting_at_unix_seconds(BEGIN_S));
        Self {
            clouds: Simulated::new(case.scenario(), clock).expect("the generator makes sound scenarios"),
            desired: desired(&case.config()),
            surroundings: Arc::new(Surroundings::of(case)),
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
            case: case.clone(),
        }
    }

    pub(crate) fn truth(&self) -> Truth {
        Truth::of(&self.clouds)
    }

    /// Lets go wrong from now on what the clouds themselves do wrong.
    pub(crate) fn begin_trouble(&self, tally: &mut Tally) {
        for fault in &self.case.trouble.faults {
            let cloud = fault.cloud.clone().expect("each fault is for one cloud");
            self.meddle(&cloud, Meddling::ArmFault { fault: fault.clone() });
        }
        for (cloud, seconds) in &self.case.trouble.skew_s {
            self.meddle(cloud, Meddling::AdvanceClock { seconds: *seconds });
            tally.count("clock skewed");
        }
    }

    /// Ends it, and waits for so long: until what was on its way has arrived.
    pub(crate) async fn end_trouble(&self, quiet: Duration) {
        for cloud in &self.case.clouds {
            self.meddle(cloud.kind.name, Meddling::DisarmFaults);
        }
        for (cloud, seconds) in &self.case.trouble.skew_s {
            self.meddle(cloud, Meddling::AdvanceClock { seconds: -seconds });
        }
        for cloud in self.case.clouds.iter().filter(|cloud| cloud.temporary) {
            let renewal = json!({"do": "renew-token", "owner": OWNER, "token": cloud.kind.token_text()});
            self.meddle(cloud.kind.name, serde_json::from_value(renewal).expect("it is a meddling"));
        }
        tokio::time::sleep(quiet).await;
    }

    /// A place for an audit record.
    pub(crate) fn audit(&self, run: usize) -> PathBuf {
        self.folder.path().join(format!("audit-{run}.jsonl"))
    }

    fn meddle(&self, cloud: &str, meddling: Meddling) {
        self.clouds.meddle(cloud, meddling).expect("the case has this cloud");
    }
}

impl Trouble {
    /// What strikes on the way of a run that is not the first: neither kill nor stop, and nobody meddles.
    pub(crate) fn of_the_others(&self) -> Self {
        Self { unreachable_percent: self.unreachable_percent, ..Self::default() }
    }
}

/// The plugins, as they are built and loaded for users. One copy serves all threads, as in the program.
pub(crate) fn plugins() -> &'static BTreeMap<ProviderName, Plugin> {
    static PLUGINS: OnceLock<BTreeMap<ProviderName, Plugin>> = OnceLock::new();
    PLUGINS.get_or_init(|| {
        let load = |name: &str| (ProviderName::from(name), imgshare_testkit::load(name));
        KINDS.iter().map(|kind| load(kind.name)).collect()
    })
}

fn desired(config: &str) -> Desired {
    static DESCRIPTIONS: OnceLock<BTreeMap<ProviderName, Result<Description, String>>> = OnceLock::new();
    let descriptions = DESCRIPTIONS.get_or_init(|| {
        let described =
            |(name, plugin): (&ProviderName, &Plugin)| (name.clone(), Ok(plugin.description.clone()));
        plugins().iter().map(described).collect()
    });
    let file = ConfigFile::parse("imgshare.toml", config);
    let desired = file.and_then(|file| file.resolve(descriptions));
    desired.unwrap_or_else(|problems| panic!("the generator makes sound configs:\n{problems}"))
}
