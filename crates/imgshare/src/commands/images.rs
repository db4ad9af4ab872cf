//! `imgshare images`

use clap::Args;

use crate::args::{Files, Form, Format, Part};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::session::Session;
use crate::signals::{INTERRUPTED, unless_interrupted};
use crate::view::images::Images as View;
use crate::{out, text};

/// List the images that the rules select, and who has them
///
/// Of a rule with `copy_from` these are the images that it copies and their copies. With --cloud and without --only it lists all images of the cloud, whatever the rules say. Never writes to a cloud.
/// Exits with 0, or with 1 when something could not be read; the rest is shown then, too.
#[derive(Debug, Args)]
pub(crate) struct Images {
    #[command(flatten)]
    form: Form,

    #[command(flatten)]
    part: Part,

    #[command(flatten)]
    files: Files,
}

impl Images {
    pub(crate) async fn run(&self) -> Result<u8, Failure> {
        let session = Session::open(&self.files, &self.part)?;
        let whole_clouds = !self.part.sites.cloud.is_empty() && self.part.only.is_empty();
        let reading = async { if whole_clouds { all(&session).await } else { selected(&session).await } };
        let Some(view) = unless_interrupted(reading).await else { return Ok(INTERRUPTED) };
        match self.form.format {
            Format::Json => out::json(&view),
            Format::Text => out::data(&text::images::render(&view)),
        }
        Ok(u8::from(!view.unreadable.is_empty()))
    }
}

async fn selected(session: &Session) -> View {
    let (clouds, now) = (session.connect().await, session.now());
    let progress = Progress::reading();
    let actual = imgshare_engine::survey(&session.desired, &session.scope, &clouds, now, &progress).await;
    View::selected(&session.survey(&clouds, now), &actual)
}

async fn all(session: &Session) -> View {
    let clouds = session.connect_all().await;
    let progress = Progress::reading();
    let actual = imgshare_engine::list_images(session.sites(), &clouds, true, &progress).await;
    View::all(&session.survey(&clouds, session.now()), &actual)
}
