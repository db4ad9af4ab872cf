//! What the person who runs the benchmark wants of it.

use std::path::PathBuf;

use crate::failure::{Failure, Result};

/// Enough for a median, and few enough for all to end in a quarter of an hour.
const RUNS: usize = 3;

/// The arguments.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// How often everything is run that does not wait for a quota.
    pub(super) runs: usize,
    /// Where the figures go as JSON.
    pub(super) json: Option<PathBuf>,
    only: Vec<String>,
}

impl Options {
    /// Reads the arguments. `parts` are the names of all parts that there are.
    pub(super) fn read(arguments: &[String], parts: &[String]) -> Result<Self> {
        let mut options = Self { runs: RUNS, json: None, only: Vec::new() };
        let mut words = arguments.iter();
        while let Some(flag) = words.next() {
            match (flag.as_str(), words.next()) {
                ("--runs", Some(count)) => options.runs = positive(count)?,
                ("--json", Some(path)) => options.json = Some(path.into()),
                ("--only", Some(name)) => options.only.push(known(name, parts)?),
                _ => return Err(misused(flag)),
            }
        }
        Ok(options)
    }

    /// Whether this part is wanted.
    pub(super) fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| is_of(part, name))
    }
}

fn misused(flag: &str) -> Failure {
    Failure::new(format!("bench takes --runs N, --only PART and --json FILE; mend {flag:?}"))
}

fn positive(count: &str) -> Result<usize> {
    let number = count.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| Failure::new(format!("{count:?} is no number of runs; give one from 1 on")))
}

fn known(name: &str, parts: &[String]) -> Result<String> {
    if parts.iter().any(|part| is_of(part, name)) {
        return Ok(name.to_owned());
    }
    let parts = parts.join(", ");
    Err(Failure::new(format!("the benchmark has no part {name:?}; choose among {parts}, or a word of one")))
}

/// Whether a part bears this name, or it is one of the words that its name is made of: `W100/quota` is of `quota`.
fn is_of(part: &str, name: &str) -> bool {
    part == name || part.split('/').any(|word| word == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Options> {
        let parts = ["startup", "W100/50ms", "W100/quota", "W1000/quota"].map(str::to_owned);
        Options::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), &parts)
    }

    #[test]
    fn options_are_read_and_mistakes_refused() {
        let plain = read(&[]).expect("no options are options");
        assert_eq!(plain, Options { runs: RUNS, json: None, only: vec![] });
        let more = read(&["--json", "a", "--runs", "5"]).expect("both are options");
        assert_eq!(more, Options { runs: 5, json: Some("a".into()), only: vec![] });
        let mistakes = [&["--runs"][..], &["--runs", "0"], &["--runs", "x"], &["--yaml", "a"], &["a"]];
        for mistake in mistakes {
            assert!(read(mistake).is_err(), "{mistake:?}");
        }
    }

    #[test]
    fn a_part_is_chosen_by_its_name_or_by_a_word_of_it() {
        let check = |only: &[&str], expected: &[&str]| {
            let options =
                read(&only.iter().flat_map(|name| ["--only", name]).collect::<Vec<_>>()).expect("known");
            let all = ["startup", "W100/50ms", "W100/quota", "W1000/quota"];
            assert_eq!(all.into_iter().filter(|part| options.wants(part)).collect::<Vec<_>>(), expected);
        };
        check(&[], &["startup", "W100/50ms", "W100/quota", "W1000/quota"]);
        check(&["W100"], &["W100/50ms", "W100/quota"]);
        check(&["quota"], &["W100/quota", "W1000/quota"]);
        check(&["W100/quota", "startup"], &["startup", "W100/quota"]);
    }

    #[test]
    fn a_part_that_does_not_exist_is_refused_with_those_that_do() {
        let Err(Failure::Sentence(sentence)) = read(&["--only", "W10"]) else { panic!("it is refused") };
        assert!(sentence.contains("no part \"W10\"; choose among startup, W100/50ms, "), "{sentence}");
    }
}
