//! Copies: which are to be made or awaited, and why others are not.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use imgshare_protocol::{
    AccountId, CloudName, Copying, Description, Image, ImageId, ImageState, OperationKind, ProviderName,
    RuleName, Timestamp,
};

use super::acceptances::Logins;
use super::findings::{Draft, Findings, Site, image_name};
use super::image::why_blocked;
use super::limits;
use super::whole::Unready;
use crate::batch::Batching;
use crate::copy::{CopySnapshots, CopyState, PlannedCopy};
use crate::plan::{AccountLabel, Blocked, BlockedKind, PlannedChange};
use crate::rules::RuleHere;
use crate::selector::ineligible;
use crate::together::{Names, Together};
use crate::view::{By, View};
use crate::wanted::{Doubt, Found, Wanted};

/// The copies that shall be in one region.
pub(super) struct Copies<'v, 'a, 'r> {
    pub(super) site: Site<'v>,
    pub(super) view: &'v View<'a, 'r>,
    pub(super) names: &'v Names,
    pub(super) logins: &'v Logins<'v>,
    pub(super) copying: &'v Copying,
    /// How accounts go into calls about snapshots.
    pub(super) snapshot_batching: Batching,
    /// The provider can copy.
    pub(super) can: bool,
    pub(super) now: Timestamp,
}

/// Whether this provider can copy. One that cannot be asked is not doubted: the cloud's answer will tell.
pub(super) fn can_copy(provider: &ProviderName, descriptions: &BTreeMap<ProviderName, Description>) -> bool {
    descriptions.get(provider).is_none_or(|about| about.can(OperationKind::CopyImage))
}

