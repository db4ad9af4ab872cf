//! Who has an image, and who had it a while ago.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Deref;

use jiff::{SignedDuration, Timestamp};

use crate::ids::AccountId;

/// How far back the past is remembered: as far as a read may lag behind.
pub(crate) const MEMORY: SignedDuration = SignedDuration::from_mins(10);

/// The accounts that have an image, each since when. Reads like a map; it changes by [`Shares::add`] and
/// [`Shares::remove`], which remember how it was.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shares {
    current: BTreeMap<AccountId, Timestamp>,
    changes: VecDeque<Change>,
}

/// What it takes to undo one change.
#[derive(Debug, Clone)]
struct Change {
    at: Timestamp,
    account: AccountId,
    before: Option<Timestamp>,
}

impl Deref for Shares {
    type Target = BTreeMap<AccountId, Timestamp>;

    fn deref(&self) -> &Self::Target {
        &self.current
    }
}

impl Shares {
    /// Those that were there from the beginning.
    pub(crate) fn new(current: BTreeMap<AccountId, Timestamp>) -> Self {
        Self { current, changes: VecDeque::new() }
    }

    /// Whether the account did not have the image before.
    pub(crate) fn add(&mut self, account: &AccountId, now: Timestamp) -> bool {
        let new = !self.current.contains_key(account);
        if new {
            self.current.insert(account.clone(), now);
            self.remember(Change { at: now, account: account.clone(), before: None });
        }
        new
    }

    /// Whether the account had the image before.
    pub(crate) fn remove(&mut self, account: &AccountId, now: Timestamp) -> bool {
        let before = self.current.remove(account);
        if before.is_some() {
            self.remember(Change { at: now, account: account.clone(), before });
        }
        before.is_some()
    }

    /// As they were at an instant of the last ten minutes.
    pub(crate) fn as_of(&self, then: Timestamp) -> Self {
        let mut current = self.current.clone();
        for change in self.changes.iter().rev().filter(|change| change.at > then) {
            match change.before {
                Some(since) => current.insert(change.account.clone(), since),
                None => current.remove(&change.account),
            };
        }
        let changes = self.changes.iter().filter(|change| change.at <= then).cloned().collect();
        Self { current, changes }
    }

    /// Whether the account had the image at an instant of the last ten minutes.
    pub(crate) fn had(&self, account: &AccountId, then: Timestamp) -> bool {
        let undone = self.changes.iter().find(|change| change.at > then && change.account == *account);
        undone.map_or_else(|| self.current.contains_key(account), |change| change.before.is_some())
    }

    fn remember(&mut self, change: Change) {
        let now = change.at;
        let too_old = |change: &mut Change| now.duration_since(change.at) > MEMORY;
        while self.changes.pop_front_if(too_old).is_some() {}
        self.changes.push_back(change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("within range")
    }

    #[test]
    fn the_past_is_what_it_was() {
        let (ann, bob) = (AccountId::from("ann"), AccountId::from("bob"));
        let mut shares = Shares::new(BTreeMap::from([(ann.clone(), at(0))]));
        assert!(shares.remove(&ann, at(10)) && shares.add(&bob, at(20)) && shares.add(&ann, at(30)));
        assert!(!shares.add(&ann, at(40)) && shares.remove(&bob, at(50)));
        for (second, expected) in [
            (9, &[("ann", 0)][..]),
            (10, &[]),
            (20, &[("bob", 20)]),
            (49, &[("ann", 30), ("bob", 20)]),
            (50, &[("ann", 30)]),
        ] {
            let expected = expected.iter().map(|(account, since)| (AccountId::from(*account), at(*since)));
            let expected: BTreeMap<_, _> = expected.collect();
            assert_eq!(*shares.as_of(at(second)), expected, "at second {second}");
            for account in [&ann, &bob] {
                assert_eq!(
                    shares.had(account, at(second)),
                    expected.contains_key(account),
                    "at second {second}"
                );
            }
        }
    }

    #[test]
    fn what_is_too_old_is_forgotten() {
        let mut shares = Shares::default();
        for second in 0..10_000 {
            shares.add(&AccountId::from(second.to_string()), at(second));
        }
        assert!(shares.changes.len() <= 601, "{} are kept", shares.changes.len());
        assert_eq!(shares.as_of(at(9_400)).len(), 9_401);
    }
}
