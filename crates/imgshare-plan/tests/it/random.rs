//! What holds in every world: random ones, each from a seed that a failure prints with its world.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use imgshare_plan::{Actual, BlockedKind, EarlyChange, Plan, PlannedChange, SharesRead, selected_by};
use imgshare_protocol::{AccountId, ImageId, Mode, Rule, Shares};

use crate::early;
use crate::world::{NOW, World};

const WORLDS: u64 = 500;

/// Runs a check in many worlds.
fn in_every_world(check: impl Fn(&World)) {
    for seed in 0..WORLDS {
        let text = Dice(seed).world();
        let checked = catch_unwind(AssertUnwindSafe(|| check(&World::parse(&text))));
        assert!(checked.is_ok(), "seed {seed}:\n{text}");
    }
}

#[test]
fn after_a_plan_is_carried_out_the_next_has_no_changes() {
    in_every_world(|world| {
        let mut world = world.clone();
        let plan = world.plan();
        carry_out(&plan, &mut world.actual);
        let next = world.plan();
        assert_eq!(next.changes, []);
        assert_eq!(next.blocked, plan.blocked, "and what was blocked is blocked for the same reasons");
    });
}

#[test]
fn only_accounts_that_an_exact_rule_covers_and_no_rule_wants_are_removed() {
    in_every_world(|world| {
        for change in &world.plan().changes {
            let rules = rules_of(world, change);
            let is_exact = |rule: &&Rule| rule.mode == Mode::Exact && world.bounds.scope.has_rule(&rule.name);
            assert!(change.remove.is_empty() || rules.iter().any(is_exact), "{change:?}");
            for account in &change.remove {
                assert!(
                    !rules.iter().any(|rule| wants(rule, change, &account.id)),
                    "{account:?} of {change:?}"
                );
            }
        }
    });
}

#[test]
fn only_accounts_that_a_rule_wants_are_added() {
    in_every_world(|world| {
        for change in &world.plan().changes {
            let rules = rules_of(world, change);
            for account in &change.add {
                assert!(
                    rules.iter().any(|rule| wants(rule, change, &account.id)),
                    "{account:?} of {change:?}"
                );
            }
        }
    });
}

#[test]
fn what_could_not_be_read_is_never_changed() {
    in_every_world(|world| {
        for change in &world.plan().changes {
            shares(&world.actual, change).expect("a change needs shares that were read");
        }
    });
}

#[test]
fn the_calls_of_a_change_are_the_change_and_stay_within_the_limits() {
    in_every_world(|world| {
        for change in &world.plan().changes {
            let limits = &world.desired.clouds[&change.cloud].limits;
            let mut have = shares(&world.actual, change).expect("read").accounts;
            let full = limits.accounts_per_image.map_or(usize::MAX, |limit| have.len().max(limit as usize));
            for call in change.batches() {
                let longest = call.add.len().max(call.remove.len());
                assert!(
                    longest > 0 && limits.accounts_per_change.is_none_or(|limit| longest <= limit as usize)
                );
                assert!(limits.add_and_remove_together || call.add.is_empty() || call.remove.is_empty());
                have.extend(call.add);
                assert!(have.len() <= full, "no room for {change:?}");
                have.retain(|account| !call.remove.contains(account));
            }
            assert_eq!(have, changed(change, shares(&world.actual, change).expect("read").accounts));
        }
    });
}

#[test]
fn what_is_added_early_is_in_the_plan_and_is_sent_as_the_plan_would() {
    in_every_world(|world| {
        let plan = world.plan();
        for change in early_of(world) {
            let of_plan = plan.changes.iter().find(|of_plan| of_plan.key() == change.change.key());
            let of_plan = of_plan.expect("the plan has a change of the same image");
            assert_eq!(of_plan.add, change.change.add, "all of it, and nothing that the plan blocks");
            assert!(change.more_to_come || of_plan.remove.is_empty());
            let rest = of_plan.rest_after(&change).batches();
            let calls: Vec<_> = change.change.batches().into_iter().chain(rest).collect();
            assert_eq!(calls, of_plan.batches(), "in the same calls");
        }
    });
}

#[test]
fn what_only_adds_and_was_read_is_added_early() {
    in_every_world(|world| {
        let early: BTreeSet<_> = early_of(world).iter().map(|early| early.change.key()).collect();
        for change in world.plan().changes.iter().filter(|change| change.remove.is_empty()) {
            // Removals that the fence blocks may have been what the additions waited for.
            let waited = world.plan().blocked.iter().any(|blocked| {
                blocked.kind == BlockedKind::MaxRemovals && blocked.image.as_ref() == Some(&change.image)
            });
            assert!(waited || early.contains(&change.key()), "{change:?}");
        }
    });
}

fn early_of(world: &World) -> Vec<EarlyChange> {
    let regions = world.actual.regions.keys();
    regions.flat_map(|(cloud, region)| early::early(world, cloud.as_str(), region.as_str())).collect()
}

#[test]
fn a_plan_does_not_depend_on_the_order_in_which_images_were_listed() {
    in_every_world(|world| {
        let mut turned = world.clone();
        turned.actual.regions.values_mut().flatten().for_each(|images| images.reverse());
        assert_eq!(turned.plan(), world.plan());
    });
}

#[test]
fn every_removal_stays_within_the_fence() {
    in_every_world(|world| {
        let removals = world.plan().summary.removals;
        assert!(world.desired.fence.max_removals.is_none_or(|bound| removals <= bound as usize));
    });
}

