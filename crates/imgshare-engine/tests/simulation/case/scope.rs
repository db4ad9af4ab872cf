//! Runs that are about some rules, clouds or regions only.

use imgshare_plan::Scope;
use imgshare_protocol::{CloudName, Region, RuleName};

use super::{Case, CloudCase, RuleCase};
use crate::dice::Dice;

/// Mostly everything.
pub(super) fn draw(dice: &mut Dice, clouds: &[CloudCase], rules: &[RuleCase]) -> Scope {
    let mut scope = Scope::default();
    if dice.percent(15) {
        scope.rules = dice.some_of(rules, 60).iter().map(|rule| RuleName::from(rule.name.as_str())).collect();
    }
    if dice.percent(10) {
        scope.clouds.insert(CloudName::from(dice.one_of(clouds).kind.name));
    }
    if dice.percent(10) {
        let regions = clouds.iter().flat_map(|cloud| &cloud.regions).collect::<Vec<_>>();
        scope.regions.insert(Region::from(dice.one_of(&regions).name));
    }
    scope
}

impl Case {
    /// The same with nothing but what its runs are about.
    pub(crate) fn in_scope(&self) -> Self {
        let rules = self.rules.iter().filter(|rule| self.scope.has_rule(&RuleName::from(rule.name.as_str())));
        let rules = rules.map(|rule| self.part_in_scope(rule)).collect();
        Self { rules, ..self.clone() }
    }

    fn part_in_scope(&self, rule: &RuleCase) -> RuleCase {
        let in_scope = |at: &usize| self.scope.has_cloud(&CloudName::from(self.clouds[*at].kind.name));
        let clouds: Vec<usize> = rule.clouds.iter().copied().filter(in_scope).collect();
        let regions = self.clouds.iter().flat_map(|cloud| &cloud.regions).map(|region| region.name);
        let named = |region: &&str| rule.regions.as_ref().is_none_or(|regions| regions.contains(region));
        let regions = regions.filter(named).filter(|region| self.scope.has_region(&Region::from(*region)));
        RuleCase { clouds, regions: Some(regions.collect()), ..rule.clone() }
    }
}
