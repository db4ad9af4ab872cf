//! `imgshare simulator`

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use imgshare_cloudsim::{FaultRule, Running, Scenario, serve};

use crate::failure::Failure;
use crate::out;
use crate::signals::until_interrupted;

/// Serve simulated clouds on loopback
///
/// They speak the real wire protocols, check real signatures and have the real limits; state is in memory. For trying
/// out configs and for tests of other tools: point `endpoint` of a cloud at it. The world is the demo's, unless a
/// scenario says otherwise; see docs/simulator.md. Runs until it is interrupted.
#[derive(Debug, Args)]
pub(crate) struct Simulator {
    /// Where to listen; further clouds get the ports after this one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7070")]
    listen: SocketAddr,

    /// A scenario file, TOML or JSON (by its ending)
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// Have so many images instead, spread over the owner's regions
    #[arg(long, value_name = "N")]
    images: Option<u32>,

    /// The names of these images; `n` and `date` in braces stand for number and day
    #[arg(long, value_name = "PATTERN", default_value = "golden-{n}", requires = "images")]
    image_name: String,

    /// Answer each call so much later, in milliseconds
    #[arg(long, value_name = "MS")]
    latency_ms: Option<u64>,

    /// Refuse more calls than this in a second, for each action and region
    #[arg(long, value_name = "N")]
    calls_per_second: Option<u32>,

    /// Answer every call of this region with 503 (repeatable)
    #[arg(long, value_name = "REGION")]
    dead_region: Vec<String>,

    /// Where ids and faults come from; the same seed gives the same
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

impl Simulator {
    pub(crate) async fn run(&self) -> Result<u8, Failure> {
        let running = serve(self.world()?, self.listen).await.map_err(|error| {
            Failure::new(format!("cannot serve the simulated clouds: {error}"))
                .hint("name another address with --listen")
        })?;
        tell(&running);
        until_interrupted().await;
        running.stop().await;
        Ok(0)
    }

    fn world(&self) -> Result<Scenario, Failure> {
        let mut scenario = match &self.scenario {
            Some(path) => read(path)?,
            None => Scenario::demo(),
        };
        if let Some(images) = self.images {
            scenario = scenario.with_images(images, &self.image_name);
        }
        if let Some(calls) = self.calls_per_second {
            scenario = scenario.with_calls_per_second(calls);
        }
        scenario.latency_ms = self.latency_ms.unwrap_or(scenario.latency_ms);
        scenario.seed = self.seed.unwrap_or(scenario.seed);
        scenario.faults.extend(self.dead_region.iter().map(|region| FaultRule::dead_region(region)));
        Ok(scenario)
    }
}

fn read(path: &Path) -> Result<Scenario, Failure> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(format!("cannot read the scenario {shown}: {error}")).hint("mend --scenario")
    })?;
    let json = path.extension().is_some_and(|ending| ending == "json");
    let parsed = if json {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    } else {
        toml::from_str(&text).map_err(|error| error.to_string())
    };
    parsed.map_err(|error| {
        Failure::new(format!("{shown} is no scenario: {error}")).hint("see docs/simulator.md")
    })
}

/// stdout has one line for each cloud, for programs; the rest is talk.
fn tell(running: &Running) {
    for (cloud, endpoint) in running.endpoints() {
        out::data(&format!("{cloud} {endpoint}\n"));
    }
    out::talk("receivers: any account logs in with the key FAKE-KEY-OF-ACCOUNT and FAKE-SECRET-OF-ACCOUNT\n");
    out::talk("state: GET /_simulator/state at any of these; end with Ctrl-C\n");
}
