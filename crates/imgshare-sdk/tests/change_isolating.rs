//! Getting the good accounts through: what `change_isolating` and `change_batches` promise, whatever the cloud does with
//! a bad one.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};

use futures_util::FutureExt as _;
use imgshare_sdk::{
    AccountCalls, AccountId, Changed, Error, ErrorKind, Result, change_batches, change_isolating,
};

/// What a cloud does with a call that has a bad account in it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Habit {
    /// Nothing: the call fails as a whole.
    AllOrNothing,
    /// The good ones, and says that it failed.
    DoesTheGoodOnes,
    /// Those before the first bad one, and says that it failed.
    StopsAtTheFirstBadOne,
}

const HABITS: [Habit; 3] = [Habit::AllOrNothing, Habit::DoesTheGoodOnes, Habit::StopsAtTheFirstBadOne];

struct Cloud {
    habit: Habit,
    bad: BTreeSet<AccountId>,
    /// What the cloud says of a bad account.
    complaint: ErrorKind,
    /// From this call on, counted from 1, it fails for another reason.
    breaks_at: usize,
    can_read: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    have: BTreeSet<AccountId>,
    changes: usize,
    reads: usize,
}

impl Cloud {
    fn new(habit: Habit, bad: impl IntoIterator<Item = usize>) -> Self {
        Self {
            habit,
            bad: bad.into_iter().map(account).collect(),
            complaint: ErrorKind::AccountInvalid,
            breaks_at: usize::MAX,
            can_read: true,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while it holds this")
    }

    /// Adds as many accounts, numbered from 0.
    fn add(&self, accounts: usize) -> Result<Changed> {
        let accounts: Vec<_> = (0..accounts).map(account).collect();
        change_isolating(self, &accounts).now_or_never().expect("this cloud answers at once")
    }

    fn done_in_spite_of_a_bad_one(&self, accounts: &[AccountId]) -> Vec<AccountId> {
        let good = |account: &&AccountId| !self.bad.contains(*account);
        match self.habit {
            Habit::AllOrNothing => Vec::new(),
            Habit::DoesTheGoodOnes => accounts.iter().filter(good).cloned().collect(),
            Habit::StopsAtTheFirstBadOne => accounts.iter().take_while(good).cloned().collect(),
        }
    }
}

fn account(number: usize) -> AccountId {
    format!("{number:04}").into()
}

fn failed(changed: &Changed) -> BTreeSet<AccountId> {
    changed.failed.iter().map(|failure| failure.account.clone()).collect()
}

impl AccountCalls for Cloud {
    async fn change(&self, accounts: &[AccountId]) -> Result<String> {
        let mut state = self.state();
        state.changes += 1;
        if state.changes >= self.breaks_at {
            return Err(Error::new(ErrorKind::PermissionDenied, "no longer"));
        }
        if accounts.iter().any(|account| self.bad.contains(account)) {
            state.have.extend(self.done_in_spite_of_a_bad_one(accounts));
            return Err(Error::new(self.complaint, "one of them is bad"));
        }
        state.have.extend(accounts.iter().cloned());
        Ok(format!("request-{}", state.changes))
    }

    async fn open(&self, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
        let mut state = self.state();
        state.reads += 1;
        if !self.can_read {
            return Err(Error::new(ErrorKind::PermissionDenied, "nobody may read"));
        }
        Ok(accounts.iter().filter(|account| !state.have.contains(*account)).cloned().collect())
    }
}

/// Adds `accounts`, of which these are bad, and checks all that is always true.
fn check(cloud: &Cloud, accounts: usize, case: &str) {
    let changed = cloud.add(accounts).unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(failed(&changed), cloud.bad, "{case}: exactly the bad ones are named");
    assert_eq!(changed.failed.len(), cloud.bad.len(), "{case}: each once");
    let good: BTreeSet<_> =
        (0..accounts).map(account).filter(|account| !cloud.bad.contains(account)).collect();
    let state = cloud.state();
    assert_eq!(state.have, good, "{case}: all the others are through");
    let most = 1 + 2 * cloud.bad.len() * accounts.next_power_of_two().ilog2() as usize;
    assert!(state.changes <= most, "{case}: {} calls, and {most} are enough", state.changes);
    assert!(state.reads <= 1, "{case}: {} reads", state.reads);
}

#[test]
fn every_set_of_bad_accounts_among_up_to_eight_is_named_and_all_others_get_through() {
    for habit in HABITS {
        for accounts in 1..=8 {
            for set in 0..1usize << accounts {
                let bad = (0..accounts).filter(|number| set >> number & 1 == 1);
                let cloud = Cloud::new(habit, bad);
                check(&cloud, accounts, &format!("{habit:?}, bad of {accounts}: {set:b}"));
            }
        }
    }
}

#[test]
fn any_number_of_bad_accounts_among_many_is_named_and_all_others_get_through() {
    for seed in 0..300 {
        let mut random = Random(seed);
        let accounts = 1 + random.below(100);
        let bad: Vec<_> = (0..random.below(10)).map(|_| random.below(accounts)).collect();
        let cloud = Cloud::new(HABITS[random.below(3)], bad);
        check(&cloud, accounts, &format!("seed {seed}"));
    }
}

/// SplitMix64: the same seed, the same test.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("it is below a usize")
    }
}

#[test]
fn good_accounts_take_one_call_and_no_read() {
    let cloud = Cloud::new(Habit::AllOrNothing, []);
    let changed = cloud.add(50).expect("all are good");
    assert_eq!(changed.request_ids, ["request-1"]);
    let state = cloud.state();
    assert_eq!((state.changes, state.reads), (1, 0));
}

