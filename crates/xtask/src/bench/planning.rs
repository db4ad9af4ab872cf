//! Planning alone, without a network: how long it takes in large worlds, and what a further image costs in memory.

use std::path::Path;

use serde_json::{Value, json};

use super::figures::{median, millis, peak};
use super::launch::{Task, Usage};
use super::markdown::Table;
use super::target::{Target, told};
use crate::failure::{Failure, Result};

/// The part's name.
pub(super) const NAME: &str = "planning";

/// Images of the worlds, from the smallest on.
const SIZES: [usize; 3] = [10_000, 50_000, 100_000];
const ACCOUNTS: usize = 50;
/// Who has each image already: nobody, the first time; half of the accounts, after a team has grown; the half that
/// somebody has given it to by hand, another one for each image; everybody, with nothing to do.
const SHARED: [Shared; 4] = [
    Shared { accounts: 0, mixed: false },
    Shared { accounts: 25, mixed: false },
    Shared { accounts: 25, mixed: true },
    Shared { accounts: ACCOUNTS, mixed: false },
];

/// What the largest world may take.
const LARGEST_S: f64 = 1.0;
/// How much longer an image may take in the largest world than in the smallest. Caches that are too small cost some.
const GROWTH: f64 = 1.5;
/// What a further image may take in memory.
const BYTES_PER_IMAGE: f64 = 2048.0;

/// How many of the accounts have each image; the same ones, or others for each.
#[derive(Clone, Copy, Debug)]
struct Shared {
    accounts: usize,
    mixed: bool,
}

/// The worlds in which so many accounts have each image, in the order of [`SIZES`].
#[derive(Debug)]
pub(super) struct Planning {
    shared: Shared,
    worlds: [World; SIZES.len()],
}

/// One size of world.
#[derive(Clone, Copy, Debug, Default)]
struct World {
    images: usize,
    plan_s: f64,
    peak_bytes: u64,
}

/// Plans all worlds, each so often.
pub(super) fn measure(planner: &Path, folder: &Path, runs: usize) -> Result<Vec<Planning>> {
    let all = SHARED.into_iter().map(|shared| {
        let mut worlds = [World::default(); SIZES.len()];
        for (world, images) in worlds.iter_mut().zip(SIZES) {
            let task = task(planner, folder, images, shared);
            let samples = (0..runs).map(|_| sample(&task)).collect::<Result<Vec<_>>>()?;
            *world = World::of(images, &samples);
        }
        Ok(Planning { shared, worlds })
    });
    all.collect()
}

fn task(planner: &Path, folder: &Path, images: usize, shared: Shared) -> Task {
    let sizes = [images, ACCOUNTS, shared.accounts].map(|size| size.to_string());
    let task = sizes.iter().fold(Task::new(planner, folder), Task::arg);
    task.args(shared.mixed.then_some("mixed"))
}

/// What the process took, and in it the planning alone, in seconds.
fn sample(task: &Task) -> Result<(Usage, f64)> {
    let usage = task.measure_success()?;
    let printed: Option<Value> = serde_json::from_str(&task.printed()?).ok();
    let micros = printed.and_then(|printed| printed["plan_us"].as_u64());
    let micros = micros.ok_or_else(|| Failure::new("cannot understand what plan_size prints; mend it"))?;
    Ok((usage, micros as f64 / 1e6))
}

impl World {
    fn of(images: usize, samples: &[(Usage, f64)]) -> Self {
        let usages: Vec<Usage> = samples.iter().map(|(usage, _)| *usage).collect();
        let plan_s = median(samples.iter().map(|(_, plan_s)| *plan_s));
        Self { images, plan_s, peak_bytes: peak(&usages) }
    }

    fn s_per_image(&self) -> f64 {
        self.plan_s / self.images as f64
    }
}

impl Planning {
    fn ends(&self) -> (&World, &World) {
        (&self.worlds[0], &self.worlds[SIZES.len() - 1])
    }

    fn bytes_per_image(&self) -> f64 {
        let (smallest, largest) = self.ends();
        let bytes = largest.peak_bytes.saturating_sub(smallest.peak_bytes) as f64;
        bytes / (largest.images - smallest.images) as f64
    }

    fn growth(&self) -> f64 {
        let (smallest, largest) = self.ends();
        largest.s_per_image() / smallest.s_per_image()
    }

    fn targets(&self) -> Vec<Target> {
        vec![
            Target::at_most("time", self.ends().1.plan_s, LARGEST_S),
            Target::at_most("linear", self.growth(), GROWTH),
            Target::at_most("memory", self.bytes_per_image(), BYTES_PER_IMAGE),
        ]
    }

    fn cells(&self) -> Vec<String> {
        let Shared { accounts, mixed } = self.shared;
        let mixed = if mixed { ", mixed" } else { "" };
        let mut cells = vec![format!("{accounts} of {ACCOUNTS}{mixed}")];
        cells.extend(self.worlds.iter().map(|world| millis(world.plan_s)));
        cells.extend([
            format!("{:.2}", self.growth()),
            format!("{:.0} bytes", self.bytes_per_image()),
            told(&self.targets()),
        ]);
        cells
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        let world = |world: &World| json!({ "images": world.images, "plan_s": world.plan_s, "peak_bytes": world.peak_bytes });
        json!({
            "accounts": ACCOUNTS,
            "shared": self.shared.accounts,
            "mixed": self.shared.mixed,
            "worlds": self.worlds.iter().map(world).collect::<Vec<_>>(),
            "bytes_per_image": self.bytes_per_image(),
            "targets": self.targets().iter().map(Target::json).collect::<Vec<_>>(),
        })
    }
}

/// For people.
pub(super) fn text(all: &[Planning]) -> String {
    let sizes = SIZES.map(|images| format!("{images} images"));
    let mut head = vec!["accounts that have it"];
    head.extend(sizes.iter().map(String::as_str));
    head.extend(["growth of an image's time", "a further image", "reached"]);
    let mut table = Table::new(&head);
    all.iter().for_each(|planning| table.row(planning.cells()));
    format!(
        "### Planning alone\n\nImages that are to be shared with {ACCOUNTS} accounts, without a network. To reach: \
         100000 images within 1 s; an image takes at most {GROWTH} times as long as among 10000; a further image \
         takes at most 2 KiB.\n\n{table}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planning(plan_s: [f64; 3], peak_bytes: [u64; 3]) -> Planning {
        let mut worlds = [World::default(); 3];
        for (at, world) in worlds.iter_mut().enumerate() {
            *world = World { images: SIZES[at], plan_s: plan_s[at], peak_bytes: peak_bytes[at] };
        }
        Planning { shared: Shared { accounts: 25, mixed: true }, worlds }
    }

    #[test]
    fn a_further_image_costs_what_the_larger_world_has_more() {
        let planning = planning([0.05, 0.25, 0.5], [30_000_000, 100_000_000, 210_000_000]);
        assert_eq!(planning.bytes_per_image(), 2000.0);
        let expected = ["25 of 50, mixed", "50.0 ms", "250.0 ms", "500.0 ms", "1.00", "2000 bytes", "yes"];
        assert_eq!(planning.cells(), expected);
    }

    #[test]
    fn planning_that_is_slow_or_not_linear_or_large_is_found() {
        let told = |plan_s, peak_bytes| told(&planning(plan_s, peak_bytes).targets());
        assert_eq!(told([0.02, 0.2, 1.1], [0, 0, 0]), "no: time, linear");
        assert_eq!(told([0.09, 0.4, 0.9], [0, 0, 200_000_000]), "no: memory");
    }
}
