//! A plan image by image.

use std::collections::BTreeMap;

use imgshare_plan::{ChangeKey, ImageName, Plan, PlannedAcceptance, PlannedChange};
use imgshare_protocol::{CloudName, Region, RuleName};

/// All that is to be done about one image.
#[derive(Clone, Default)]
pub(crate) struct Part<'a> {
    /// To the image itself.
    pub(crate) change: Option<&'a PlannedChange>,
    /// To snapshots that it is made of.
    pub(crate) snapshots: Vec<&'a PlannedChange>,
    /// By the receivers' logins.
    pub(crate) acceptances: Vec<&'a PlannedAcceptance>,
}

/// The parts of a plan, by cloud, region, image name and id. Copies are none.
pub(crate) fn of(plan: &Plan) -> Vec<Part<'_>> {
    let mut parts: BTreeMap<(&CloudName, &Region, &str, &ImageName), Part<'_>> = BTreeMap::new();
    for change in plan.to_do() {
        let image = &change.image;
        let part = parts.entry((&change.cloud, &change.region, &image.name, image)).or_default();
        match change.snapshot {
            None => part.change = Some(change),
            Some(_) => part.snapshots.push(change),
        }
    }
    for share in plan.to_do_acceptances() {
        let image = &share.image;
        let part = parts.entry((&share.cloud, &share.region, &image.name, image)).or_default();
        part.acceptances.push(share);
    }
    parts.into_values().collect()
}

impl<'a> Part<'a> {
    pub(crate) fn cloud(&self) -> &'a CloudName {
        self.about().0
    }

    pub(crate) fn region(&self) -> &'a Region {
        self.about().1
    }

    pub(crate) fn image(&self) -> &'a ImageName {
        self.about().2
    }

    /// The rules that are about it, in the file's order.
    pub(crate) fn rules(&self) -> &'a [RuleName] {
        self.about().3
    }

    fn about(&self) -> (&'a CloudName, &'a Region, &'a ImageName, &'a [RuleName]) {
        let of_change = |change: &'a PlannedChange| {
            (&change.cloud, &change.region, &change.image, change.rules.as_slice())
        };
        let of_share = |share: &'a PlannedAcceptance| {
            (&share.cloud, &share.region, &share.image, share.rules.as_slice())
        };
        let of_image = self.change.map(of_change);
        let of_receivers = || self.acceptances.first().map(|share| of_share(share));
        let of_snapshots = || self.snapshots.first().map(|change| of_change(change));
        of_image.or_else(of_receivers).or_else(of_snapshots).expect("a part has something to do")
    }

    /// What names all of this in its plan. Acceptances go with the image, whether or not it is changed.
    pub(crate) fn keys(&self) -> impl Iterator<Item = ChangeKey> {
        let image = ChangeKey {
            cloud: self.cloud().clone(),
            region: self.region().clone(),
            image: self.image().id.clone(),
            snapshot: None,
        };
        std::iter::once(image).chain(self.snapshots.iter().map(|change| change.key()))
    }
}
