//! `imgshare apply`

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use imgshare_engine::{Applying, Clouds, Event, Observer, Patience, Stop, Verify};
use imgshare_plan::{Bounds, ChangeKey, Plan, Report};
use serde_json::json;

use super::pick::{Answer, ask, pick};
use super::plan::make_plan;
use crate::args::{Files, Form, Format, Part};
use crate::failure::Failure;
use crate::lock::Lock;
use crate::progress::Progress;
use crate::saved::SavedPlan;
use crate::session::Session;
use crate::signals::{INTERRUPTED, stopping, unless_interrupted};
use crate::state::StateFolder;
use crate::{out, record, text};

/// Make the clouds as the config says
///
/// Shows the plan, asks, makes the changes, reads them back and reports. With a PLAN saved by `imgshare plan --out` it
/// makes exactly that, or nothing when the clouds have changed since. Interrupted, it finishes what is in flight; run
/// again, it ends where an unbroken run ends.
#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// A plan saved by `imgshare plan --out`
    #[arg(conflicts_with_all = ["only", "cloud", "region", "max_removals"])]
    plan: Option<PathBuf>,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Ask for each image
    #[arg(long, conflicts_with = "yes")]
    pick: bool,

    /// How changes are verified
    #[arg(long, value_name = "HOW", default_value = "read-back")]
    verify: VerifyHow,

    /// Allow so many removals instead of the fence's number
    #[arg(long, value_name = "N")]
    max_removals: Option<u32>,

    /// The audit record [default: audit.jsonl in the state folder]
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    audit: Option<PathBuf>,

    #[command(flatten)]
    state: StateFolder,

    #[command(flatten)]
    form: Form,

    #[command(flatten)]
    part: Part,

    #[command(flatten)]
    files: Files,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum VerifyHow {
    /// Read the shares of each changed image again
    ReadBack,
    /// Trust the clouds' answers; the report says "granted, not verified"
    None,
}

/// How much of a plan somebody wants.
enum Agreed {
    All,
    Only(BTreeSet<ChangeKey>),
    Nothing,
    Interrupted,
}

impl Apply {
    pub(crate) async fn run(&self) -> Result<u8, Failure> {
        self.check_somebody_can_answer()?;
        let saved = self.plan.as_deref().map(SavedPlan::read).transpose()?;
        let mut session = Session::open(&self.files, &self.part)?;
        let _lock = Lock::take(&self.files.config, &session, &self.state)?;
        let bounds = match &saved {
            Some(saved) => saved.bounds(),
            None => Bounds { max_removals: self.max_removals, scope: session.scope.clone() },
        };
        session.scope = bounds.scope.clone();
        let clouds = session.connect().await;
        let Some(plan) = unless_interrupted(make_plan(&session, &clouds, &bounds)).await else {
            return Ok(INTERRUPTED);
        };
        if let Some(saved) = &saved {
            check_unchanged(&saved.plan, &plan)?;
        }
        self.show(&plan);
        let plan = match self.agreed(&plan).await? {
            Agreed::All => plan,
            Agreed::Only(picked) => plan.only(&picked, &BTreeSet::new()),
            Agreed::Nothing => return Err(Failure::new("not confirmed; nothing was changed")),
            Agreed::Interrupted => return Ok(INTERRUPTED),
        };
        self.make_it_so(&plan, &session, &clouds).await
    }

    fn check_somebody_can_answer(&self) -> Result<(), Failure> {
        // Picking reads its answers from wherever they come; a bare yes from a pipe is too easily an accident.
        if self.yes || self.pick || std::io::stdin().is_terminal() {
            return Ok(());
        }
        Err(Failure::new("nobody can be asked, because this is no terminal; nothing was changed")
            .hint("look at `imgshare plan`, then run `imgshare apply --yes`"))
    }

    fn show(&self, plan: &Plan) {
        let text = text::plan::render(plan) + "\n";
        match self.form.format {
            Format::Text => out::data(&text),
            // The lines on stdout are for programs; whoever is asked still has to see what about.
            Format::Json if self.yes => {}
            Format::Json => out::talk(&text),
        }
    }

