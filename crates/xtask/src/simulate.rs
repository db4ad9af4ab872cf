//! Plays thousands of random worlds in virtual time: the engine's simulation tests, optimised enough to play many.

use crate::failure::{Failure, Result};
use crate::run::{cargo, run};

/// What is played without a number.
const CASES: &str = "2000";

/// The chore: `--cases N` plays so many, `--first N` begins at another seed, `--seed N` plays one again.
pub(crate) fn chore(arguments: &[String]) -> Result<()> {
    let variables = variables(arguments)?;
    let tests = ["test", "--profile", "simulation", "-p", "imgshare-engine", "--test", "simulation"];
    run(cargo(&tests).env("IMGSHARE_SIMULATION_CASES", CASES).envs(variables))
}

/// The arguments as the tests take them.
fn variables(arguments: &[String]) -> Result<Vec<(&'static str, String)>> {
    let pairs = arguments.chunks(2).map(|pair| match pair {
        [flag, number] if number.parse::<u64>().is_ok() => Some((variable(flag)?, number.clone())),
        _ => None,
    });
    let variables = pairs.collect::<Option<Vec<_>>>();
    variables.ok_or_else(|| {
        Failure::new("simulate takes --cases N, --first N and --seed N, each with a whole number")
    })
}

fn variable(flag: &str) -> Option<&'static str> {
    match flag {
        "--cases" => Some("IMGSHARE_SIMULATION_CASES"),
        "--first" => Some("IMGSHARE_SIMULATION_FIRST"),
        "--seed" => Some("IMGSHARE_SEED"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Option<Vec<(&'static str, String)>> {
        variables(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).ok()
    }

    #[test]
    fn numbers_reach_the_tests_and_mistakes_are_refused() {
        let more = vec![
            ("IMGSHARE_SIMULATION_CASES", "20000".to_owned()),
            ("IMGSHARE_SIMULATION_FIRST", "7".to_owned()),
        ];
        assert_eq!(read(&[]), Some(Vec::new()));
        assert_eq!(read(&["--cases", "20000", "--first", "7"]), Some(more));
        for mistake in [&["--cases"][..], &["--cases", "many"], &["--case", "1"], &["7"]] {
            assert_eq!(read(mistake), None, "{mistake:?}");
        }
    }
}
