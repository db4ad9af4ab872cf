//! The project's chores: `cargo xtask CHORE`.
//!
//! One file per chore. A chore needs cargo and what cargo fetches, and nothing else that a bare machine may lack.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to the person who runs it")]

mod bench;
mod build;
mod check;
mod demo;
mod digest;
mod dist;
mod docs;
mod failure;
mod real_servers;
mod run;
mod simulate;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use failure::{Failure, Result};

struct Chore {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const CHORES: &[Chore] = &[
    Chore {
        name: "demo",
        arguments: "[ARGUMENT]...",
        about: "build everything and run `imgshare demo`",
        run: demo::chore,
    },
    Chore {
        name: "build",
        arguments: "[--release]",
        about: "build the program, with the plugins beside it",
        run: build::chore,
    },
    Chore {
        name: "test",
        arguments: "[--real-servers] [ARGUMENT]...",
        about: "run every test, or those on servers of others; the rest goes to cargo test",
        run: test::chore,
    },
    Chore {
        name: "simulate",
        arguments: "[--cases N] [--first N] [--seed N]",
        about: "play random worlds with faults in virtual time",
        run: simulate::chore,
    },
    Chore {
        name: "check",
        arguments: "",
        about: "format, lints, the repository's rules, documentation",
        run: check::chore,
    },
    Chore {
        name: "tidy",
        arguments: "",
        about: "the repository's rules alone (cargo test checks them too)",
        run: tidy::chore,
    },
    Chore {
        name: "bench",
        arguments: "[OPTION]...",
        about: "measure a release build; docs/performance.md says what and how",
        run: bench::chore,
    },
    Chore {
        name: "dist",
        arguments: "",
        about: "collect a release build in dist/, with checksums",
        run: dist::chore,
    },
    Chore {
        name: "docs",
        arguments: "",
        about: "build the documentation and say where it is",
        run: docs::chore,
    },
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_default();
    let arguments: Vec<String> = words.collect();
    let outcome = match CHORES.iter().find(|chore| chore.name == name) {
        Some(chore) => (chore.run)(&arguments),
        None => unknown(&name),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            failure.exit_code()
        }
    }
}

fn unknown(name: &str) -> Result<()> {
    let wants_help = ["", "help", "-h", "--help"].contains(&name);
    if wants_help {
        println!("{}", usage());
        return Ok(());
    }
    Err(Failure::new(format!("there is no chore {name:?}\n{}", usage())))
}

fn usage() -> String {
    let lines = CHORES.iter().map(|chore| {
        let call = format!("{} {}", chore.name, chore.arguments);
        format!("  {call:<31} {}\n", chore.about)
    });
    format!("usage: cargo xtask CHORE\n\n{}", lines.collect::<String>())
}

/// Refuses arguments where a chore has none.
fn no_arguments(chore: &str, arguments: &[String]) -> Result<()> {
    match arguments {
        [] => Ok(()),
        [first, ..] => Err(Failure::new(format!("{chore} takes no arguments; leave out {first:?}"))),
    }
}
