//! The simulated clouds as JSON, for tests: everything but secrets.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::journal::Journal;
use crate::json::wrapped;
use crate::sim::{CloudSim, State};
use crate::world::{Image, Owner, World};

/// All clouds. `format` changes when a reader of the old form could be misled.
pub(crate) fn all<'a>(clouds: impl Iterator<Item = &'a CloudSim>) -> Value {
    let clouds: Map<_, _> = clouds.map(|sim| (sim.rules().name().to_owned(), cloud(sim))).collect();
    let mut all = wrapped("clouds", clouds);
    all["format"] = 1.into();
    all
}

fn cloud(sim: &CloudSim) -> Value {
    let state = sim.state();
    let now = sim.now(&state);
    let mut cloud = wrapped("owners", owners(&state.world, now));
    cloud["now"] = now.to_string().into();
    cloud["calls"] = calls(&state.journal);
    cloud["log"] = json!(state.journal.entries());
    cloud["faults"] = faults(&state).into();
    cloud
}

fn owners(world: &World, now: Timestamp) -> Map<String, Value> {
    world.owners().map(|(account, of)| (account.to_string(), wrapped("regions", regions(of, now)))).collect()
}

fn regions(owner: &Owner, now: Timestamp) -> Map<String, Value> {
    let region = |images: &std::collections::BTreeMap<_, Image>| {
        let images: Map<_, _> = images.values().map(|of| (of.id.to_string(), image(of, now))).collect();
        wrapped("images", images)
    };
    owner.regions.iter().map(|(name, images)| (name.to_string(), region(images))).collect()
}

fn image(image: &Image, now: Timestamp) -> Value {
    json!({
        "name": image.name,
        "state": image.state(now),
        "created": image.created.to_string(),
        "tags": image.tags,
        "family": image.family,
        "public": image.public,
        "obstacle": image.obstacle,
        "zone": image.zone,
        "shares": image.shares.keys().collect::<Vec<_>>(),
        "hidden": image.hidden,
        "share_groups": image.share_groups,
        "copy_of": image.origin,
        "percent": image.percent(now),
        "encryption": image.encryption,
    })
}

/// Action, then region, then the counts.
fn calls(journal: &Journal) -> Value {
    let mut actions = Map::new();
    for ((action, region), counts) in journal.counts() {
        let regions = actions.entry(action.clone()).or_insert_with(|| json!({}));
        regions[region.as_str()] = json!(counts);
    }
    actions.into()
}

fn faults(state: &State) -> Vec<Value> {
    state.faults.rules().map(|(rule, struck)| json!({"rule": rule, "struck": struck})).collect()
}
