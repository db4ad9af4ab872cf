//! `imgshare apply`

mod voice;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use imgshare_engine::{Applying, Audit, Clouds, Patience, Receivers, Stop, Verify};
use imgshare_plan::{Bounds, Plan, Report};
use serde_json::json;

use self::voice::{Voice, json_copy, json_line};
use super::pick::{Answer, Picked, ask, pick};
use super::plan::make_plan;
use crate::args::{Files, Form, Format, Part};
use crate::failure::Failure;
use crate::lock::Lock;
use crate::saved::SavedPlan;
use crate::session::Session;
use crate::signals::{INTERRUPTED, say_nothing_was_changed, stopping, unless_interrupted};
use crate::state::StateFolder;
use crate::view::unread::Unread;
use crate::{duration, out, record, text};

/// Make the clouds as the config says
///
/// Shows the plan, asks, makes the changes, reads them back, asks receivers what they see (`verify_with`) and reports. With a PLAN saved by `imgshare plan --out` it
/// makes exactly that, or nothing when the clouds have changed since. With --yes alone, accounts are added to an image
/// as soon as its own shares are read; nothing is removed before the whole plan is known. Interrupted, it finishes what
/// is in flight; run again, it ends where an unbroken run ends.
#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// A plan saved by `imgshare plan --out`
    #[arg(conflicts_with_all = ["only", "cloud", "region", "max_removals"])]
    plan: Option<PathBuf>,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Ask for each image and each copy
    #[arg(long, conflicts_with = "yes")]
    pick: bool,

    /// How changes are verified
    #[arg(long, value_name = "HOW", default_value = "read-back")]
    verify: VerifyHow,

    /// How long to wait for copies into other regions; they go on, and the next run finds them
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration::parse)]
    copy_timeout: Duration,

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
    /// Read the shares of each changed image again, and ask receivers whose login the config names
    ReadBack,
    /// Trust the clouds' answers; the report says "granted, not verified"
    None,
}

