//! One region: its rules and its images brought together.

use imgshare_protocol::{Cloud, Copying, Image, Region};

use crate::rules::{RuleHere, Rules};
use crate::survey::Survey;
use crate::wanted::{Found, Images, Wanted, sources, wanted};

/// The rules of a region and what each is about there.
pub(crate) struct View<'a, 'r> {
    pub(crate) rules: Vec<RuleHere<'a, 'r>>,
    /// Each image once, by name and id.
    pub(crate) images: Vec<&'a Image>,
    /// For each image, which rules are about it.
    pub(crate) by: Vec<By>,
    /// The copies that shall be here, by name.
    pub(crate) wanted: Vec<Wanted<'a>>,
}

/// The places of the rules that are about an image, in the file's order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct By {
    /// They select it.
    pub(crate) selects: Vec<usize>,
    /// They may mean it, and nobody can tell: what they want there is not removed.
    pub(crate) spares: Vec<usize>,
}

impl<'a, 'r> View<'a, 'r> {
    /// The images are those of the region and of its [`sources`], as far as they could be listed.
    pub(crate) fn new(
        survey: &Survey<'_>,
        rules: &'r Rules<'a>,
        cloud: &Cloud,
        region: &Region,
        images: &Images<'a>,
    ) -> Self {
        let mut rules = rules.of(&cloud.name, region, survey.scope);
        let near = near(survey, &rules, cloud, region, images);
        let wanted = wanted(&mut rules, region, &near, &copying(survey, cloud));
        let images = near.get(region).cloned().unwrap_or_default();
        let by = by(&rules, &images, &wanted);
        Self { rules, images, by, wanted }
    }

    /// For each image, the places of the rules that select it or of whose wanted copies it is one, usable or not.
    pub(crate) fn rules_by_image(&self) -> Vec<Vec<usize>> {
        let mut all: Vec<_> = self.by.iter().map(|by| by.selects.clone()).collect();
        for wanted in &self.wanted {
            if let Found::Making(place) | Found::Failed(place) = wanted.found {
                add(&mut all[place], &wanted.rules);
            }
        }
        all
    }

    /// Whether a rule of the run's scope wants this copy.
    pub(crate) fn in_scope(&self, wanted: &Wanted<'_>) -> bool {
        wanted.rules.iter().any(|&rule| self.rules[rule].in_scope)
    }
}

/// What can be known here. Other regions of the cloud are left out even where they were listed: whatever is said of a
/// region must be the same whether it is asked early or at the end.
fn near<'a>(
    survey: &Survey<'_>,
    rules: &[RuleHere<'a, '_>],
    cloud: &Cloud,
    region: &Region,
    images: &Images<'a>,
) -> Images<'a> {
    let sources = match rules.iter().any(|here| here.from.is_some()) {
        true => sources(survey.desired, &cloud.name, region),
        false => Default::default(),
    };
    let near = images.iter().filter(|(known, _)| **known == region || sources.contains(**known));
    near.map(|(region, images)| (*region, images.clone())).collect()
}

/// How this cloud copies. Of a provider that cannot be asked nothing is known: names are all there is.
pub(crate) fn copying(survey: &Survey<'_>, cloud: &Cloud) -> Copying {
    survey.descriptions.get(&cloud.provider).map(|about| about.copying.clone()).unwrap_or_default()
}

/// Which rules are about which image.
fn by(rules: &[RuleHere<'_, '_>], images: &[&Image], wanted: &[Wanted<'_>]) -> Vec<By> {
    let mut all = vec![By::default(); images.len()];
    for (rule, here) in rules.iter().enumerate().filter(|(_, here)| here.from.is_none()) {
        here.pick(images).into_iter().for_each(|image| all[image].selects.push(rule));
    }
    for wanted in wanted {
        if let Found::There(place) = wanted.found {
            add(&mut all[place].selects, &wanted.rules);
        }
        wanted.others.iter().for_each(|&place| add(&mut all[place].spares, &wanted.rules));
    }
    all
}

/// Each rule once, in the file's order.
pub(crate) fn add(places: &mut Vec<usize>, rules: &[usize]) {
    places.extend(rules);
    places.sort_unstable();
    places.dedup();
}
