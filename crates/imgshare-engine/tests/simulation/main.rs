//! Right under faults: the real engine, host and plugins over simulated clouds, in random worlds in which everything
//! goes wrong that can, in virtual time. One seed is one case.
//!
//! ```sh
//! cargo test -p imgshare-engine --test simulation                             # the usual cases
//! IMGSHARE_SIMULATION_CASES=20000 IMGSHARE_SIMULATION_FIRST=1000000 cargo test ...   # more, and others
//! IMGSHARE_SEED=42 cargo test ...                                             # one of them again
//! ```
//!
//! ```text
//! seed -> Case -> config, world, trouble -> Stage -> runs -> properties
//! ```
//!
//! The judge is the simulator's own state, compared with what the case's rules say (`oracle`), which shares no line with
//! the planner.

mod case;
mod dice;
mod kinds;
mod oracle;
mod plot;
mod properties;
mod run;
mod runner;
mod stage;
mod surroundings;
mod tally;
mod truth;
mod wire;
mod writes;

/// Cases of a usual run.
const CASES: u64 = 200;

#[test]
fn what_is_always_true_is_true_in_every_world() {
    if let Some(seed) = number("IMGSHARE_SEED") {
        let played = runner::play_seed(seed);
        assert!(played.is_ok(), "{}", played.err().unwrap_or_default());
        return;
    }
    let cases = number("IMGSHARE_SIMULATION_CASES").unwrap_or(CASES);
    let row = runner::play_row(number("IMGSHARE_SIMULATION_FIRST").unwrap_or(0), cases);
    assert!(row.failures.is_empty(), "{}", row.failures.join("\n"));
    let absent = row.tally.absent();
    assert!(cases < CASES || absent.is_empty(), "this never struck: {absent:?}");
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is a number, not {text:?}")))
}
