//! Asking: for each image and each copy, or once.

use std::collections::BTreeSet;
use std::io::BufRead as _;

use imgshare_plan::{ChangeKey, CopyKey, Plan, PlannedCopy};

use crate::failure::Failure;
use crate::signals::unless_interrupted;
use crate::view::parts::{self, Part};
use crate::{out, text};

/// What somebody has picked of a plan.
#[derive(Default)]
pub(super) struct Picked {
    pub(super) changes: BTreeSet<ChangeKey>,
    pub(super) copies: BTreeSet<CopyKey>,
}

/// Something to be picked.
enum Item<'a> {
    Image(Part<'a>),
    Copy(&'a PlannedCopy),
}

/// Goes through the images and copies of a plan and asks for each. `None`: it was interrupted.
pub(super) async fn pick(plan: &Plan) -> Result<Option<Picked>, Failure> {
    let images = parts::of(plan).into_iter().map(Item::Image);
    let items: Vec<_> = images.chain(plan.to_do_copies().map(Item::Copy)).collect();
    let mut picked = Picked::default();
    for (at, item) in items.iter().enumerate() {
        out::talk(&format!("\n{} of {}\n{}", at + 1, items.len(), item.text()));
        match choose(item.question()).await? {
            Choice::Yes => picked.take(item),
            Choice::No => {}
            Choice::All => {
                items[at..].iter().for_each(|item| picked.take(item));
                break;
            }
            Choice::Quit => break,
            Choice::Interrupted => return Ok(None),
        }
    }
    Ok(Some(picked))
}

impl Picked {
    fn take(&mut self, item: &Item<'_>) {
        match item {
            Item::Image(part) => self.changes.extend(part.keys()),
            Item::Copy(copy) => drop(self.copies.insert(copy.key())),
        }
    }
}

impl Item<'_> {
    fn text(&self) -> String {
        match self {
            Self::Image(part) => text::plan::part_alone(part),
            Self::Copy(copy) => text::plan::copy_alone(copy),
        }
    }

    fn question(&self) -> &'static str {
        match self {
            Self::Image(part) if part.change.is_none() && part.snapshots.is_empty() => {
                "Accept the shares of this image? [y]es, [n]o, [a]ll the rest, [q]uit asking: "
            }
            Self::Image(_) => "Change this image? [y]es, [n]o, [a]ll the rest, [q]uit asking: ",
            Self::Copy(copy) if copy.begun.is_some() => {
                "Await and share this copy? [y]es, [n]o, [a]ll the rest, [q]uit asking: "
            }
            Self::Copy(_) => "Make and share this copy? [y]es, [n]o, [a]ll the rest, [q]uit asking: ",
        }
    }
}

enum Choice {
    Yes,
    No,
    All,
    Quit,
    Interrupted,
}

async fn choose(question: &str) -> Result<Choice, Failure> {
    loop {
        let answer = match ask(question).await? {
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