impl Copies<'_, '_, '_> {
    /// Plans the copies that are missing or on their way, and says why others are not made.
    pub(super) fn plan(&self, findings: &mut Findings) {
        let mut planned = Vec::new();
        let mut images = self.view.images.len();
        for wanted in self.view.wanted.iter().filter(|wanted| self.view.in_scope(wanted)) {
            match wanted.found {
                Found::There(_) => {}
                Found::Making(_) => planned.push(wanted),
                Found::Failed(place) => findings.blocked.push(self.failed(wanted, self.view.images[place])),
                Found::Ambiguous(doubt) => findings.blocked.push(self.ambiguous(wanted, doubt)),
                Found::Missing if self.can_make(wanted, findings) => {
                    images += 1;
                    let blocked = self.no_room(wanted, images);
                    planned.extend(blocked.is_none().then_some(wanted));
                    findings.blocked.extend(blocked);
                }
                Found::Missing => {}
            }
        }
        self.share(&planned, findings);
    }

    /// Whether the source and the provider let themselves be copied. Why not is said once for all regions.
    fn can_make(&self, wanted: &Wanted<'_>, findings: &mut Findings) -> bool {
        let rules = wanted.rules.iter().map(|&rule| &self.view.rules[rule]).filter(|here| here.in_scope);
        let cloud = &self.site.cloud.name;
        if !self.can {
            findings.uncopyable.extend(rules.map(|here| (here.number, cloud.clone())));
            return false;
        }
        let Some(why) = ineligible(wanted.source) else { return true };
        let key = (cloud.clone(), wanted.source_region.clone(), image_name(wanted.source));
        let unready = || Unready { why: why_blocked(wanted.source, why), rules: Default::default() };
        let numbers = rules.map(|here| here.number);
        findings.unready.entry(key).or_insert_with(unready).rules.extend(numbers);
        false
    }

    /// Plans these copies with what all rules of the region will give to them once they are there.
    fn share(&self, planned: &[&Wanted<'_>], findings: &mut Findings) {
        if planned.is_empty() {
            return;
        }
        let mut unions: HashMap<By, (Option<Together>, Option<CopySnapshots>)> = HashMap::new();
        for (wanted, by) in planned.iter().zip(self.by(planned, findings)) {
            let union = unions.entry(by);
            let union = union.or_insert_with_key(|by| {
                (Together::new(&self.view.rules, by, self.names), self.snapshots(by))
            });
            if let (Some(together), snapshots) = union {
                findings.told.extend(together.rules.iter().cloned());
                let copy = self.planned(wanted, together, findings);
                findings.copies.push(PlannedCopy { snapshots: snapshots.clone(), ..copy });
            }
        }
    }

    /// What these rules will give of the snapshots of a copy.
    fn snapshots(&self, by: &By) -> Option<CopySnapshots> {
        let together = Together::of_snapshots(&self.view.rules, by, self.names)?;
        let snapshots = CopySnapshots { add: together.wanted, batching: self.snapshot_batching };
        (!snapshots.add.is_empty()).then_some(snapshots)
    }

    /// The rules that will be about these copies: those that want them, and those that will select them. What cannot be
    /// known before the copies are there is said, and left to the next run.
    fn by(&self, planned: &[&Wanted<'_>], findings: &mut Findings) -> Vec<By> {
        let made: Vec<Image> = planned.iter().map(|wanted| self.made(wanted)).collect();
        let made_of: HashSet<&ImageId> = made.iter().map(|image| &image.id).collect();
        let there = self.view.images.iter().copied().filter(|image| !made_of.contains(&image.id));
        let there: Vec<&Image> = there.collect();
        let by = |wanted: &&Wanted<'_>| By { selects: wanted.rules.clone(), spares: Vec::new() };
        let mut all: Vec<By> = planned.iter().map(by).collect();
        for (rule, here) in self.view.rules.iter().enumerate().filter(|(_, here)| here.from.is_none()) {
            let (sure, decided) = surely_selected(here, &there, &made);
            sure.into_iter().for_each(|place| all[place].selects.push(rule));
            findings.blocked.extend((!decided && here.in_scope).then(|| self.undecided(here)));
        }
        all.iter_mut().for_each(|by| by.selects.sort_unstable());
        all
    }

    /// The copy as it will be listed.
    fn made(&self, wanted: &Wanted<'_>) -> Image {
        let state = ImageState::Available;
        match wanted.found {
            Found::Making(place) => Image { state, ..self.view.images[place].clone() },
            _ => {
                let (name, created) = (wanted.name.to_owned(), Some(self.now));
                Image { name, created, state, ..Image::default() }
            }
        }
    }

    fn planned(&self, wanted: &Wanted<'_>, together: &Together, findings: &mut Findings) -> PlannedCopy {
        let change = self.shared(wanted, together, findings);
        let begun = match wanted.found {
            Found::Making(place) => Some(self.view.images[place].id.clone()),
            _ => None,
        };
        PlannedCopy {
            rules: change.rules,
            cloud: change.cloud,
            provider: change.provider,
            source_region: wanted.source_region.clone(),
            source: image_name(wanted.source),
            region: change.region,
            name: wanted.name.to_owned(),
            begun,
            recognised_by: self.copying.recognised_by,
            accept_with: self.accept_with(&change.add),
            add: change.add,
            batching: change.batching,
            snapshots: None,
            state: CopyState::Planned,
        }
    }

    /// Who accepts what is shared with these.
    fn accept_with(&self, accounts: &[Arc<AccountLabel>]) -> BTreeMap<AccountId, CloudName> {
        let accepting = self.logins.accepting(accounts);
        accepting.map(|(account, with)| (account.id.clone(), with.clone())).collect()
    }

    /// The accounts that find room on the copy; the rest is blocked.
    fn shared(&self, wanted: &Wanted<'_>, together: &Together, findings: &mut Findings) -> PlannedChange {
        let change = self.site.change(together.rules.clone(), image_name(wanted.source));
        let draft = Draft {
            change: PlannedChange { add: together.wanted.clone(), ..change },
            have: 0,
            limit: self.site.cloud.limits.accounts_per_image,
            place: together.place.clone(),
        };
        limits::fit_one(draft, &mut findings.blocked)
    }

    fn failed(&self, wanted: &Wanted<'_>, copy: &Image) -> Blocked {
        let state = match copy.cloud_state.as_str() {
            "" => String::new(),
            state => format!(" ({state})"),
        };
        let reason = format!("making its copy {} failed{state}", copy.id);
        let hint = format!("delete {} in {}, then run again", copy.id, self.site.region);
        self.blocked(wanted, BlockedKind::CopyFailed, reason, hint)
    }

    fn ambiguous(&self, wanted: &Wanted<'_>, doubt: Doubt) -> Blocked {
        let (from, to, name) = (wanted.source_region, self.site.region, wanted.name);
        let (reason, hint) = match doubt {
            Doubt::Unnamed => {
                ("it has no name, and its copy could only be recognised by it".to_owned(), "name it")
            }
            Doubt::WantedTwice => (
                format!("images of several regions would have copies named {name}"),
                "let one rule only select them, or rename one",
            ),
            Doubt::OtherSource => (
                format!("several images in {from} would have copies named {name}"),
                "rename or delete those that are not meant",
            ),
            Doubt::SeveralHere => (
                format!("several images in {to} are named {name}, and only the name tells its copy"),
                "rename or delete those that are not its copy",
            ),
            Doubt::SameId => (
                "images of several regions with this id are to be copied".to_owned(),
                "let one rule only select them",
            ),
        };
        self.blocked(wanted, BlockedKind::CopyAmbiguous, reason, hint.to_owned())
    }

    /// Blocks a copy with which the region would have more images than it can.
    fn no_room(&self, wanted: &Wanted<'_>, images: usize) -> Option<Blocked> {
        let limit = self.site.cloud.limits.images_per_region.filter(|limit| images > *limit as usize)?;
        let cloud = &self.site.cloud.name;
        let reason = format!("the region would have {images} images with its copy, the cloud allows {limit}");
        let hint = format!(
            "delete images there, or raise the limit at the cloud and in [clouds.{cloud}.limits] images_per_region"
        );
        Some(self.blocked(wanted, BlockedKind::ImagesPerRegion, reason, hint))
    }

    /// A rule of which nobody knows yet which copies it is about.
    fn undecided(&self, here: &RuleHere<'_, '_>) -> Blocked {
        Blocked {
            rules: vec![here.rule.name.clone()],
            cloud: self.site.cloud.name.clone(),
            provider: self.site.cloud.provider.clone(),
            region: Some(self.site.region.clone()),
            image: None,
            snapshot: None,
            accounts: here.target.accounts.iter().map(|account| self.names.label(account)).collect(),
            kind: BlockedKind::CopyUndecided,
            reason: "which copies will be the newest shows only when they are made".to_owned(),
            hint: Some("run again when the copies are there".to_owned()),
            place: Some(here.rule.place.clone()),
        }
    }

    /// A blocked item about a copy into this region: it names the image that is not copied.
    fn blocked(&self, wanted: &Wanted<'_>, kind: BlockedKind, reason: String, hint: String) -> Blocked {
        let rules = wanted.rules.iter().map(|&rule| &self.view.rules[rule]);
        let rules: Vec<_> = rules.filter(|here| here.in_scope).collect();
        Blocked {
            rules: rules.iter().map(|here| here.rule.name.clone()).collect::<Vec<RuleName>>(),
            cloud: self.site.cloud.name.clone(),
            provider: self.site.cloud.provider.clone(),
            region: Some(self.site.region.clone()),
            image: Some(image_name(wanted.source)),
            snapshot: None,
            accounts: self.accounts(wanted),
            kind,
            reason,
            hint: Some(hint),
            place: rules.first().map(|here| here.rule.place.clone()),
        }
    }

    fn accounts(&self, wanted: &Wanted<'_>) -> Vec<Arc<AccountLabel>> {
        let by = By { selects: wanted.rules.clone(), spares: Vec::new() };
        Together::new(&self.view.rules, &by, self.names).map(|together| together.wanted).unwrap_or_default()
    }
}

/// The places in `made` of the copies that a rule will select whatever comes, and whether these are all. Which of
/// several that are not begun will be the newest, nobody knows: where that decides, none of them counts until they are
/// there.
fn surely_selected(here: &RuleHere<'_, '_>, there: &[&Image], made: &[Image]) -> (Vec<usize>, bool) {
    let forth: Vec<usize> = (0..made.len()).collect();
    let back: Vec<usize> = forth.iter().rev().copied().collect();
    let (one, other) = (selected(here, there, made, &forth), selected(here, there, made, &back));
    let decided = one == other;
    let is_begun = |place: usize| !made[place].id.as_str().is_empty();
    let sure = one.intersection(&other).copied();
    (sure.filter(|&place| decided || is_begun(place)).collect(), decided)
}

/// The same, when those that are made at one time are ranked in this order.
fn selected(here: &RuleHere<'_, '_>, there: &[&Image], made: &[Image], order: &[usize]) -> BTreeSet<usize> {
    let made = order.iter().map(|&place| &made[place]);
    let images: Vec<&Image> = there.iter().copied().chain(made).collect();
    let picked = here.pick(&images).into_iter();
    picked.filter_map(|place| place.checked_sub(there.len())).map(|place| order[place]).collect()
}
