//! Progress on stderr, on a terminal only.

mod tally;

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::Duration;

use imgshare_engine::{Event, Observer};
use imgshare_plan::Plan;
use indicatif::{ProgressBar, ProgressStyle};

use tally::Tally;

/// A line that says how far a run is.
pub(crate) struct Progress {
    bar: ProgressBar,
    tally: Mutex<Tally>,
}

impl Progress {
    /// Reading, and changing as soon as the plan is told; how much there is grows while regions are listed.
    pub(crate) fn reading() -> Self {
        Self::new(Tally::default())
    }

    /// Making this plan so.
    pub(crate) fn writing(plan: &Plan) -> Self {
        let mut tally = Tally::default();
        tally.note(Event::Planned(plan));
        Self::new(tally)
    }

    fn new(tally: Tally) -> Self {
        let bar = if std::io::stderr().is_terminal() { shown() } else { ProgressBar::hidden() };
        bar.set_message(tally.words());
        Self { bar, tally: Mutex::new(tally) }
    }

    /// Prints above the line, so that neither spoils the other.
    pub(crate) fn above(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Takes the line away.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

fn shown() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}  {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

impl Observer for Progress {
    fn event(&self, event: Event<'_>) {
        // Nobody sees a hidden line; a run of a hundred thousand images need not write it.
        if self.bar.is_hidden() {
            return;
        }
        if let Ok(mut tally) = self.tally.lock() {
            tally.note(event);
            self.bar.set_message(tally.words());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
