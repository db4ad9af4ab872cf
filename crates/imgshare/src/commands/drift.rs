//! `imgshare drift`

use clap::Args;
use imgshare_engine::Clouds;
use imgshare_plan::{Bounds, Plan};

use super::plan::make_plan;
use crate::args::{Files, Form, Format, Part};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::session::Session;
use crate::signals::{INTERRUPTED, unless_interrupted};
use crate::{out, text};

/// Say where the clouds differ from the config
///
/// For cron and CI: names per image which account is missing and which is too many, what is blocked or cannot be read,
/// which shares their receivers do not see, and which shares are there that no rule is about. Never writes to a cloud.
/// Exits with 0 when nothing differs, 2 when something does, 1 when something could not be read.
#[derive(Debug, Args)]
pub(crate) struct Drift {
    #[command(flatten)]
    form: Form,

    #[command(flatten)]
    part: Part,

    #[command(flatten)]
    files: Files,
}

impl Drift {
    pub(crate) async fn run(&self) -> Result<u8, Failure> {
        let session = Session::open(&self.files, &self.part)?;
        let bounds = Bounds { max_removals: None, scope: session.scope.clone() };
        let clouds = session.connect().await;
        let Some(plan) = unless_interrupted(compare(&session, &clouds, &bounds)).await else {
            return Ok(INTERRUPTED);
        };
        match self.form.format {
            Format::Json => out::json(&plan),
            Format::Text => out::data(&text::drift::render(&plan)),
        }
        Ok(plan.exit().code())
    }
}

/// Compares, and asks receivers what they see.
async fn compare(session: &Session, clouds: &Clouds, bounds: &Bounds) -> Plan {
    let (plan, receivers) = make_plan(session, clouds, bounds).await;
    let progress = Progress::reading();
    plan.with_received(receivers.look(clouds, &progress).await)
}
