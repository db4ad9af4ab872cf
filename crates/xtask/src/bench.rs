//! Measures a release build: what users feel before the first cloud answers, and how near the work on clouds comes to
//! what nobody can beat.
//!
//! docs/performance.md says what the figures mean.

mod case;
mod figures;
mod files;
mod launch;
mod machine;
mod markdown;
mod options;
mod planning;
mod programs;
mod provider;
mod row;
mod sessions;
mod simulator;
mod startup;
mod target;
mod workload;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::build::Built;
use crate::failure::{Failure, Result};
use case::{CONDITIONS, Case};
use launch::{LAUNCH, Task};
use markdown::Table;
use options::Options;
use planning::Planning;
use provider::Provider;
use row::Row;
use sessions::Sessions;
use startup::Startup;

/// The chore: builds, measures, prints tables, and writes the same as JSON if asked to.
pub(crate) fn chore(arguments: &[String]) -> Result<()> {
    if let Some((first, rest)) = arguments.split_first()
        && first == LAUNCH
    {
        return launch::launched(rest);
    }
    let cases = case::all();
    let options = Options::read(arguments, &parts(&cases))?;
    let report = Report::measure(&options, &cases)?;
    print!("{}", report.text());
    options.json.map_or(Ok(()), |path| write(&path, &report.json()))
}

/// The names of all parts.
fn parts(cases: &[Case]) -> Vec<String> {
    let others = [startup::NAME, planning::NAME].map(str::to_owned);
    others.into_iter().chain(cases.iter().map(Case::name)).collect()
}

/// All that was measured.
#[derive(Debug)]
struct Report {
    machine: Vec<(&'static str, String)>,
    startup: Option<Startup>,
    planning: Vec<Planning>,
    rows: Vec<Row>,
}

impl Report {
    fn measure(options: &Options, cases: &[Case]) -> Result<Self> {
        let folder = TempDir::with_prefix("imgshare-bench-")
            .map_err(|error| Failure::new(format!("cannot make a temporary folder: {error}; mend TMPDIR")))?;
        let folder = folder.path();
        let cases: Vec<Case> = cases.iter().copied().filter(|case| options.wants(&case.name())).collect();
        let built = programs::program()?;
        let planner = options.wants(planning::NAME).then(programs::planner).transpose()?;
        let rows = if cases.is_empty() { vec![] } else { rows(&built, &cases, folder, options.runs)? };
        Ok(Self {
            machine: machine::facts(),
            startup: options.wants(startup::NAME).then(|| startup::measure(&built, folder)).transpose()?,
            planning: planner
                .map_or(Ok(vec![]), |planner| planning::measure(&planner, folder, options.runs))?,
            rows,
        })
    }

    /// For people, in Markdown.
    fn text(&self) -> String {
        let mut machine = Table::new(&["what", "value"]);
        self.machine.iter().for_each(|(what, value)| machine.row([(*what).to_owned(), value.clone()]));
        let mut parts = vec![machine.to_string()];
        parts.extend(self.startup.as_ref().map(Startup::text));
        parts.extend((!self.planning.is_empty()).then(|| planning::text(&self.planning)));
        parts.extend(CONDITIONS.iter().filter_map(|conditions| table(&self.rows, conditions)));
        parts.join("\n")
    }

    /// For programs that compare one day with another.
    fn json(&self) -> Value {
        let machine = self.machine.iter().map(|(what, value)| ((*what).to_owned(), value.as_str().into()));
        json!({
            "format": 2,
            "machine": machine.collect::<serde_json::Map<_, _>>(),
            "startup": self.startup.as_ref().map(Startup::json),
            "planning": self.planning.iter().map(Planning::json).collect::<Vec<_>>(),
            "runs": self.rows.iter().map(Row::json).collect::<Vec<_>>(),
        })
    }
}

fn rows(built: &Built, cases: &[Case], folder: &Path, runs: usize) -> Result<Vec<Row>> {
    let floor = &programs::floor()?;
    let provider = Arc::new(Provider::ask(built, floor, folder)?);
    Sessions { built, floor, provider, folder, runs }.measure(cases)
}

/// The runs under these conditions, if there are any.
fn table(rows: &[Row], conditions: &case::Conditions) -> Option<String> {
    let rows = rows.iter().filter(|row| row.case.conditions == *conditions);
    let rows: Vec<_> = rows.map(Row::cells).collect();
    let mut table = Table::new(&rows.first()?.iter().map(|(head, _)| *head).collect::<Vec<_>>());
    rows.into_iter().for_each(|cells| table.row(cells.into_iter().map(|(_, cell)| cell)));
    Some(format!("### {}\n\n{}\n\n{table}", conditions.title, conditions.about))
}

/// The program as it is by itself: whatever this user has installed or set elsewhere plays no part.
fn quiet(task: Task, built: &Built, folder: &Path) -> Task {
    let folder = folder.display().to_string();
    let own = ["HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"];
    let task = own.into_iter().fold(task, |task, name| task.env(name, folder.as_str()));
    task.env("IMGSHARE_PLUGINS", built.providers().display().to_string()).env("NO_PROXY", "127.0.0.1")
}

fn write(path: &PathBuf, document: &Value) -> Result<()> {
    std::fs::write(path, format!("{document:#}\n")).map_err(|error| Failure::at(path, "write", error))
}
