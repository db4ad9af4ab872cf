//! The case as a world of the simulator.

use imgshare_cloudsim::Scenario;
use serde_json::{Map, Value, json};

use super::{Case, CloudCase, Picture};
use crate::kinds::Kind;

/// Whose images they are.
pub(crate) const OWNER: &str = "900000009";

/// Somebody else in the same clouds.
const NEIGHBOUR: &str = "800000008";

/// When the first image was made, in seconds since 1970: a while before the world's time begins.
const FIRST_IMAGE_S: i64 = 1_690_000_000;

impl Case {
    /// The scenario as JSON, which a failing case prints. Faults are armed later, when they are to strike.
    pub(crate) fn world(&self) -> Value {
        let mut world = json!({"seed": self.seed, "latency_ms": self.running.latency_ms});
        for of in &self.clouds {
            world[of.kind.name] = cloud(of);
        }
        world
    }

    pub(crate) fn scenario(&self) -> Scenario {
        serde_json::from_value(self.world()).expect("the generator makes sound scenarios")
    }
}

fn cloud(of: &CloudCase) -> Value {
    let kind = of.kind;
    let [id, secret] = kind.key;
    let regions: Map<_, _> =
        of.regions.iter().map(|region| (region.name.into(), images(kind, &region.images))).collect();
    let mut owner =
        json!({"account": OWNER, (id): kind.key_id(), (secret): kind.secret(), "regions": regions});
    if of.temporary {
        owner[kind.token] = kind.token_text().into();
    }
    let unknown: Vec<_> = of.unknown.iter().map(|&number| kind.account(number)).collect();
    let mut section = json!({"owners": [owner, neighbour(of)], "accounts": {"unknown": unknown}, "behaviour": behaviour(of)});
    if !of.copies.is_empty() {
        section["copies"] = of.copies.clone().into();
    }
    if let Some(calls) = of.calls_per_s {
        section["calls_per_s"] = json!({"*": calls});
    }
    section
}

/// Another owner, whose images everybody or our owner can see.
fn neighbour(of: &CloudCase) -> Value {
    let kind = of.kind;
    let [id, secret] = kind.key;
    let image = |at: usize, number: usize| {
        let id = format!("{}{at}{:07}", kind.image, 9_000_000 + number);
        let mut image =
            json!({"id": id, "name": "golden-a-1", "created": created(5), "tags": {"stage": "prod"}});
        match number {
            0 => image["public"] = true.into(),
            _ => image["shares"] = json!([OWNER]),
        }
        image
    };
    let regions = of.regions.iter().enumerate();
    let regions: Map<_, _> = regions
        .map(|(at, region)| (region.name.into(), json!({"images": [image(at, 0), image(at, 1)]})))
        .collect();
    json!({"account": NEIGHBOUR, (id): "FAKEIDNEIGHBOUR", (secret): "FakeSecretNextDoor", "regions": regions})
}

fn behaviour(of: &CloudCase) -> Value {
    let mut behaviour: Map<_, _> =
        of.behaviour.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    behaviour.insert("copy_takes_s".into(), of.copy_takes_s.into());
    if let Some(most) = of.accounts_per_image {
        behaviour.insert("accounts_per_image_max".into(), most.into());
    }
    behaviour.into()
}

fn images(kind: &Kind, images: &[Picture]) -> Value {
    let images: Vec<_> = images.iter().map(|of| image(kind, of)).collect();
    json!({"images": images})
}

/// So many hours after the first image of all.
pub(crate) fn created(hours: u64) -> String {
    let created = FIRST_IMAGE_S + i64::try_from(hours).expect("few hours") * 3600;
    jiff::Timestamp::from_second(created).expect("a time of our days").to_string()
}

fn image(kind: &Kind, of: &Picture) -> Value {
    let shares: Vec<_> = of.shares.iter().map(|&number| kind.account(number)).collect();
    let mut image = json!({"id": of.id, "name": of.name, "created": created(of.hours), "shares": shares});
    if let Some(state) = of.state {
        image["state"] = state.into();
    }
    if let Some(stage) = of.stage {
        image["tags"] = json!({"stage": stage, "by": "simulation"});
    }
    if let Some(family) = of.family {
        image["family"] = family.into();
    }
    if of.locked {
        image["obstacle"] = "locked".into();
    }
    image
}
