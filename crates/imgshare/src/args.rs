//! Arguments that several commands have.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, TypedValueParser as _, ValueParser};
use clap::{Args, Parser, ValueEnum};
use imgshare_plan::Scope;

use crate::commands::Command;

/// Share machine images across clouds, from one TOML file
///
/// imgshare reads which images go to which accounts in which regions, compares that with what the clouds say, shows the
/// difference, and makes it so.
#[derive(Debug, Parser)]
#[command(name = "imgshare", version, max_term_width = 80, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) voice: Voice,
}

const AFTER_HELP: &str = "\
Exit codes: 0 done, nothing differs; 1 an error, nothing was changed; 2 plan and
drift: there is a difference; 3 apply: some changes were made and some failed or
were blocked; 130 interrupted.

New here? `imgshare demo` shows everything on a simulated cloud.";

/// How much is told, and in which colours.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Voice {
    /// Tell more on stderr; repeat for still more
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    verbose: u8,

    /// Colour the output
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, hide_possible_values = false)]
    color: Colour,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

impl Arguments {
    pub(crate) fn colour(&self) -> Colour {
        self.voice.color
    }

    pub(crate) fn verbosity(&self) -> u8 {
        self.voice.verbose
    }
}

/// Where the config and the plugins are.
#[derive(Clone, Debug, Args)]
pub(crate) struct Files {
    /// The config
    #[arg(short, long, value_name = "FILE", default_value = "imgshare.toml", help_heading = "Files")]
    pub(crate) config: PathBuf,

    #[command(flatten)]
    pub(crate) plugins: PluginFolder,

    /// PEM file with certificates to trust besides the system's
    #[arg(long, value_name = "FILE", env = "IMGSHARE_CA_FILE", help_heading = "Files", value_parser = path())]
    ca_file: Option<PathBuf>,
}

impl Files {
    pub(crate) fn ca_file(&self) -> Option<&Path> {
        named(self.ca_file.as_deref())
    }
}

/// Takes an empty text too: CI systems make one of a variable that they know nothing for.
pub(crate) fn path() -> ValueParser {
    OsStringValueParser::new().map(PathBuf::from).into()
}

/// An empty path names nothing.
pub(crate) fn named(path: Option<&Path>) -> Option<&Path> {
    path.filter(|path| !path.as_os_str().is_empty())
}

#[derive(Clone, Debug, Args)]
pub(crate) struct PluginFolder {
    /// The folder with the plugins [default: `providers` beside the binary, then the user's data folder]
    #[arg(long, value_name = "DIR", env = "IMGSHARE_PLUGINS", help_heading = "Files", value_parser = path())]
    plugins: Option<PathBuf>,
}

impl PluginFolder {
    pub(crate) fn path(&self) -> Option<&Path> {
        named(self.plugins.as_deref())
    }
}

/// Which part of the config a run is about.
#[derive(Clone, Debug, Args)]
pub(crate) struct Part {
    /// Only this rule (repeatable)
    #[arg(long, value_name = "RULE", help_heading = "What it is about")]
    pub(crate) only: Vec<String>,

    #[command(flatten)]
    pub(crate) sites: Sites,
}

/// Which clouds and regions a run is about, and how fast it goes.
#[derive(Clone, Debug, Args)]
pub(crate) struct Sites {
    /// Only this cloud (repeatable)
    #[arg(long, value_name = "CLOUD", help_heading = "What it is about")]
    pub(crate) cloud: Vec<String>,

    /// Only this region (repeatable)
    #[arg(long, value_name = "REGION", help_heading = "What it is about")]
    pub(crate) region: Vec<String>,

    /// Requests on their way at the same time, for each cloud and region
    #[arg(long, value_name = "N", default_value = "16", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) concurrency: u16,
}

impl Part {
    pub(crate) fn scope(&self) -> Scope {
        Scope { rules: set(&self.only), ..self.sites.scope() }
    }
}

impl Sites {
    pub(crate) fn scope(&self) -> Scope {
        Scope { rules: BTreeSet::new(), clouds: set(&self.cloud), regions: set(&self.region) }
    }
}

fn set<T: Ord + for<'a> From<&'a str>>(texts: &[String]) -> BTreeSet<T> {
    texts.iter().map(|text| T::from(text.as_str())).collect()
}

/// In which form the data goes to stdout.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Form {
    /// The form of what goes to stdout
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs; documented and versioned
    Json,
}