/// How much of a plan somebody wants.
enum Agreed {
    All,
    Only(Picked),
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
        match &saved {
            None if self.yes => self.at_once(&session, &clouds, &bounds).await,
            _ => self.as_agreed(&session, &clouds, &bounds, saved.as_ref()).await,
        }
    }

    /// Plans and makes it so in one go: whoever says yes beforehand has agreed to any plan.
    async fn at_once(&self, session: &Session, clouds: &Clouds, bounds: &Bounds) -> Result<u8, Failure> {
        let audit = record::open(self.audit.as_deref(), &self.state, session)?;
        let stop = Stop::default();
        let voice = Voice::before_the_plan(self.form.format, &stop);
        let applying = self.applying(session, clouds, &audit, &voice, &stop);
        let run = imgshare_engine::survey_and_apply(&session.desired, bounds, session.now(), &applying);
        let ((plan, report), interrupted) = stopping(&stop, run).await;
        Ok(self.conclude(&voice, session, Ended { plan, report, interrupted }))
    }

    /// Shows the plan, asks, and makes so what was agreed to.
    async fn as_agreed(
        &self,
        session: &Session,
        clouds: &Clouds,
        bounds: &Bounds,
        saved: Option<&SavedPlan>,
    ) -> Result<u8, Failure> {
        let planning = make_plan(session, clouds, bounds);
        let Some((plan, receivers)) = unless_interrupted(planning).await else { return Ok(INTERRUPTED) };
        if let Some(saved) = saved {
            check_unchanged(&saved.plan, &plan)?;
        }
        self.show(&plan);
        let plan = match self.agreed(&plan).await? {
            Agreed::All => plan,
            Agreed::Only(picked) => plan.only(&picked.changes, &picked.copies),
            Agreed::Nothing => return Err(Failure::new("not confirmed; nothing was changed")),
            Agreed::Interrupted => return Ok(INTERRUPTED),
        };
        self.make_it_so(plan, &receivers, session, clouds).await
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

    async fn make_it_so(
        &self,
        plan: Plan,
        receivers: &Receivers,
        session: &Session,
        clouds: &Clouds,
    ) -> Result<u8, Failure> {
        let stop = Stop::default();
        let voice = Voice::after_the_plan(self.form.format, &plan, &stop);
        let (report, interrupted) = if plan.is_empty() && receivers.is_empty() {
            (self.nothing_to_do(&plan), false)
        } else {
            let audit = record::open(self.audit.as_deref(), &self.state, session)?;
            let applying = self.applying(session, clouds, &audit, &voice, &stop);
            stopping(&stop, imgshare_engine::apply(&plan, receivers, &applying)).await
        };
        Ok(self.conclude(&voice, session, Ended { plan, report, interrupted }))
    }

    fn nothing_to_do(&self, plan: &Plan) -> Report {
        let report = Report::new(plan, [], []);
        match self.verify {
            VerifyHow::ReadBack => report.with_received(Vec::new()),
            VerifyHow::None => report,
        }
    }

    fn applying<'a>(
        &self,
        session: &'a Session,
        clouds: &'a Clouds,
        audit: &'a Audit,
        voice: &'a Voice<'a>,
        stop: &'a Stop,
    ) -> Applying<'a> {
        Applying {
            clouds,
            world: &*session.host.world,
            audit,
            verify: self.verify.into(),
            patience: Patience { longest: self.copy_timeout, ..Patience::default() },
            stop,
            observer: voice,
        }
    }

    /// Reports, and gives the exit code.
    fn conclude(&self, voice: &Voice<'_>, session: &Session, mut ended: Ended) -> u8 {
        let code = if ended.interrupted { INTERRUPTED } else { ended.report.exit().code() };
        let unread = ended.take_unread();
        let untouched = ended.interrupted && ended.has_sent_nothing();
        voice.end_progress();
        // A part of a plan of which nothing was done is no news.
        if !untouched || voice.has_shown_the_plan() || self.form.format == Format::Json {
            voice.show(&ended.plan);
            voice.end();
            self.tell(voice, &ended.report, unread, session, code);
        }
        if untouched {
            say_nothing_was_changed();
        }
        code
    }

    fn tell(&self, voice: &Voice<'_>, report: &Report, unread: Unread, session: &Session, code: u8) {
        match self.form.format {
            Format::Text => out::data(&text::report::render(report, unread, &session.places())),
            Format::Json => {
                let untold = report.changes.iter().filter(|change| !text::report::is_told(change));
                untold.for_each(|change| json_line("change", change));
                let untold = report.acceptances.iter().filter(|share| !voice.has_told(share));
                untold.for_each(|share| json_line("acceptance", share));
                report.received.iter().for_each(|share| json_line("received", share));
                report.copies.iter().for_each(|copy| json_copy("ended", copy));
                report.blocked.iter().for_each(|blocked| json_line("blocked", blocked));
                report.unreadable.iter().for_each(|unreadable| json_line("unreadable", unreadable));
                let counts = &report.summary;
                let summary = json!({
                    "format": report.format, "exit": code, "counts": counts, "not_read": unread,
                });
                json_line("summary", &summary);
            }
        }
    }
}

/// A run that is over.
struct Ended {
    plan: Plan,
    report: Report,
    interrupted: bool,
}

impl Ended {
    /// Takes out what was not read because the run was stopped.
    fn take_unread(&mut self) -> Unread {
        Unread::out_of_plan(&mut self.plan);
        Unread::out_of_report(&mut self.report)
    }

    /// Whether no write was sent.
    fn has_sent_nothing(&self) -> bool {
        let Report { changes, copies, acceptances, .. } = &self.report;
        let shares = copies.iter().flat_map(|copy| copy.share.iter().chain(&copy.snapshots));
        let attempts = changes.iter().chain(shares).map(|change| change.attempts);
        let accepted = acceptances.iter().chain(copies.iter().flat_map(|copy| &copy.acceptances));
        let attempts = attempts.chain(accepted.map(|share| share.attempts));
        attempts.chain(copies.iter().map(|copy| copy.attempts)).all(|attempts| attempts == 0)
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
