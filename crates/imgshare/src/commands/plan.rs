//! `imgshare plan`

use std::path::PathBuf;

use clap::Args;
use imgshare_engine::{Clouds, Receivers};
use imgshare_plan::{Bounds, diff};

use crate::args::{Files, Form, Format, Part};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::saved::SavedPlan;
use crate::session::Session;
use crate::signals::{INTERRUPTED, unless_interrupted};
use crate::{out, text};

/// Show what `apply` would change
///
/// Reads the images and shares that the rules are about and compares them with the config. Never writes to a cloud.
/// Exits with 0 when nothing differs, 2 when something does, 1 when something could not be read.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// Save the plan for `imgshare apply FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Allow so many removals instead of the fence's number
    #[arg(long, value_name = "N")]
    max_removals: Option<u32>,

    #[command(flatten)]
    form: Form,

    #[command(flatten)]
    part: Part,

    #[command(flatten)]
    files: Files,
}

impl Plan {
    pub(crate) async fn run(&self) -> Result<u8, Failure> {
        let session = Session::open(&self.files, &self.part)?;
        let bounds = Bounds { max_removals: self.max_removals, scope: session.scope.clone() };
        let clouds = session.connect().await;
        let planning = make_plan(&session, &clouds, &bounds);
        let Some((plan, _)) = unless_interrupted(planning).await else { return Ok(INTERRUPTED) };
        match self.form.format {
            Format::Json => out::json(&plan),
            Format::Text => out::data(&text::plan::render_with_estimate(&plan)),
        }
        if let Some(path) = &self.out {
            SavedPlan::new(plan.clone(), &bounds, session.now()).write(path)?;
            out::talk(&format!("saved; make it so with: imgshare apply {}\n", path.display()));
        }
        Ok(plan.exit().code())
    }
}

/// Surveys the clouds and compares. With the plan come the receivers that can be asked about it.
pub(super) async fn make_plan(
    session: &Session,
    clouds: &Clouds,
    bounds: &Bounds,
) -> (imgshare_plan::Plan, Receivers) {
    let now = session.now();
    let progress = Progress::reading();
    let actual = imgshare_engine::survey(&session.desired, &bounds.scope, clouds, now, &progress).await;
    drop(progress);
    let receivers = Receivers::of(&session.survey(clouds, now), &actual);
    (diff(&session.desired, clouds.descriptions(), &actual, now, bounds), receivers)
}
