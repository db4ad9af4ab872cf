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

mod books;
mod calls;
mod case;
mod dice;
mod kinds;
mod oracle;
mod others;
mod plot;
mod plot_copies;
mod plot_copy_trouble;
mod properties;
mod regressions;
mod run;
mod runner;
mod stage;
mod surroundings;
mod tally;
mod truth;
mod wire;

use runner::{
    Play, play_copies, play_copies_at_once, play_copy_trouble, play_dead_region, play_row, play_seed,
    play_two_at_once,
};
use tally::Tally;

/// Cases of a usual run.
const CASES: u64 = 100;

/// The seed of a usual run's first case. From here on, so few cases have every kind of trouble.
const FIRST: u64 = 100;

#[test]
fn what_is_always_true_is_true_in_every_world() {
    let tally = all_go_well(play_seed, cases());
    let absent = tally.absent();
    assert!(
        cases() < CASES || number("IMGSHARE_SEED").is_some() || absent.is_empty(),
        "this never struck: {absent:?}"
    );
}

#[test]
fn two_runs_on_two_machines_at_once_end_where_one_would() {
    all_go_well(play_two_at_once, cases() / 5);
}

#[test]
fn there_is_one_copy_a_region_wherever_the_runs_before_were_stopped() {
    all_go_well(play_copies, cases() / 2);
}

#[test]
fn copies_that_go_wrong_are_not_piled_up_guessed_or_given_to_the_wrong_accounts() {
    all_go_well(play_copy_trouble, cases() / 2);
}

#[test]
fn two_runs_at_once_begin_one_copy_where_the_cloud_takes_a_token() {
    all_go_well(play_copies_at_once, cases() / 5);
}

#[test]
fn a_dead_region_takes_nothing_from_the_others_though_the_cloud_takes_half_the_calls() {
    all_go_well(play_dead_region, cases() / 40);
}

fn all_go_well(play: Play, cases: u64) -> Tally {
    let (first, cases) = match number("IMGSHARE_SEED") {
        Some(seed) => (seed, 1),
        None => (number("IMGSHARE_SIMULATION_FIRST").unwrap_or(FIRST), cases),
    };
    let row = play_row(play, first, cases);
    assert!(row.failures.is_empty(), "{}", row.failures.join("\n"));
    row.tally
}

fn cases() -> u64 {
    number("IMGSHARE_SIMULATION_CASES").unwrap_or(CASES)
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is a number, not {text:?}")))
}
