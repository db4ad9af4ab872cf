//! Runs the cases: each session on a simulator of its own, each run of the program beside the bare loop that sends as
//! many calls to the same simulator.

use std::path::Path;
use std::sync::Arc;

use super::case::Case;
use super::files;
use super::launch::{Task, Usage};
use super::programs::Floor;
use super::provider::Provider;
use super::row::{Row, Sample};
use super::simulator::{Simulator, State};
use super::workload::Run;
use crate::build::Built;
use crate::failure::{Failure, Result};

/// What all sessions need.
#[derive(Debug)]
pub(super) struct Sessions<'a> {
    pub(super) built: &'a Built,
    pub(super) floor: &'a Floor,
    pub(super) provider: Arc<Provider>,
    pub(super) folder: &'a Path,
    /// How often a session is run that does not wait for a quota.
    pub(super) runs: usize,
}

/// Runs that follow one another on one simulated cloud.
#[derive(Clone, Copy)]
struct Session<'a> {
    case: &'a Case,
    runs: &'static [Run],
}

impl Sessions<'_> {
    /// Runs all cases. Whoever waits for a quota needs next to no CPU, so these wait side by side.
    pub(super) fn measure(&self, cases: &[Case]) -> Result<Vec<Row>> {
        let sessions = cases.iter().flat_map(|case| case.sessions.iter().map(|runs| Session { case, runs }));
        let (waiting, busy): (Vec<_>, Vec<_>) =
            sessions.partition(|session| session.case.conditions.quota.is_some());
        let mut rows = Vec::new();
        for session in busy {
            rows.extend(self.session(session)?);
        }
        rows.extend(self.side_by_side(&waiting)?);
        Ok(rows)
    }

    fn side_by_side(&self, sessions: &[Session<'_>]) -> Result<Vec<Row>> {
        let ended = std::thread::scope(|scope| {
            let threads: Vec<_> =
                sessions.iter().map(|session| scope.spawn(|| self.session(*session))).collect();
            threads.into_iter().map(|thread| thread.join().expect("it does not panic")).collect::<Vec<_>>()
        });
        Ok(ended.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    fn session(&self, session: Session<'_>) -> Result<Vec<Row>> {
        let case = session.case;
        eprintln!("{}: {}", case.name(), words(session.runs));
        let provider = &self.provider;
        let mut rows: Vec<Row> =
            session.runs.iter().map(|run| Row::new(case, *run, Arc::clone(provider))).collect();
        let times = if case.conditions.quota.is_some() { 1 } else { self.runs };
        for _ in 0..times {
            let folder = tempfile::tempdir_in(self.folder)
                .map_err(|error| Failure::at(self.folder, "make a folder in", error))?;
            let scenario = files::scenario(case, provider);
            let simulator = Simulator::start(&self.built.program, &scenario, &provider.name, folder.path())?;
            let stage = Stage { all: self, simulator, folder: folder.path() };
            rows.iter_mut().try_for_each(|row| stage.sample(row))?;
        }
        Ok(rows)
    }
}

fn words(runs: &[Run]) -> String {
    runs.iter().map(|run| run.words()).collect::<Vec<_>>().join(", then ")
}

/// One simulated cloud, and a folder for everything about it.
struct Stage<'a> {
    all: &'a Sessions<'a>,
    simulator: Simulator,
    folder: &'a Path,
}

impl Stage<'_> {
    fn sample(&self, row: &mut Row) -> Result<()> {
        let task = self.task(row)?;
        self.simulator.reset_counters()?;
        let host = task.measure()?;
        if host.exit != Some(0) {
            task.failed(host.exit).tell();
        }
        let state = self.simulator.state()?;
        let waits = row.case.conditions.quota.is_some();
        let bare = if waits { None } else { Some(self.bare_loop(row)?) };
        row.samples.push(Sample { host, calls: state.calls, refused: state.refused, bare });
        Ok(())
    }

    fn task(&self, row: &Row) -> Result<Task> {
        let (all, case) = (self.all, &row.case);
        let config = files::config(case, &all.provider, &self.simulator.endpoint);
        let path = self.write("imgshare.toml", &config)?;
        let task = Task::new(&all.built.program, self.folder).args(row.run.arguments().iter().copied());
        let task = task.arg("--concurrency").arg(case.conditions.in_flight.to_string());
        let task = super::quiet(task.arg("--config").arg(path), all.built, self.folder);
        Ok(files::variables(&all.provider).fold(task, |task, (_, name, value)| task.env(name, value)))
    }

    /// As many calls as the run should need, to the same cloud.
    fn bare_loop(&self, row: &Row) -> Result<Usage> {
        self.simulator.reset_counters()?;
        let state = self.simulator.state()?;
        let load = files::load(&row.case, row.run, &self.all.provider, &self.simulator.endpoint, &state);
        let path = self.write("load.json", &load.to_string())?;
        let floor = &self.all.floor.program;
        let usage = Task::new(floor, self.folder).arg("send").arg(path).measure_success()?;
        check_bare(row, &self.simulator.state()?)?;
        Ok(usage)
    }

    fn write(&self, name: &str, text: &str) -> Result<std::path::PathBuf> {
        let path = self.folder.join(name);
        std::fs::write(&path, text).map_err(|error| Failure::at(&path, "write", error))?;
        Ok(path)
    }
}

/// A bare loop that did something else is no floor.
fn check_bare(row: &Row, state: &State) -> Result<()> {
    let State { calls, refused, .. } = state;
    let fewest = row.fewest_calls();
    if *refused == 0 && *calls == fewest {
        return Ok(());
    }
    let name = row.case.name();
    Err(Failure::new(format!(
        "{name}: the bare loop made {calls} calls in place of {fewest}, {refused} were refused; mend it"
    )))
}
