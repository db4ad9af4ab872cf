//! What receivers are to be asked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use imgshare_protocol::{AccountId, Cloud, CloudName, Image, Region, RuleName};

use super::acceptances::Logins;
use super::findings::image_name;
use super::{images_of, whole};
use crate::actual::Actual;
use crate::plan::{AccountLabel, ImageName};
use crate::received::Question;
use crate::rules::Rules;
use crate::selector::ineligible;
use crate::survey::Survey;
use crate::together::{Names, Together};
use crate::view::{By, View};
use crate::wanted::Images;

/// What receivers are to be asked: all shares that rules of the scope want of images that can be shared, with accounts
/// for which the config names a login that can be asked; whether or not they are there. By owner's cloud, region and
/// account.
///
/// # Panics
///
/// When a pattern in a rule does not compile; the config's reader has refused those.
pub fn questions(survey: &Survey<'_>, actual: &Actual) -> Vec<Question> {
    let rules = Rules::new(survey.desired, survey.now);
    let clouds = survey.desired.clouds.values();
    let able = clouds.filter(|cloud| whole::unsupported(cloud, survey.descriptions).is_none());
    able.flat_map(|cloud| of_cloud(survey, &rules, cloud, actual)).collect()
}

fn of_cloud(survey: &Survey<'_>, rules: &Rules<'_>, cloud: &Cloud, actual: &Actual) -> Vec<Question> {
    let logins = Logins::new(survey.desired, &cloud.name);
    if !logins.verify_any() {
        return Vec::new();
    }
    let names = Names::new(survey.desired, &cloud.name);
    let images = images_of(&cloud.name, actual);
    let of_region =
        |region| Asking { survey, cloud, region, names: &names, logins: &logins }.all(rules, &images);
    images.keys().copied().flat_map(of_region).collect()
}

/// One region.
struct Asking<'a> {
    survey: &'a Survey<'a>,
    cloud: &'a Cloud,
    region: &'a Region,
    names: &'a Names,
    logins: &'a Logins<'a>,
}

/// What one account is asked about.
struct Asked<'l> {
    account: Arc<AccountLabel>,
    with: &'l CloudName,
    rules: BTreeSet<RuleName>,
    images: Vec<ImageName>,
}

impl Asking<'_> {
    fn all(&self, rules: &Rules<'_>, images: &Images<'_>) -> Vec<Question> {
        let view = View::new(self.survey, rules, self.cloud, self.region, images);
        let mut unions: HashMap<&By, Option<Together>> = HashMap::new();
        let mut asked = BTreeMap::new();
        for (image, by) in view.images.iter().zip(&view.by).filter(|(image, _)| ineligible(image).is_none()) {
            let union = unions.entry(by).or_insert_with(|| Together::new(&view.rules, by, self.names));
            union.iter().for_each(|together| self.ask(together, image, &mut asked));
        }
        asked.into_values().map(|asked| self.question(asked)).collect()
    }

    fn ask<'l>(&'l self, together: &Together, image: &Image, asked: &mut BTreeMap<AccountId, Asked<'l>>) {
        for (account, with) in self.logins.verifying(&together.wanted) {
            let asked = asked.entry(account.id.clone());
            let new = || Asked { account: account.clone(), with, rules: BTreeSet::new(), images: Vec::new() };
            let asked = asked.or_insert_with(new);
            asked.rules.extend(together.rules.iter().cloned());
            asked.images.push(image_name(image));
        }
    }

    fn question(&self, Asked { account, with, rules, images }: Asked<'_>) -> Question {
        let in_order = self.survey.desired.rules.iter().map(|rule| &rule.name);
        Question {
            rules: in_order.filter(|rule| rules.contains(*rule)).cloned().collect(),
            cloud: self.cloud.name.clone(),
            provider: self.cloud.provider.clone(),
            region: self.region.clone(),
            account,
            with: with.clone(),
            images,
        }
    }
}
