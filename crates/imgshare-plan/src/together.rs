//! What several rules together say about an image.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_protocol::{AccountId, AccountName, CloudName, Desired, Mode, Place, RuleName};

use crate::plan::AccountLabel;
use crate::rules::RuleHere;

/// What several rules together say about the images that just these rules select.
pub(crate) struct Together {
    /// The rules of the run's scope among them.
    pub(crate) rules: Vec<RuleName>,
    /// The place of the first of these.
    pub(crate) place: Place,
    /// The accounts that the rules of the scope want, in order.
    pub(crate) wanted: Vec<AccountLabel>,
    /// The accounts that any rule wants.
    pub(crate) kept: BTreeSet<AccountId>,
    /// A rule of the scope is `exact`.
    pub(crate) removes: bool,
    /// Any rule is `exact`.
    pub(crate) exact: bool,
}

impl Together {
    /// The union of those of `rules` that are in the places `by`. `None`: none of them is in the scope.
    pub(crate) fn new(rules: &[RuleHere<'_, '_>], by: &[usize], names: &Names<'_>) -> Option<Self> {
        let rules: Vec<_> = by.iter().map(|&rule| &rules[rule]).collect();
        let in_scope: Vec<_> = rules.iter().filter(|here| here.in_scope).collect();
        let wanted: BTreeSet<_> = in_scope.iter().flat_map(|here| &here.target.accounts).collect();
        Some(Self {
            rules: in_scope.iter().map(|here| here.rule.name.clone()).collect(),
            place: in_scope.first()?.rule.place.clone(),
            wanted: wanted.into_iter().map(|account| names.label(account)).collect(),
            kept: rules.iter().flat_map(|here| &here.target.accounts).cloned().collect(),
            removes: in_scope.iter().any(|here| here.rule.mode == Mode::Exact),
            exact: rules.iter().any(|here| here.rule.mode == Mode::Exact),
        })
    }
}

/// The names that the config gives to the accounts of one cloud.
pub(crate) struct Names<'a>(BTreeMap<&'a AccountId, &'a AccountName>);

impl<'a> Names<'a> {
    pub(crate) fn new(desired: &'a Desired, cloud: &CloudName) -> Self {
        let names = desired.account_names.iter().filter(|((of, _), _)| of == cloud);
        Self(names.map(|((_, account), name)| (account, name)).collect())
    }

    /// The account with its name.
    pub(crate) fn label(&self, account: &AccountId) -> AccountLabel {
        let name = self.0.get(account).map(|name| AccountName::clone(name));
        AccountLabel { id: account.clone(), name }
    }
}
