//! What the rules of a case say about the images that are there: product.md once more, written without the planner.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::calls::CopyCall;
use crate::case::{Case, CloudCase, RuleCase, Select};
use crate::truth::{Look, Spot, Truth};

/// What all rules together want of one image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) accounts: BTreeSet<String>,
    /// Everybody else shall lose it.
    pub(crate) exact: bool,
}

/// An account that is not as it shall be.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Lack {
    pub(crate) spot: Spot,
    pub(crate) account: String,
    /// It shall have the image and does not; otherwise the other way round.
    pub(crate) missing: bool,
}

impl fmt::Debug for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.missing { "lacks" } else { "still has" };
        write!(f, "{} {what} {}", self.account, self.spot)
    }
}

/// The wishes about every image that a rule selects and that can be shared.
pub(crate) fn wishes(case: &Case, truth: &Truth) -> BTreeMap<Spot, Wish> {
    let ready = |spot: &Spot| is_ready(case, spot, &truth.0[spot]);
    let there = collect(case, truth, |spots, rule| {
        spots.retain(|spot| ready(spot));
        narrow(truth, spots, rule, |_| true);
    });
    // Of a rule that copies, the images that are not ready count too: their copies may be.
    let copies = collect_copies(
        case,
        truth,
        |spots, rule| narrow(truth, spots, rule, ready),
        |copies| {
            // Which of several is the copy, nobody knows.
            copies.len() == 1 && ready(copies[0])
        },
    );
    together(there, copies)
}

/// Leaves the newest, as far as the rule asks for that, of all images and of those that count.
fn narrow(truth: &Truth, spots: &mut Vec<&Spot>, rule: &RuleCase, counts: impl Fn(&Spot) -> bool) {
    let Some(newest) = rule.newest() else { return };
    let newest = usize::try_from(newest).expect("a small number");
    spots.sort_by_key(|spot| Reverse((truth.0[*spot].created_second().to_owned(), (*spot).clone())));
    let counting: Vec<_> = spots.iter().copied().filter(|spot| counts(spot)).take(newest).cloned().collect();
    let mut rank = 0;
    spots.retain(|spot| {
        rank += 1;
        if counts(spot) { counting.contains(spot) } else { rank <= newest }
    });
}

/// The same about every image that a rule could ever select: whatever its state becomes, and whichever is newest.
pub(crate) fn widest_wishes(case: &Case, truth: &Truth) -> BTreeMap<Spot, Wish> {
    together(collect(case, truth, |_, _| {}), collect_copies(case, truth, |_, _| {}, |_| true))
}

/// The copies that there shall be, and who shall have each.
pub(crate) fn wanted_copies(case: &Case, truth: &Truth) -> Vec<(CopyCall, BTreeSet<String>)> {
    let mut wanted = Vec::new();
    for rule in &case.rules {
        let Some(from) = rule.copy_from else { continue };
        // Seen alone and in its own region, the rule selects what is to be copied.
        let there = RuleCase { regions: Some(vec![from]), copy_from: None, ..rule.clone() };
        let alone = Case { rules: vec![there], ..case.clone() };
        for (source, wish) in wishes(&alone, truth) {
            let targets = sites(case, rule).map(|(_, region)| region).filter(|region| *region != from);
            wanted.extend(
                targets.map(|to| {
                    (CopyCall { source: source.clone(), to: to.to_owned() }, wish.accounts.clone())
                }),
            );
        }
    }
    wanted
}

/// What is not as it shall be.
pub(crate) fn lacks(case: &Case, truth: &Truth) -> Vec<Lack> {
    let mut lacks = Vec::new();
    let kept = kept(case, truth);
    for (spot, wish) in wishes(&case.in_scope(), truth) {
        let have = &truth.0[&spot].shares;
        let lack = |account: &String, missing| Lack { spot: spot.clone(), account: account.clone(), missing };
        lacks.extend(wish.accounts.difference(have).map(|account| lack(account, true)));
        if wish.exact {
            lacks.extend(have.difference(&kept[&spot].accounts).map(|account| lack(account, false)));
        }
    }
    lacks
}

