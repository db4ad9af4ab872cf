//! Large worlds.

use imgshare_plan::{Actual, ActualImage, Bounds, SharesRead, diff};
use imgshare_protocol::{AccountId, Image, ImageState, Timestamp};

use crate::early::early;
use crate::world::{NOW, World};

/// No assertion on time: run it with `--release -- --nocapture` to see how long the planner takes.
#[test]
fn a_large_world_is_planned_image_by_image() {
    let accounts: Vec<String> = (0..50).map(|number| format!("1000000{number:05}")).collect();
    let rule = format!("rule golden at=acme:north exact name=image-* with={}", accounts.join(","));
    let mut world = World::parse(&format!("cloud acme acme north per-change=20\n{rule}"));
    let images = if cfg!(debug_assertions) { 2_000 } else { 100_000 };
    world.actual = many(images, &accounts);
    let plan = diff(&world.desired, &world.descriptions, &world.actual, NOW, &Bounds::default());
    assert_eq!(plan.changes.len(), images);
    assert_eq!(plan.summary.additions, images * 25);
}

#[test]
fn a_large_region_is_copied_and_shared_early_image_by_image() {
    let images = if cfg!(debug_assertions) { 2_000 } else { 100_000 };
    for how in ["tag", "name"] {
        let mut world = World::parse(&format!(
            "cloud acme acme north,south
             provider acme copies={how}
             rule golden at=acme:north,south from=north name=image-* with=1,2,3"
        ));
        world.actual = many(images, &[]);
        world.actual.regions.insert(("acme".into(), "south".into()), Ok(vec![]));
        let plan = world.plan();
        assert_eq!((plan.changes.len(), plan.copies.len()), (images, images));
        assert_eq!(early(&world, "acme", "north").len(), images);
    }
}

/// Every image has every other account.
fn many(images: usize, accounts: &[String]) -> Actual {
    let half = || accounts.iter().step_by(2).map(|id| AccountId::from(id.as_str())).collect();
    let images = (0..images).map(|number| ActualImage {
        image: Image {
            id: format!("img-{number:08}").into(),
            name: format!("image-{number}"),
            state: ImageState::Available,
            created: Some(Timestamp::from_seconds(number as i64)),
            ..Image::default()
        },
        shares: SharesRead::from(imgshare_protocol::Shares {
            accounts: half(),
            ..imgshare_protocol::Shares::default()
        }),
    });
    Actual { regions: [(("acme".into(), "north".into()), Ok(images.collect()))].into(), ..Actual::default() }
}
