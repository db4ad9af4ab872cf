//! The planner's promises, as cases in text: a small world in, the plan out. See `world.rs` for the words.

mod acceptance;
mod batches;
mod copies;
mod copying;
mod early;
mod estimate;
mod exact;
mod fence;
mod image_rules;
mod limits;
mod preparing;
mod random;
mod reading;
mod receivers;
mod report;
mod rules;
mod saved;
mod scope;
mod selection;
mod size;
mod snapshots;
mod survey;
mod text;
mod world;

use world::World;

/// Checks the plan of this world, line by line.
#[track_caller]
fn check(world: &str, expected: &str) {
    assert_eq!(text::plan(&World::parse(world).plan()), lines(expected));
}

/// The text without indentation and empty lines.
fn lines(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}