/// The rules that select the image of this change, in whatever scope.
fn rules_of<'a>(world: &'a World, change: &PlannedChange) -> Vec<&'a Rule> {
    let images = world.images(change.cloud.as_str(), change.region.as_str());
    let here = |rule: &&Rule| {
        rule.targets
            .iter()
            .any(|target| target.cloud == change.cloud && target.regions.contains(&change.region))
            && selected_by(rule, &images, NOW).iter().any(|selected| selected.image.id == change.image.id)
    };
    world.desired.rules.iter().filter(here).collect()
}

fn wants(rule: &Rule, change: &PlannedChange, account: &AccountId) -> bool {
    rule.targets.iter().any(|target| target.cloud == change.cloud && target.accounts.contains(account))
}

/// Who has the image of this change, if that is known.
fn shares(actual: &Actual, change: &PlannedChange) -> Option<Shares> {
    let images = actual.regions.get(&(change.cloud.clone(), change.region.clone()))?.as_ref().ok()?;
    let image = images.iter().find(|actual| actual.image.id == change.image.id)?;
    match &image.shares {
        SharesRead::Read(shares) => Some(shares.clone()),
        SharesRead::NotRead if image.image.shared == Some(false) => Some(Shares::none()),
        SharesRead::NotRead | SharesRead::Failed(_) => None,
    }
}

fn changed(change: &PlannedChange, mut accounts: BTreeSet<AccountId>) -> BTreeSet<AccountId> {
    accounts.extend(change.add.iter().map(|account| account.id.clone()));
    accounts.retain(|id| change.remove.iter().all(|account| account.id != *id));
    accounts
}

/// The cloud does all that the plan says.
fn carry_out(plan: &Plan, actual: &mut Actual) {
    for change in &plan.changes {
        let mut after = shares(actual, change).expect("a change needs shares that were read");
        after.accounts = changed(change, after.accounts);
        let site = (change.cloud.clone(), change.region.clone());
        let images = actual.regions.get_mut(&site).expect("its region").as_mut().expect("was read");
        let image = images.iter_mut().find(|actual| actual.image.id == change.image.id).expect("its image");
        (image.image.shared, image.shares) = (None, SharesRead::Read(after));
    }
}

/// A generator that gives the same worlds for the same seed in every version of everything (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// Some of eight accounts.
    fn accounts(&mut self) -> String {
        let some = (1..=8).filter(|_| self.below(3) == 0);
        some.map(|account| account.to_string()).collect::<Vec<_>>().join(",")
    }

    fn world(&mut self) -> String {
        let mut text = String::new();
        for cloud in ["acme", "other"] {
            let limits =
                [self.one_of(&["", "per-change=1", "per-change=2"]), self.one_of(&["", "per-image=4"])];
            let together = self.one_of(&["", "together"]);
            writeln!(text, "cloud {cloud} acme north,south {} {together}", limits.join(" ")).expect("memory");
        }
        writeln!(text, "{}", self.one_of(&["", "fence 3", "fence 20"])).expect("memory");
        writeln!(text, "{}", self.one_of(&["", "", "", "only rule=rule-0"])).expect("memory");
        for rule in 0..=self.below(4) {
            text += &self.rule(rule);
        }
        for site in ["acme north", "acme south", "other north", "other south"] {
            text += &self.site(site);
        }
        text
    }

    fn rule(&mut self, number: u64) -> String {
        let sites =
            ["at=acme:north", "at=acme:north,south", "at=other:south", "at=acme:south at=other:north,south"];
        let selections =
            ["all", "name=a*", "name=b", "newest=2", "newer=500", "name=a* newest=1", "ids=img-1,img-9"];
        let (site, selection) = (self.one_of(&sites), self.one_of(&selections));
        let (mode, accounts) = (self.one_of(&["", "exact"]), self.accounts());
        format!("rule rule-{number} {site} {mode} {selection} with={accounts}\n")
    }

    fn site(&mut self, site: &str) -> String {
        match self.below(8) {
            0 => return format!("region {site} failed=no-answer\n"),
            1 => return String::new(),
            _ => {}
        }
        let images = (0..self.below(6)).map(|number| {
            let name = self.one_of(&["a", "ab", "b", "c"]);
            let words = ["", "", "", "", "failed=no-answer", "unread", "unshared", "state=pending:CREATING"];
            let (word, time, accounts) = (self.one_of(&words), self.below(1000), self.accounts());
            format!("image {site} img-{number} {name} t={time} {word} has={accounts}\n")
        });
        images.collect::<String>() + &format!("region {site}\n")
    }
}

/// The worlds are not so poor that the checks above have nothing to check.
#[test]
fn the_random_worlds_have_all_that_matters() {
    let plans: Vec<Plan> = (0..WORLDS).map(|seed| World::parse(&Dice(seed).world()).plan()).collect();
    let many = |what: fn(&Plan) -> bool| plans.iter().filter(|plan| what(plan)).count() > 20;
    assert!(many(|plan| plan.summary.additions > 0));
    assert!(many(|plan| plan.summary.removals > 0));
    let early: Vec<_> = (0..WORLDS).flat_map(|seed| early_of(&World::parse(&Dice(seed).world()))).collect();
    assert!(early.iter().filter(|early| early.more_to_come).count() > 20 && early.len() > 100);
    assert!(many(|plan| !plan.foreign.is_empty()));
    assert!(many(|plan| !plan.unreadable.is_empty()));
    assert!(many(|plan| plan.changes.iter().any(|change| change.batching.removals_first)));
    let kinds: BTreeSet<_> =
        plans.iter().flat_map(|plan| &plan.blocked).map(|blocked| blocked.kind).collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
    let images: BTreeSet<ImageId> =
        plans.iter().flat_map(|plan| &plan.changes).map(|change| change.image.id.clone()).collect();
    assert_eq!(images.len(), 5);
}
