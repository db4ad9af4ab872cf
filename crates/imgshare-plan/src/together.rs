//! What several rules together say about an image.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imgshare_protocol::{AccountId, CloudName, Desired, Mode, Place, RuleName};

use crate::known_shares::AccountSet;
use crate::plan::AccountLabel;
use crate::rules::RuleHere;
use crate::view::By;

/// What several rules together say about the images that just these rules select.
#[derive(Debug)]
pub(crate) struct Together {
    /// The rules of the run's scope among them.
    pub(crate) rules: Vec<RuleName>,
    /// The place of the first of these.
    pub(crate) place: Place,
    /// The accounts that the rules of the scope want, in order.
    pub(crate) wanted: Vec<Arc<AccountLabel>>,
    /// The accounts that any rule wants, or may want.
    pub(crate) kept: BTreeSet<AccountId>,
    /// A rule of the scope is `exact`.
    pub(crate) removes: bool,
    /// Any rule is `exact`.
    pub(crate) exact: bool,
}

impl Together {
    /// The union of those of `rules` that select an image. `None`: none of them is in the scope.
    pub(crate) fn new(rules: &[RuleHere<'_, '_>], by: &By, names: &Names) -> Option<Self> {
        Self::of(rules, by, names, |_| true)
    }

    /// The same of those that share a snapshot.
    pub(crate) fn of_snapshots(rules: &[RuleHere<'_, '_>], by: &By, names: &Names) -> Option<Self> {
        Self::of(rules, by, names, |here| here.rule.with_snapshots)
    }

    fn of(
        rules: &[RuleHere<'_, '_>],
        by: &By,
        names: &Names,
        concerned: impl Fn(&RuleHere<'_, '_>) -> bool,
    ) -> Option<Self> {
        let of = |places: &[usize]| -> Vec<_> {
            places.iter().map(|&rule| &rules[rule]).filter(|here| concerned(here)).collect()
        };
        // What they want is not removed, though nobody can tell whether they mean this image.
        let mut unsure = of(&by.spares);
        unsure.extend(rules.iter().filter(|here| here.unknown && concerned(here)));
        let rules = of(&by.selects);
        let in_scope: Vec<_> = rules.iter().filter(|here| here.in_scope).collect();
        let wanted: BTreeSet<_> = in_scope.iter().flat_map(|here| &here.target.accounts).collect();
        Some(Self {
            rules: in_scope.iter().map(|here| here.rule.name.clone()).collect(),
            place: in_scope.first()?.rule.place.clone(),
            wanted: wanted.into_iter().map(|account| names.label(account)).collect(),
            kept: rules.iter().chain(&unsure).flat_map(|here| &here.target.accounts).cloned().collect(),
            removes: in_scope.iter().any(|here| here.rule.mode == Mode::Exact),
            exact: rules.iter().any(|here| here.rule.mode == Mode::Exact),
        })
    }
}

impl Together {
    /// This account, if the rules of the scope want it.
    pub(crate) fn wanted(&self, account: &AccountId) -> Option<&Arc<AccountLabel>> {
        let place = self.wanted.binary_search_by(|wanted| wanted.id.cmp(account)).ok()?;
        Some(&self.wanted[place])
    }

    /// Those who shall have the image and do not.
    pub(crate) fn missing(&self, have: &AccountSet) -> Vec<Arc<AccountLabel>> {
        let missing = self.wanted.iter().filter(|account| !have.contains(&account.id));
        missing.cloned().collect()
    }

    /// Those who have the image and whom no rule wants: to be removed, and to be left alone.
    pub(crate) fn unwanted(
        &self,
        have: &AccountSet,
        names: &Names,
    ) -> (Vec<Arc<AccountLabel>>, Vec<Arc<AccountLabel>>) {
        let unwanted = || {
            let unwanted = have.iter().filter(|account| !self.kept.contains(*account));
            unwanted.map(|account| names.label(account)).collect()
        };
        match (self.removes, self.exact) {
            (true, _) => (unwanted(), Vec::new()),
            (false, false) => (Vec::new(), unwanted()),
            // A rule that this run is not about would remove them: nobody's to remove now, and not foreign either.
            (false, true) => (Vec::new(), Vec::new()),
        }
    }
}

/// The names that the config gives to the accounts of one cloud.
#[derive(Debug)]
pub(crate) struct Names(BTreeMap<AccountId, Arc<AccountLabel>>);

impl Names {
    pub(crate) fn new(desired: &Desired, cloud: &CloudName) -> Self {
        let names = desired.account_names.iter().filter(|((of, _), _)| of == cloud);
        let labels = names.map(|((_, id), name)| AccountLabel { id: id.clone(), name: Some(name.clone()) });
        Self(labels.map(|label| (label.id.clone(), Arc::new(label))).collect())
    }

    /// The account with its name.
    pub(crate) fn label(&self, account: &AccountId) -> Arc<AccountLabel> {
        let known = self.0.get(account).map(Arc::clone);
        known.unwrap_or_else(|| Arc::new(AccountLabel { id: account.clone(), name: None }))
    }
}
