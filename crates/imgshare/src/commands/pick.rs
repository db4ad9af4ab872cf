//! Asking: for each image, or once.

use std::collections::BTreeSet;
use std::io::BufRead as _;

use imgshare_plan::{ChangeKey, Plan};

use crate::failure::Failure;
use crate::{out, text};

/// Goes through the images of a plan and asks for each.
pub(super) fn pick(plan: &Plan) -> Result<BTreeSet<ChangeKey>, Failure> {
    let changes: Vec<_> = plan.to_do().collect();
    let mut picked = BTreeSet::new();
    for (at, change) in changes.iter().enumerate() {
        out::talk(&format!("\n{} of {}\n{}", at + 1, changes.len(), text::plan::change_alone(change)));
        match choose()? {
            Choice::Yes => drop(picked.insert(change.key())),
            Choice::No => {}
            Choice::All => {
                picked.extend(changes[at..].iter().map(|change| change.key()));
                break;
            }
            Choice::Quit => break,
        }
    }
    Ok(picked)
}

enum Choice {
    Yes,
    No,
    All,
    Quit,
}

fn choose() -> Result<Choice, Failure> {
    loop {
        let Some(answer) = ask("Change this image? [y]es, [n]o, [a]ll the rest, [q]uit asking: ")? else {
            return Ok(Choice::Quit);
        };
        match answer.as_str() {
            "y" | "yes" => return Ok(Choice::Yes),
            "n" | "no" => return Ok(Choice::No),
            "a" | "all" => return Ok(Choice::All),
            "q" | "quit" => return Ok(Choice::Quit),
            _ => out::talk("please answer y, n, a or q\n"),
        }
    }
}

/// Asks one question. `None`: nobody is there to answer.
pub(super) fn ask(question: &str) -> Result<Option<String>, Failure> {
    out::talk(question);
    let mut answer = String::new();
    let read = std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Failure::new(format!("cannot read the answer: {error}")))?;
    if read == 0 {
        out::talk("\n");
        return Ok(None);
    }
    Ok(Some(answer.trim().to_lowercase()))
}
