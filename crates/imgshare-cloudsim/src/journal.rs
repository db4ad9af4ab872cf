//! What was called: counts for tests, and the latest calls one by one.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::cloud::Call;
use crate::ids::{AccountId, ImageId, RegionId};

/// How many calls are kept one by one; the counts keep all.
const ENTRIES_MAX: usize = 1000;

/// Every call since the start or the last reset.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    counts: BTreeMap<(String, RegionId), Counts>,
    entries: VecDeque<Entry>,
}

/// The calls of one action in one region.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Counts {
    calls: u64,
    done: u64,
    refused: BTreeMap<String, u64>,
    faults: BTreeMap<&'static str, u64>,
}

/// One call.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) request_id: String,
    #[serde(serialize_with = "as_text")]
    pub(crate) at: Timestamp,
    pub(crate) action: String,
    pub(crate) region: RegionId,
    /// The owner whose signature was good.
    pub(crate) caller: Option<AccountId>,
    /// Whether the cloud did what was asked, whatever became of the answer.
    pub(crate) done: bool,
    pub(crate) refused: Option<String>,
    pub(crate) fault: Option<&'static str>,
    /// What the call has changed; what was so already is not among it.
    pub(crate) effects: Vec<Effect>,
}

/// One change that a call has made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    /// An account got an image.
    Shared { image: ImageId, account: AccountId },
    /// An account lost an image.
    Unshared { image: ImageId, account: AccountId },
    /// A copy was begun, in this region.
    Copied { image: ImageId, of: ImageId, region: RegionId },
    /// An image was deleted.
    Deleted { image: ImageId },
}

fn as_text<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

impl Entry {
    pub(crate) fn new(request_id: &str, now: Timestamp, call: &Call, fault: Option<&'static str>) -> Self {
        Self {
            request_id: request_id.to_owned(),
            at: now,
            action: call.action.clone(),
            region: call.region.clone(),
            caller: None,
            done: false,
            refused: None,
            fault,
            effects: Vec::new(),
        }
    }
}

impl Journal {
    pub(crate) fn write(&mut self, entry: Entry) {
        self.counts.entry((entry.action.clone(), entry.region.clone())).or_default().add(&entry);
        if self.entries.len() == ENTRIES_MAX {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn counts(&self) -> impl Iterator<Item = (&(String, RegionId), &Counts)> {
        self.counts.iter()
    }

    pub(crate) fn entries(&self) -> &VecDeque<Entry> {
        &self.entries
    }
}

impl Counts {
    fn add(&mut self, entry: &Entry) {
        self.calls += 1;
        self.done += u64::from(entry.done);
        if let Some(code) = &entry.refused {
            *self.refused.entry(code.clone()).or_default() += 1;
        }
        if let Some(word) = entry.fault {
            *self.faults.entry(word).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_counted_and_the_latest_are_kept() {
        let call = Call { action: "Do".to_owned(), region: RegionId::from("here"), subject: Vec::new() };
        let mut journal = Journal::default();
        for number in 0..5_000 {
            journal.write(Entry::new(&number.to_string(), Timestamp::UNIX_EPOCH, &call, None));
        }
        assert_eq!(journal.counts().map(|(_, counts)| counts.calls).collect::<Vec<_>>(), [5_000]);
        let kept = journal.entries();
        assert_eq!((kept.len(), kept[0].request_id.as_str()), (ENTRIES_MAX, "4000"));
    }
}