/// What is not taken away: what any rule gives, whether or not the runs are about it, and what it gives to one of several
/// copies of which nobody knows which it is.
fn kept(case: &Case, truth: &Truth) -> Wishes {
    let doubtful = collect_copies(case, truth, |_, _| {}, |copies| copies.len() > 1);
    together(wishes(case, truth), doubtful)
}

type Wishes = BTreeMap<Spot, Wish>;

/// What rules want of the images that they select in the region itself.
fn collect(case: &Case, truth: &Truth, narrow: impl Fn(&mut Vec<&Spot>, &RuleCase)) -> Wishes {
    let mut wishes = Wishes::new();
    for rule in &case.rules {
        for (cloud, region) in sites(case, rule).filter(|(_, region)| rule.copies_into(region).is_none()) {
            let mut spots = matching(truth, cloud, region, rule);
            narrow(&mut spots, rule);
            spots.into_iter().for_each(|spot| wish(&mut wishes, cloud, rule, spot));
        }
    }
    wishes
}

/// What rules want of copies.
fn collect_copies(
    case: &Case,
    truth: &Truth,
    narrow: impl Fn(&mut Vec<&Spot>, &RuleCase),
    counts: impl Fn(&[&Spot]) -> bool,
) -> Wishes {
    let mut wishes = Wishes::new();
    for rule in &case.rules {
        for (cloud, region) in sites(case, rule) {
            let Some(from) = rule.copies_into(region) else { continue };
            let mut sources = matching(truth, cloud, from, rule);
            narrow(&mut sources, rule);
            let copies = sources.into_iter().map(|source| copies_of(truth, source, region));
            let copies = copies.filter(|copies| counts(copies)).flatten();
            copies.for_each(|spot| wish(&mut wishes, cloud, rule, spot));
        }
    }
    wishes
}

/// The copies of an image in a region.
pub(crate) fn copies_of<'t>(truth: &'t Truth, source: &Spot, region: &str) -> Vec<&'t Spot> {
    let of = |look: &Look| look.copy_of.as_ref().is_some_and(|origin| origin.image == source.image);
    let here = truth.0.iter().filter(|(spot, look)| spot.region == region && of(look));
    here.map(|(spot, _)| spot).collect()
}

fn matching<'t>(truth: &'t Truth, cloud: &CloudCase, region: &str, rule: &RuleCase) -> Vec<&'t Spot> {
    let here = truth.0.iter().filter(|(spot, _)| spot.cloud == cloud.kind.name && spot.region == region);
    here.filter(|(spot, look)| rule.select.matches(spot, look)).map(|(spot, _)| spot).collect()
}

fn wish(wishes: &mut Wishes, cloud: &CloudCase, rule: &RuleCase, spot: &Spot) {
    let wish = wishes.entry(spot.clone()).or_default();
    wish.accounts.extend(rule.accounts.iter().map(|&number| cloud.kind.account(number)));
    wish.exact |= rule.exact;
}

fn together(mut all: Wishes, more: Wishes) -> Wishes {
    for (spot, wish) in more {
        let known = all.entry(spot).or_default();
        known.accounts.extend(wish.accounts);
        known.exact |= wish.exact;
    }
    all
}

fn sites<'a>(case: &'a Case, rule: &'a RuleCase) -> impl Iterator<Item = (&'a CloudCase, &'static str)> {
    let clouds = case.clouds.iter().enumerate();
    let sites =
        clouds.flat_map(|(at, cloud)| cloud.regions.iter().map(move |region| (at, cloud, region.name)));
    sites.filter(|(at, _, region)| rule.is_about(*at, region)).map(|(_, cloud, region)| (cloud, region))
}

fn is_ready(case: &Case, spot: &Spot, look: &Look) -> bool {
    let unready = case.cloud(&spot.cloud).kind.unready;
    !unready.contains(&look.state.as_str())
}

impl Select {
    fn matches(&self, spot: &Spot, look: &Look) -> bool {
        match self {
            Self::All => true,
            Self::Glob(stem, _) => look.name.starts_with(stem),
            Self::Name(name) => look.name == *name,
            Self::Ids(ids) => ids.contains(&spot.image),
            Self::Picky(picky) => picky.matches(look),
        }
    }
}
