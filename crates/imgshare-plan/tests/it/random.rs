//! What holds in every world: random ones, each from a seed that a failure prints with its world.

mod clouds;
mod dice;
mod rules;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use imgshare_plan::{
    BlockedKind, CopySeen, EarlyChange, Plan, PlannedAcceptance, PlannedChange, PlannedCopy, SharesRead,
};
use imgshare_protocol::{AccountId, CloudName, ImageId, Limits, Mode, OperationKind, Region, Rule, Shares};

use crate::early;
use crate::world::World;
use clouds::{carry_out, changed, shares};
use dice::Dice;
use rules::{rules_of, wants};

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
        carry_out(&plan, &mut world);
        let next = world.plan();
        if plan.copies.is_empty() {
            assert_eq!(next.blocked, plan.blocked, "what was blocked is blocked for the same reasons");
        }
        let undecided = plan.blocked.iter().any(|blocked| blocked.kind == BlockedKind::CopyUndecided);
        if !has_chains(&world) && !undecided {
            assert_eq!((next.changes, next.copies, next.acceptances), (vec![], vec![], vec![]));
        }
    });
}

#[test]
fn copies_of_copies_come_to_an_end() {
    in_every_world(|world| {
        let mut world = world.clone();
        for _ in 0..4 {
            let plan = world.plan();
            carry_out(&plan, &mut world);
        }
        let plan = world.plan();
        assert_eq!((plan.changes, plan.copies), (vec![], vec![]));
    });
}

/// Whether a rule copies from where another copies to: an image may then need one run for each step.
fn has_chains(world: &World) -> bool {
    let sources = world.desired.rules.iter().flat_map(|rule| &rule.copy_from);
    let copied_to = |to: &Region| {
        world.desired.rules.iter().any(|rule| {
            let regions = rule.targets.iter().flat_map(|target| &target.regions);
            rule.copy_from.as_ref().is_some_and(|from| from != to)
                && regions.clone().any(|region| region == to)
        })
    };
    sources.clone().any(copied_to)
}

#[test]
fn a_copy_is_planned_once_and_only_where_there_is_none() {
    in_every_world(|world| {
        let plan = world.plan();
        let keys: BTreeSet<_> = plan.copies.iter().map(PlannedCopy::key).collect();
        assert_eq!(keys.len(), plan.copies.len());
        for copy in &plan.copies {
            let images = world.images(copy.cloud.as_str(), copy.region.as_str());
            let seen = copy.seen(&images, None);
            match (&copy.begun, &seen) {
                (None, CopySeen::Missing) => {}
                (Some(begun), CopySeen::Making { id, .. }) if id == begun => {}
                _ => panic!("{seen:?} of {copy:?}"),
            }
        }
    });
}

