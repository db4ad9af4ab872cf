//! What holds in every world: random ones, each from a seed that a failure prints with its world.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use imgshare_plan::{
    Actual, ActualImage, BlockedKind, CopySeen, EarlyChange, Plan, PlannedChange, PlannedCopy, SharesRead,
    selected_by,
};
use imgshare_protocol::{
    AccountId, CloudName, Image, ImageId, ImageState, Mode, OperationKind, Recognition, Region, Rule, Shares,
    Target,
};

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
        carry_out(&plan, &mut world);
        let next = world.plan();
        if plan.copies.is_empty() {
            assert_eq!(next.blocked, plan.blocked, "what was blocked is blocked for the same reasons");
        }
        let undecided = plan.blocked.iter().any(|blocked| blocked.kind == BlockedKind::CopyUndecided);
        if !has_chains(&world) && !undecided {
            assert_eq!((next.changes, next.copies), (vec![], vec![]));
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
fn shares_are_read_of_all_images_that_change() {
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
            assert!(changes.iter().all(|change| known.contains(&change.image.id)), "{changes:?}");
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
        let plan = world.plan();
        for change in plan.changes.iter().filter(|change| change.remove.is_empty()) {
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
        let expected = 7 + changes + copies.sum::<usize>();
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

/// The rules that select the image of this change, or may mean it, in whatever scope.
fn rules_of<'a>(world: &'a World, change: &PlannedChange) -> Vec<&'a Rule> {
    let listings = world.listings(change.cloud.as_str());
    let here = |rule: &&Rule| {
        let target =
            |target: &Target| target.cloud == change.cloud && target.regions.contains(&change.region);
        rule.targets.iter().any(target)
            && match rule.copy_from.as_ref().filter(|from| **from != change.region) {
                None => selects(rule, &listings[&change.region], &change.image.id),
                Some(from) => match listings.get(from) {
                    Some(sources) => may_mean(world, rule, sources, change),
                    None => true,
                },
            }
    };
    world.desired.rules.iter().filter(here).collect()
}

fn selects(rule: &Rule, images: &[Image], id: &ImageId) -> bool {
    selected_by(rule, images, NOW).iter().any(|selected| selected.image.id == *id)
}

/// Whether the image of this change may be a copy of what the rule selects among `sources`.
fn may_mean(world: &World, rule: &Rule, sources: &[Image], change: &PlannedChange) -> bool {
    let about =
        world.descriptions.get(&change.provider).map(|about| about.copying.clone()).unwrap_or_default();
    let length = about.name_length_max.map_or(usize::MAX, |length| length as usize);
    let family = family(world, change);
    selected_by(rule, sources, NOW).iter().any(|source| match about.recognised_by {
        Recognition::Name => source.image.name.chars().take(length).eq(change.image.name.chars()),
        Recognition::SourceId | Recognition::Tag => family.contains(&source.image.id),
    })
}

/// The images that the image of this change is a copy of, and all copies of these.
fn family(world: &World, change: &PlannedChange) -> BTreeSet<ImageId> {
    let mut regions = world.survey().sources(&change.cloud, &change.region);
    regions.insert(change.region.clone());
    let listings = world.listings(change.cloud.as_str());
    let near = listings.iter().filter(|(region, _)| regions.contains(*region));
    let images: Vec<&Image> = near.flat_map(|(_, images)| images).collect();
    let mut family = BTreeSet::from([change.image.id.clone()]);
    for _ in 0..images.len() {
        for image in &images {
            let Some(from) = &image.copied_from else { continue };
            if family.contains(&image.id) || family.contains(from) {
                family.extend([image.id.clone(), from.clone()]);
            }
        }
    }
    family
}

fn wants(rule: &Rule, change: &PlannedChange, account: &AccountId) -> bool {
    rule.targets.iter().any(|target| target.cloud == change.cloud && target.accounts.contains(account))
}

/// Who has the image of this change, if that is known.
fn shares(actual: &Actual, change: &PlannedChange) -> Option<Shares> {
    let images = actual.regions.get(&(change.cloud.clone(), change.region.clone()))?.as_ref().ok()?;
    let image = images.iter().find(|actual| actual.image.id == change.image.id)?;
    match &image.shares {
        SharesRead::Read(shares) => Some(Shares::clone(shares)),
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
fn carry_out(plan: &Plan, world: &mut World) {
    for change in &plan.changes {
        let mut after = shares(&world.actual, change).expect("a change needs shares that were read");
        after.accounts = changed(change, after.accounts);
        let image = images(world, &change.cloud, &change.region);
        let image = image.iter_mut().find(|actual| actual.image.id == change.image.id).expect("its image");
        (image.image.shared, image.shares) = (None, after.into());
    }
    for (number, copy) in plan.copies.iter().enumerate() {
        let accounts = copy.add.iter().map(|account| account.id.clone()).collect();
        let shares = SharesRead::from(Shares { accounts, ..Shares::default() });
        let images = images(world, &copy.cloud, &copy.region);
        match images.iter_mut().find(|actual| Some(&actual.image.id) == copy.begun.as_ref()) {
            Some(begun) => (begun.image.state, begun.shares) = (ImageState::Available, shares),
            None => images.push(ActualImage { image: made(copy, number + images.len()), shares }),
        }
    }
}

/// What the cloud makes of a copy. Those that were made first have the greatest ids, of which none comes twice.
fn made(copy: &PlannedCopy, number: usize) -> Image {
    Image {
        id: format!("z{:04}-{}", 9999 - number, copy.region).into(),
        name: copy.name.clone(),
        state: ImageState::Available,
        created: Some(NOW),
        copied_from: (copy.recognised_by != Recognition::Name).then(|| copy.source.id.clone()),
        ..Image::default()
    }
}

fn images<'w>(world: &'w mut World, cloud: &CloudName, region: &Region) -> &'w mut Vec<ActualImage> {
    let images = world.actual.regions.get_mut(&(cloud.clone(), region.clone()));
    images.expect("its region").as_mut().expect("was read")
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
        for (cloud, provider) in [("acme", "acme"), ("other", "rock")] {
            let limits =
                [self.one_of(&["", "per-change=1", "per-change=2"]), self.one_of(&["", "per-image=4"])];
            let together = self.one_of(&["", "together"]);
            let room = self.one_of(&["", "", "per-region=4"]);
            let limits = limits.join(" ");
            writeln!(text, "cloud {cloud} {provider} north,south,east {limits} {room} {together}")
                .expect("memory");
            let how = ["", "copies=source", "copies=tag", "copies=name", "copies=name length=1", "copies=no"];
            match self.one_of(&how) {
                "" => {}
                how => writeln!(text, "provider {provider} {how}").expect("memory"),
            }
        }
        writeln!(text, "{}", self.one_of(&["", "fence 3", "fence 20"])).expect("memory");
        let scopes = ["", "", "", "", "only rule=rule-0", "only region=south"];
        writeln!(text, "{}", self.one_of(&scopes)).expect("memory");
        for rule in 0..=self.below(4) {
            text += &self.rule(rule);
        }
        for cloud in ["acme", "other"] {
            for region in ["north", "south", "east"] {
                text += &self.site(&format!("{cloud} {region}"), &region[..1]);
            }
        }
        text
    }

    fn rule(&mut self, number: u64) -> String {
        let sites = [
            "at=acme:north",
            "at=acme:north,south",
            "at=other:south,east",
            "at=acme:south at=other:north,south",
        ];
        let from = self.one_of(&["", "", "from=north", "from=south"]);
        let selections =
            ["all", "name=a*", "name=b", "newest=2", "newer=500", "name=a* newest=1", "ids=n1,n9,s0"];
        let (site, selection) = (self.one_of(&sites), self.one_of(&selections));
        let (mode, accounts) = (self.one_of(&["", "exact"]), self.accounts());
        format!("rule rule-{number} {site} {from} {mode} {selection} with={accounts}\n")
    }

    /// The ids of a region begin with its letter.
    fn site(&mut self, site: &str, letter: &str) -> String {
        match self.below(8) {
            0 => return format!("region {site} failed=no-answer\n"),
            1 => return String::new(),
            _ => {}
        }
        let images = (0..self.below(6)).map(|number| {
            let name = self.one_of(&["a", "ab", "b", "c"]);
            let states = ["state=pending:CREATING", "state=failed:BAD", "state=unavailable"];
            let words = [
                "",
                "",
                "",
                "",
                "failed=no-answer",
                "unread",
                "unshared",
                self.one_of(&states),
                self.one_of(&states),
            ];
            let of = ["", "", "of=n0", "of=n1", "of=s0", "of=s1", "of=e0"];
            let (word, of, time) = (self.one_of(&words), self.one_of(&of), self.below(1000));
            format!("image {site} {letter}{number} {name} t={time} {word} {of} has={}\n", self.accounts())
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
    assert_eq!(kinds.len(), 9, "{kinds:?}");
    assert!(many(|plan| plan.copies.iter().any(|copy| copy.begun.is_none())));
    assert!(plans.iter().flat_map(|plan| &plan.copies).filter(|copy| copy.begun.is_some()).count() > 5);
    let images: BTreeSet<ImageId> =
        plans.iter().flat_map(|plan| &plan.changes).map(|change| change.image.id.clone()).collect();
    assert_eq!(images.len(), 15, "{images:?}");
}
