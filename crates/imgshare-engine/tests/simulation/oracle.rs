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
    collect(case, truth, ready, |spots, select| {
        if let Select::Glob(_, Some(newest)) = select {
            spots.sort_by_key(|spot| Reverse((truth.0[*spot].created.clone(), (*spot).clone())));
            spots.truncate(usize::try_from(*newest).expect("a small number"));
        }
    })
}

/// The same about every image that a rule could ever select: whatever its state becomes, and whichever is newest.
pub(crate) fn widest_wishes(case: &Case, truth: &Truth) -> BTreeMap<Spot, Wish> {
    collect(case, truth, |_| true, |_, _| {})
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
    for (spot, wish) in wishes(case, truth) {
        let have = &truth.0[&spot].shares;
        let lack = |account: &String, missing| Lack { spot: spot.clone(), account: account.clone(), missing };
        lacks.extend(wish.accounts.difference(have).map(|account| lack(account, true)));
        if wish.exact {
            lacks.extend(have.difference(&wish.accounts).map(|account| lack(account, false)));
        }
    }
    lacks
}

fn collect(
    case: &Case,
    truth: &Truth,
    counts: impl Fn(&Spot) -> bool,
    narrow: impl Fn(&mut Vec<&Spot>, &Select),
) -> BTreeMap<Spot, Wish> {
    let mut wishes: BTreeMap<Spot, Wish> = BTreeMap::new();
    for rule in &case.rules {
        for (cloud, region) in sites(case, rule) {
            let here =
                truth.0.iter().filter(|(spot, _)| spot.cloud == cloud.kind.name && spot.region == region);
            let matching = here.filter(|(spot, look)| rule.select.matches(spot, look) && counts(spot));
            let mut spots: Vec<_> = matching.map(|(spot, _)| spot).collect();
            narrow(&mut spots, &rule.select);
            for spot in spots {
                let wish = wishes.entry(spot.clone()).or_default();
                wish.accounts.extend(rule.accounts.iter().map(|&number| cloud.kind.account(number)));
                wish.exact |= rule.exact;
            }
        }
    }
    wishes
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
        }
    }
}