    /// How much of the plan somebody wants.
    async fn agreed(&self, plan: &Plan) -> Result<Agreed, Failure> {
        if plan.is_empty() || self.yes {
            return Ok(Agreed::All);
        }
        if self.pick {
            return Ok(pick(plan).await?.map_or(Agreed::Interrupted, Agreed::Only));
        }
        Ok(match ask("Make these changes? [y/N] ").await? {
            Answer::Said(answer) if ["y", "yes"].contains(&answer.as_str()) => Agreed::All,
            Answer::Interrupted => Agreed::Interrupted,
            Answer::Said(_) | Answer::Nobody => Agreed::Nothing,
        })
    }

    async fn make_it_so(&self, plan: &Plan, session: &Session, clouds: &Clouds) -> Result<u8, Failure> {
        let (report, interrupted) = if plan.is_empty() {
            (Report::new(plan, [], []), false)
        } else {
            self.write(plan, session, clouds).await?
        };
        let code = if interrupted { INTERRUPTED } else { report.exit().code() };
        self.tell(&report, session, code);
        Ok(code)
    }

    /// Makes the changes. With the report comes whether somebody interrupted.
    async fn write(
        &self,
        plan: &Plan,
        session: &Session,
        clouds: &Clouds,
    ) -> Result<(Report, bool), Failure> {
        let audit = record::open(self.audit.as_deref(), &self.state, session)?;
        let stop = Stop::default();
        let voice = Voice { format: self.form.format, progress: Progress::writing(plan.to_do().count()) };
        let applying = Applying {
            clouds,
            world: &*session.host.world,
            audit: &audit,
            verify: self.verify.into(),
            patience: Patience::default(),
            stop: &stop,
            observer: &voice,
        };
        let ended = stopping(&stop, imgshare_engine::apply(plan, &applying)).await;
        voice.end();
        Ok(ended)
    }

    fn tell(&self, report: &Report, session: &Session, code: u8) {
        match self.form.format {
            Format::Text => out::data(&text::report::render(report, &session.places())),
            Format::Json => {
                let untold = report.changes.iter().filter(|change| !text::report::is_told(change));
                untold.for_each(|change| line("change", change));
                report.blocked.iter().for_each(|blocked| line("blocked", blocked));
                report.unreadable.iter().for_each(|unreadable| line("unreadable", unreadable));
                line("summary", &json!({"format": report.format, "exit": code, "counts": report.summary}));
            }
        }
    }
}

impl From<VerifyHow> for Verify {
    fn from(how: VerifyHow) -> Self {
        match how {
            VerifyHow::ReadBack => Self::ReadBack,
            VerifyHow::None => Self::None,
        }
    }
}

/// Tells of each change as it ends.
struct Voice {
    format: Format,
    progress: Progress,
}

impl Observer for Voice {
    fn event(&self, event: Event<'_>) {
        self.progress.event(event);
        if let Event::Ended(change) = event {
            self.progress.above(|| match self.format {
                Format::Text => out::data(&text::report::change(change)),
                Format::Json => line("change", change),
            });
        }
    }
}

impl Voice {
    /// What comes next in the text is about the run as a whole.
    fn end(&self) {
        if self.format == Format::Text {
            out::data("\n");
        }
    }
}

/// One line of `apply --format json`.
fn line(kind: &str, value: &impl serde::Serialize) {
    let mut object = json!({"type": kind});
    if let (Some(object), Ok(serde_json::Value::Object(fields))) =
        (object.as_object_mut(), serde_json::to_value(value))
    {
        object.extend(fields);
    }
    out::json_line(&object);
}

fn check_unchanged(saved: &Plan, now: &Plan) -> Result<(), Failure> {
    let what = if saved.config_digest != now.config_digest {
        "the config has changed since the plan was saved; nothing was changed"
    } else if saved.fingerprint() != now.fingerprint() {
        "the clouds have changed since the plan was saved; nothing was changed"
    } else {
        return Ok(());
    };
    Err(Failure::new(what).hint("make the plan anew with `imgshare plan --out FILE` and look at it"))
}
