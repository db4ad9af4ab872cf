//! Tells of each change and copy as it goes.

use std::collections::BTreeSet;
use std::sync::Mutex;

use imgshare_engine::{CopyStep, Event, Observer, Stop};
use imgshare_plan::{AcceptanceKey, Plan, PlannedCopy, ReportedAcceptance, ReportedChange, ReportedCopy};
use serde_json::json;

use crate::args::Format;
use crate::progress::Progress;
use crate::{out, text};

/// What an apply tells while it goes on. Text comes in one order: the plan, then what becomes of it; JSON as it happens.
pub(super) struct Voice<'a> {
    format: Format,
    progress: Progress,
    stop: &'a Stop,
    text: Mutex<Text>,
    accepted: Mutex<BTreeSet<AcceptanceKey>>,
}

struct Text {
    /// Whether anybody has seen the plan.
    planned: bool,
    /// Lines that have to come after the plan.
    kept: String,
    /// Whether there was any line.
    any: bool,
}

impl<'a> Voice<'a> {
    /// For a run whose plan nobody knows yet.
    pub(super) fn before_the_plan(format: Format, stop: &'a Stop) -> Self {
        Self::new(format, Progress::reading(), stop, false)
    }

    /// For a run whose plan has been shown.
    pub(super) fn after_the_plan(format: Format, plan: &Plan, stop: &'a Stop) -> Self {
        Self::new(format, Progress::writing(plan), stop, true)
    }

    fn new(format: Format, progress: Progress, stop: &'a Stop, planned: bool) -> Self {
        let text = Mutex::new(Text { planned, kept: String::new(), any: false });
        Self { format, progress, stop, text, accepted: Mutex::default() }
    }

    /// Whether anybody has seen the plan.
    pub(super) fn has_shown_the_plan(&self) -> bool {
        self.text.lock().is_ok_and(|text| text.planned)
    }

    /// Shows the plan, unless that is done, and what was kept back.
    pub(super) fn show(&self, plan: &Plan) {
        let Ok(mut text) = self.text.lock() else { return };
        if self.format == Format::Text && !text.planned {
            let kept = std::mem::take(&mut text.kept);
            self.progress.above(|| out::data(&(text::plan::render(plan) + "\n" + &kept)));
        }
        text.planned = true;
    }

    /// Takes the line away that says how far the run is.
    pub(super) fn end_progress(&self) {
        self.progress.end();
    }

    /// What comes next is about the run as a whole.
    pub(super) fn end(&self) {
        if self.format == Format::Text && self.text.lock().is_ok_and(|text| text.any) {
            out::data("\n");
        }
    }

    fn change(&self, change: &ReportedChange) {
        match self.format {
            Format::Text => self.line(&text::report::change(change)),
            Format::Json => self.progress.above(|| json_line("change", change)),
        }
    }

    fn acceptance(&self, share: &ReportedAcceptance) {
        if let Ok(mut accepted) = self.accepted.lock() {
            accepted.insert(share.acceptance.key());
        }
        match self.format {
            Format::Text => self.line(&text::report::acceptance(share)),
            Format::Json => self.progress.above(|| json_line("acceptance", share)),
        }
    }

    /// Whether this acceptance was told as it ended.
    pub(super) fn has_told(&self, share: &ReportedAcceptance) -> bool {
        self.accepted.lock().is_ok_and(|accepted| accepted.contains(&share.acceptance.key()))
    }

    fn copy(&self, copy: &PlannedCopy, step: CopyStep<'_>) {
        match self.format {
            Format::Text => text::report::step(copy, step).into_iter().for_each(|line| self.line(&line)),
            Format::Json => self.progress.above(|| copy_step(copy, step)),
        }
    }

    fn line(&self, line: &str) {
        let Ok(mut text) = self.text.lock() else { return };
        text.any = true;
        if text.planned {
            self.progress.above(|| out::data(line));
        } else {
            text.kept += line;
        }
    }
}

impl Observer for Voice<'_> {
    fn event(&self, event: Event<'_>) {
        self.progress.event(event);
        match event {
            // That of a run that is to stop is a part only; whether it is worth showing is known at the end.
            Event::Planned(plan) if !self.stop.is_requested() => self.show(plan),
            Event::Ended(change) => self.change(change),
            Event::Accepted(share) => self.acceptance(share),
            Event::Copy { copy, step } => self.copy(copy, step),
            _ => {}
        }
    }
}

fn copy_step(copy: &PlannedCopy, step: CopyStep<'_>) {
    let (step, image) = match step {
        CopyStep::Asked => ("asked", None),
        CopyStep::Usable { image } => ("usable", Some(image.clone())),
        CopyStep::Making { .. } | CopyStep::Failed => return,
    };
    json_copy(step, &ReportedCopy { copy: copy.clone(), image, ..ReportedCopy::default() });
}

/// A line about a copy.
pub(super) fn json_copy(step: &str, copy: &ReportedCopy) {
    let mut object = serde_json::to_value(copy).unwrap_or_default();
    object["step"] = step.into();
    json_line("copy", &object);
}

/// One line of `apply --format json`.
pub(super) fn json_line(kind: &str, value: &impl serde::Serialize) {
    let mut object = json!({"type": kind});
    if let (Some(object), Ok(serde_json::Value::Object(fields))) =
        (object.as_object_mut(), serde_json::to_value(value))
    {
        object.extend(fields);
    }
    out::json_line(&object);
}
