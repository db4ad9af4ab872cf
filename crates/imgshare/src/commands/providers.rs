//! `imgshare providers`

mod new;
mod test;

use clap::{Args, Subcommand};
use imgshare_host::Shelf;

use crate::args::{Form, Format, PluginFolder};
use crate::failure::Failure;
use crate::session::folders;
use crate::view::providers::Providers as View;
use crate::{out, text};

/// List the plugins that are installed
///
/// Shows what each provider can do, its limits and what it wants to know, and why a file is refused (-vv shows all of
/// it). Asks no cloud. Exits with 0 when at least one plugin can be used, else with 1.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct Providers {
    #[command(subcommand)]
    action: Option<Action>,

    #[command(flatten)]
    form: Form,

    #[command(flatten)]
    plugins: PluginFolder,
}

/// What is for authors of providers.
#[derive(Debug, Subcommand)]
enum Action {
    New(new::New),
    Test(test::Test),
}

impl Providers {
    pub(crate) fn run(&self, verbosity: u8) -> Result<u8, Failure> {
        match &self.action {
            None => Ok(self.list(verbosity)),
            Some(Action::New(new)) => new.run(),
            Some(Action::Test(test)) => test.run(),
        }
    }

    fn list(&self, verbosity: u8) -> u8 {
        let view = View::of(&Shelf::open(&folders(&self.plugins)));
        match self.form.format {
            Format::Json => out::json(&view),
            Format::Text => out::data(&text::providers::render(&view, verbosity >= 2)),
        }
        u8::from(view.providers.is_empty())
    }
}