#[test]
fn no_accounts_take_no_call() {
    let cloud = Cloud::new(Habit::AllOrNothing, []);
    assert_eq!(cloud.add(0), Ok(Changed::default()));
    assert_eq!(cloud.state().changes, 0);
}

#[test]
fn what_the_cloud_accepted_is_told_by_its_request_ids() {
    let cloud = Cloud::new(Habit::AllOrNothing, [0]);
    let changed = cloud.add(4).expect("three are good");
    // 0123 fails, 01 fails, 0 fails, 1 and 23 get through.
    assert_eq!(changed.request_ids, ["request-4", "request-5"]);
}

#[test]
fn each_bad_account_carries_what_the_cloud_said_of_it() {
    for complaint in [ErrorKind::AccountInvalid, ErrorKind::QuotaExceeded, ErrorKind::Unexpected] {
        let cloud = Cloud { complaint, ..Cloud::new(Habit::AllOrNothing, [2]) };
        let changed = cloud.add(5).expect("four are good");
        assert_eq!(changed.failed[0].error.kind, complaint);
    }
}

#[test]
fn an_account_that_is_so_already_counts_as_done_and_spoils_nothing() {
    for have in [vec![0], vec![3], vec![1, 4], vec![0, 1, 2, 3, 4]] {
        let complaint = ErrorKind::AlreadyDone;
        let cloud = Cloud { complaint, ..Cloud::new(Habit::AllOrNothing, have.clone()) };
        cloud.state().have.extend(have.iter().copied().map(account));
        let changed = cloud.add(5).expect("all are done");
        assert_eq!(changed.failed, [], "{have:?}");
        assert_eq!(cloud.state().have.len(), 5, "{have:?}");
    }
}

#[test]
fn a_single_account_that_is_so_already_needs_no_read() {
    let cloud = Cloud { complaint: ErrorKind::AlreadyDone, ..Cloud::new(Habit::AllOrNothing, [0]) };
    assert_eq!(cloud.add(1), Ok(Changed::default()));
    assert_eq!(cloud.state().reads, 0);
}

#[test]
fn an_error_that_is_not_about_accounts_is_the_result_if_nothing_was_changed() {
    let cloud = Cloud { breaks_at: 1, ..Cloud::new(Habit::AllOrNothing, []) };
    assert_eq!(cloud.add(5).expect_err("nothing was changed").kind, ErrorKind::PermissionDenied);
    assert_eq!(cloud.state().changes, 1, "it is not tried with fewer accounts");

    let cloud = Cloud { breaks_at: 2, ..Cloud::new(Habit::AllOrNothing, [0]) };
    assert_eq!(cloud.add(5).expect_err("nothing was changed").kind, ErrorKind::PermissionDenied);
}

#[test]
fn an_error_that_is_not_about_accounts_is_put_down_to_those_that_were_left() {
    for habit in HABITS {
        for breaks_at in 2..8 {
            let cloud = Cloud { breaks_at, ..Cloud::new(habit, [1, 5]) };
            let Ok(changed) = cloud.add(8) else {
                assert!(cloud.state().have.is_empty(), "{habit:?}, {breaks_at}: something was changed");
                continue;
            };
            let (failed, have) = (failed(&changed), cloud.state().have.clone());
            let told: BTreeSet<_> = failed.union(&have).cloned().collect();
            assert_eq!(
                told,
                (0..8).map(account).collect(),
                "{habit:?}, {breaks_at}: nobody is dropped silently"
            );
            assert!(failed.is_disjoint(&have), "{habit:?}, {breaks_at}: what is done is not called failed");
        }
    }
}

#[test]
fn a_cloud_that_cannot_be_read_back_is_asked_all_the_same() {
    for habit in HABITS {
        let cloud = Cloud { can_read: false, ..Cloud::new(habit, [1, 5]) };
        let changed = cloud.add(8).expect("six are good");
        assert_eq!(failed(&changed), cloud.bad, "{habit:?}");
        assert_eq!(cloud.state().have.len(), 6, "{habit:?}");
    }
}

/// Adds as many accounts, numbered from 0, in batches of two.
fn add_in_pairs(cloud: &Cloud, accounts: usize) -> Result<Changed> {
    let accounts: Vec<_> = (0..accounts).map(account).collect();
    let batches: Vec<_> = accounts.chunks(2).map(|batch| (cloud, batch.to_vec())).collect();
    change_batches(&batches).now_or_never().expect("this cloud answers at once")
}

#[test]
fn a_bad_account_does_not_keep_other_batches_out() {
    for habit in HABITS {
        let cloud = Cloud::new(habit, [0, 3]);
        let changed = add_in_pairs(&cloud, 6).unwrap();
        assert_eq!(failed(&changed), cloud.bad, "{habit:?}");
        assert_eq!(cloud.state().have, [1, 2, 4, 5].map(account).into(), "{habit:?}");
    }
}

#[test]
fn what_is_left_when_a_later_batch_fails_for_another_reason_is_named_and_not_tried() {
    let cloud = Cloud { breaks_at: 2, ..Cloud::new(Habit::AllOrNothing, []) };
    let changed = add_in_pairs(&cloud, 5).unwrap();
    assert_eq!(failed(&changed), [2, 3, 4].map(account).into());
    assert_eq!((changed.request_ids.len(), cloud.state().changes), (1, 2));
}

#[test]
fn a_change_whose_first_batch_fails_for_another_reason_fails() {
    let cloud = Cloud { breaks_at: 1, ..Cloud::new(Habit::AllOrNothing, []) };
    assert_eq!(add_in_pairs(&cloud, 5).unwrap_err().kind, ErrorKind::PermissionDenied);
    assert_eq!(cloud.state().changes, 1);
}