#[test]
fn shares_are_read_of_all_images_and_snapshots_that_change() {
    in_every_world(|world| {
        let plan = world.plan();
        for (cloud, region) in world.actual.regions.keys() {
            let in_region = |change: &&PlannedChange| change.cloud == *cloud && change.region == *region;
            let changes: Vec<_> = plan.changes.iter().filter(in_region).collect();
            if changes.is_empty() {
                continue;
            }
            let images = world.images(cloud.as_str(), region.as_str());
            let unshared =
                images.into_iter().filter(|image| image.shared == Some(false)).map(|image| image.id);
            let mut known = world.needs_shares(cloud.as_str(), region.as_str());
            known.extend(unshared);
            let snapshots = world.needs_snapshots(cloud.as_str(), region.as_str());
            let is_read = |change: &&PlannedChange| match &change.snapshot {
                None => known.contains(&change.image.id),
                Some(snapshot) => snapshots.contains(snapshot),
            };
            assert!(changes.iter().all(is_read), "{changes:?}");
        }
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
            let limits = limits(world, change);
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

/// The limits for changes of images, or those for changes of snapshots.
fn limits(world: &World, change: &PlannedChange) -> Limits {
    let limits = world.desired.clouds[&change.cloud].limits.clone();
    if change.snapshot.is_none() {
        return limits;
    }
    let about =
        world.descriptions.get(&change.provider).map(|about| about.snapshots.clone()).unwrap_or_default();
    Limits {
        accounts_per_change: about.accounts_per_change,
        add_and_remove_together: about.add_and_remove_together,
        accounts_per_image: None,
        ..limits
    }
}

#[test]
fn what_is_added_early_is_in_the_plan_and_is_sent_as_the_plan_would() {
    in_every_world(|world| {
        let plan = world.plan();
        for change in early_of(world) {
            let of_plan = plan.changes.iter().find(|of_plan| of_plan.key() == change.change.key());
            let of_plan = of_plan.expect("the plan has a change of the same image");
            assert_eq!(of_plan.add, change.change.add, "all of it, and nothing that the plan blocks");
            let said = |change: &PlannedChange| (change.prepare.clone(), change.notes.clone());
            assert_eq!(said(of_plan), said(&change.change));
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
        let plan = world.plan();
        let of_images = plan.changes.iter().filter(|change| change.snapshot.is_none());
        for change in of_images.filter(|change| change.remove.is_empty()) {
            // Removals that the fence blocks may have been what the additions waited for.
            let waited = plan.blocked.iter().any(|blocked| {
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
fn the_estimate_counts_the_calls_that_are_made() {
    in_every_world(|world| {
        let mut world = world.clone();
        world.actual.calls.insert(("acme".into(), "north".into(), OperationKind::ListImages), 7);
        let plan = world.plan();
        let changes: usize = plan.changes.iter().map(|change| change.batches().len() + 1).sum();
        let copies = plan.copies.iter().map(|copy| {
            let nobody = SharesRead::from(Shares::none());
            let share = copy.share(&"new".into(), &nobody).expect("it was read");
            usize::from(copy.begun.is_none()) + share.map_or(0, |share| share.batches().len() + 2)
        });
        let image = |share: &PlannedAcceptance| share.key().change();
        let images: BTreeSet<_> = plan.acceptances.iter().map(image).collect();
        let expected = 7 + changes + copies.sum::<usize>() + plan.acceptances.len() + images.len();
        assert_eq!(plan.estimate.map(|estimate| estimate.calls), Some(expected as u64));
    });
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

#[test]
fn just_the_wanted_shares_that_have_a_login_are_accepted() {
    in_every_world(|world| {
        let plan = world.plan();
        let has_login =
            |cloud: &CloudName, account: &AccountId| world.desired.receiver(cloud, account).is_some();
        for change in plan.changes.iter().filter(|change| change.snapshot.is_none()) {
            for account in change.add.iter().filter(|account| has_login(&change.cloud, &account.id)) {
                let is_its = |share: &&PlannedAcceptance| {
                    share.key().change() == change.key() && share.account == *account && share.found.is_none()
                };
                assert_eq!(plan.acceptances.iter().filter(is_its).count(), 1, "{account:?} of {change:?}");
            }
        }
        for share in &plan.acceptances {
            assert!(has_login(&share.cloud, &share.account.id), "{share:?}");
            let change = PlannedChange {
                cloud: share.cloud.clone(),
                provider: share.provider.clone(),
                region: share.region.clone(),
                image: share.image.clone(),
                ..PlannedChange::default()
            };
            let rules = rules_of(world, &change);
            assert!(rules.iter().any(|rule| wants(rule, &change, &share.account.id)), "{share:?}");
        }
    });
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
    assert!(many(|plan| plan.summary.snapshots > 0));
    assert!(many(|plan| plan
        .changes
        .iter()
        .any(|change| change.snapshot.is_some() && !change.remove.is_empty())));
    assert!(many(|plan| plan.copies.iter().any(|copy| copy.snapshots.is_some())));
    assert!(many(|plan| plan.changes.iter().any(|change| change.prepare.is_some())));
    assert!(many(|plan| plan.acceptances.iter().any(|share| share.found.is_none())));
    assert!(many(|plan| plan.acceptances.iter().any(|share| share.found.is_some())));
    assert!(many(|plan| !plan.unaccepted.is_empty()));
    assert!(many(|plan| !plan.foreign.is_empty()));
    assert!(many(|plan| !plan.unreadable.is_empty()));
    assert!(many(|plan| plan.changes.iter().any(|change| change.batching.removals_first)));
    let kinds: BTreeSet<_> =
        plans.iter().flat_map(|plan| &plan.blocked).map(|blocked| blocked.kind).collect();
    assert_eq!(kinds.len(), 9, "{kinds:?}");
    assert!(many(|plan| plan.copies.iter().any(|copy| copy.begun.is_none())));
    assert!(plans.iter().flat_map(|plan| &plan.copies).filter(|copy| copy.begun.is_some()).count() > 5);
    let images: BTreeSet<ImageId> =
        plans.iter().flat_map(|plan| &plan.changes).map(|change| change.image.id.clone()).collect();
    assert_eq!(images.len(), 15, "{images:?}");
}
