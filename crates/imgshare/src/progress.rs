//! Progress on stderr, on a terminal only.

use std::io::IsTerminal as _;
use std::time::Duration;

use imgshare_engine::{Event, Observer};
use indicatif::{ProgressBar, ProgressStyle};

/// A line that says how far a run is.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Reading: the total grows while regions are listed.
    pub(crate) fn reading() -> Self {
        Self::new("reading shares", 0)
    }

    /// Writing this many images.
    pub(crate) fn writing(images: usize) -> Self {
        Self::new("changing images", images as u64)
    }

    fn new(what: &'static str, total: u64) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden() };
        }
        let bar = ProgressBar::new(total).with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {pos}/{len}  {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar }
    }

    /// Prints above the line, so that neither spoils the other.
    pub(crate) fn above(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }
}

impl Observer for Progress {
    fn event(&self, event: Event<'_>) {
        match event {
            Event::Listed { to_read, .. } => self.bar.inc_length(to_read as u64),
            Event::SharesRead | Event::Ended(_) => self.bar.inc(1),
            Event::Unlisted { .. } | Event::Planned(_) | Event::Copy { .. } | Event::Begun(_) => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
