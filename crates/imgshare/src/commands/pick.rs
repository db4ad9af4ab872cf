//! Asking: for each image, or once.

use std::collections::BTreeSet;
use std::io::BufRead as _;

use imgshare_plan::{ChangeKey, Plan};

use crate::failure::Failure;
use crate::signals::unless_interrupted;
use crate::{out, text};

/// Goes through the images of a plan and asks for each. `None`: it was interrupted.
pub(super) async fn pick(plan: &Plan) -> Result<Option<BTreeSet<ChangeKey>>, Failure> {
    let changes: Vec<_> = plan.to_do().collect();
    let mut picked = BTreeSet::new();
    for (at, change) in changes.iter().enumerate() {
        out::talk(&format!("\n{} of {}\n{}", at + 1, changes.len(), text::plan::change_alone(change)));
        match choose().await? {
            Choice::Yes => drop(picked.insert(change.key())),
            Choice::No => {}
            Choice::All => {
                picked.extend(changes[at..].iter().map(|change| change.key()));
                break;
            }
            Choice::Quit => break,
            Choice::Interrupted => return Ok(None),
        }
    }
    Ok(Some(picked))
}

enum Choice {
    Yes,
    No,
    All,
    Quit,
    Interrupted,
}

async fn choose() -> Result<Choice, Failure> {
    loop {
        let answer = match ask("Change this image? [y]es, [n]o, [a]ll the rest, [q]uit asking: ").await? {
            Answer::Said(answer) => answer,
            Answer::Nobody => return Ok(Choice::Quit),
            Answer::Interrupted => return Ok(Choice::Interrupted),
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

/// What came back on a question.
pub(super) enum Answer {
    /// These words, in lower case.
    Said(String),
    /// There is nobody to answer.
    Nobody,
    /// It was interrupted.
    Interrupted,
}

/// Asks one question.
pub(super) async fn ask(question: &str) -> Result<Answer, Failure> {
    out::talk(question);
    let (tell, told) = tokio::sync::oneshot::channel();
    // On a thread that nobody waits for: a read that has begun cannot be given up, and Ctrl-C must be heard.
    std::thread::spawn(move || drop(tell.send(read_line())));
    let Some(read) = unless_interrupted(told).await else { return Ok(Answer::Interrupted) };
    match read {
        Ok(Ok(line)) if !line.is_empty() => Ok(Answer::Said(line.trim().to_lowercase())),
        Ok(Err(error)) => Err(Failure::new(format!("cannot read the answer: {error}"))),
        Ok(Ok(_)) | Err(_) => {
            out::talk("\n");
            Ok(Answer::Nobody)
        }
    }
}

/// One line with its end; empty when there is none any more.
fn read_line() -> std::io::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line)
}
