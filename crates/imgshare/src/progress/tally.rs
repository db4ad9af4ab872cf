//! How far a run is, in numbers.

use std::collections::BTreeMap;

use imgshare_engine::{CopyStep, Event};
use imgshare_plan::CopyKey;

/// What a run has done and has still to do.
#[derive(Default)]
pub(super) struct Tally {
    to_read: usize,
    read: usize,
    /// Changes of the plan, once it is known.
    planned: Option<usize>,
    begun: usize,
    ended: usize,
    /// Shares that are to be accepted, and those that are.
    to_accept: usize,
    accepted: usize,
    /// Shares that receivers are being asked for.
    asked: Option<(usize, u32)>,
    /// Copies that are awaited, with how much of each is there, as far as the cloud tells.
    awaited: BTreeMap<CopyKey, Option<u8>>,
}

impl Tally {
    pub(super) fn note(&mut self, event: Event<'_>) {
        match event {
            Event::Listed { to_read, .. } => self.to_read += to_read,
            Event::SharesRead => self.read += 1,
            Event::Planned(plan) => {
                self.planned = Some(plan.to_do().count());
                self.to_accept = plan.to_do_acceptances().count();
            }
            Event::Begun(_) => self.begun += 1,
            Event::Ended(_) => self.ended += 1,
            Event::Copy { copy, step: CopyStep::Asked } => drop(self.awaited.insert(copy.key(), None)),
            Event::Copy { copy, step: CopyStep::Making { percent } } => {
                self.awaited.insert(copy.key(), percent);
            }
            Event::Copy { copy, step: CopyStep::Usable { .. } | CopyStep::Failed } => {
                self.awaited.remove(&copy.key());
            }
            Event::Accepted(_) => self.accepted += 1,
            Event::Asking { shares, look } => self.asked = Some((shares, look)),
            Event::Unlisted { .. } => {}
        }
    }

    /// `reading shares 12/100, 3 changed`, then `changing images 5/20, awaiting 2 copies, 45% of the slowest`.
    pub(super) fn words(&self) -> String {
        let copies = self.copies();
        if let Some((shares, look)) = self.asked {
            let noun = if shares == 1 { "share" } else { "shares" };
            let again = if look > 1 { " again" } else { "" };
            return format!("asking receivers for {shares} {noun}{again}");
        }
        let Some(planned) = self.planned else {
            let changed = if self.ended > 0 { format!(", {} changed", self.ended) } else { String::new() };
            return format!("reading shares {}/{}{changed}", self.read, self.to_read);
        };
        // Copies are shared as well, and only those that lack an account.
        let all = planned.max(self.begun);
        let changes = (all > 0).then(|| format!("changing images {}/{all}", self.ended));
        let all = self.to_accept.max(self.accepted);
        let accepting = (all > 0).then(|| format!("accepting shares {}/{all}", self.accepted));
        let parts: Vec<_> = changes.into_iter().chain(accepting).chain(copies).collect();
        if parts.is_empty() { "making copies".to_owned() } else { parts.join(", ") }
    }

    fn copies(&self) -> Option<String> {
        let noun = match self.awaited.len() {
            0 => return None,
            1 => "copy",
            _ => "copies",
        };
        let slowest = self.awaited.values().flatten().min();
        let slowest = match (slowest, self.awaited.len()) {
            (None, _) => String::new(),
            (Some(percent), 1) => format!(", {percent}%"),
            (Some(percent), _) => format!(", {percent}% of the slowest"),
        };
        Some(format!("awaiting {} {noun}{slowest}", self.awaited.len()))
    }
}

#[cfg(test)]
mod tests {
    use imgshare_engine::{CopyStep, Event};
    use imgshare_plan::{Plan, PlannedChange, PlannedCopy, ReportedChange};
    use imgshare_protocol::Region;

    use super::Tally;

    fn copy(region: &str) -> PlannedCopy {
        PlannedCopy { region: Region::from(region), ..PlannedCopy::default() }
    }

    fn ended(tally: &mut Tally) {
        tally.note(Event::Begun(&PlannedChange::default()));
        tally.note(Event::Ended(&ReportedChange::default()));
    }

    #[test]
    fn what_is_changed_while_it_reads_is_told_beside_it() {
        let mut tally = Tally { to_read: 100, ..Tally::default() };
        tally.note(Event::SharesRead);
        assert_eq!(tally.words(), "reading shares 1/100");
        ended(&mut tally);
        assert_eq!(tally.words(), "reading shares 1/100, 1 changed");
        tally.note(Event::Planned(&Plan { changes: vec![PlannedChange::default(); 3], ..Plan::default() }));
        assert_eq!(tally.words(), "changing images 1/3");
    }

    #[test]
    fn copies_are_awaited_until_they_can_be_used() {
        let mut tally = Tally::default();
        let plan = Plan { copies: vec![copy("a"), copy("b")], ..Plan::default() };
        tally.note(Event::Planned(&plan));
        assert_eq!(tally.words(), "making copies");
        let making = |percent| CopyStep::Making { percent: Some(percent) };
        tally.note(Event::Copy { copy: &copy("a"), step: CopyStep::Asked });
        assert_eq!(tally.words(), "awaiting 1 copy");
        tally.note(Event::Copy { copy: &copy("b"), step: making(20) });
        tally.note(Event::Copy { copy: &copy("a"), step: making(45) });
        assert_eq!(tally.words(), "awaiting 2 copies, 20% of the slowest");
        tally.note(Event::Copy { copy: &copy("b"), step: CopyStep::Usable { image: &"img-9".into() } });
        ended(&mut tally);
        assert_eq!(tally.words(), "changing images 1/1, awaiting 1 copy, 45%");
    }
}
