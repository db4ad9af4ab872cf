//! A world in a few lines of text: what is desired and what is there.
//!
//! ```text
//! cloud NAME PROVIDER REGION,REGION [per-change=N] [per-image=N] [per-region=N] [together] [rate=ACTION:N]
//! provider NAME copies=source|tag|name|no [length=N] [why=WHY] [quota=OPERATION:ACTION:N:SCOPE]
//!               [snapshots-per-change=N] [snapshots-together]
//! unsupported PROVIDER REASON...
//! account ID NAME
//! receiver CLOUD ID [accept=CLOUD] [verify=CLOUD]   the cloud is the one whose images it receives
//! fence N                                     [fence] max_removals
//! bound N                                     --max-removals
//! only [rule=R] [cloud=C] [region=R]
//! rule NAME at=CLOUD:REGION,REGION [from=REGION] [exact] [snapshots] [SELECTION...] with=ID,ID
//! calls CLOUD REGION list=N read=N             what the survey took
//! region CLOUD REGION [failed=WHY]            needed only for regions that are empty or failed
//! image CLOUD REGION ID NAME [WORD...]        has=ID,ID  grant=G  failed=WHY  unread  unshared
//!                                             state=STATE:WORD  unshareable=WHY  t=SECONDS  tag=K:V  family=F  of=ID
//!                                             pending=ID,ID  accepted=ID,ID  rejected=ID,ID   how far who has it is
//!                                             snaps=ID,ID  prepare=WHAT  needs=WHAT
//! snapshot CLOUD REGION ID [has=ID,ID] [grant=G] [failed=WHY]
//! ```
//!
//! The time is 1000 seconds. Values have no spaces.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_plan::{Actual, ActualImage, Bounds, Plan, SharesRead, Survey, diff};
use imgshare_protocol::{
    Acceptance, AccountId, Cloud, CloudName, Description, Desired, Error, ErrorKind, Image, ImageId,
    ImageState, Limits, Mode, OperationKind, Place, ProviderName, Quota, Recognition, Region, Rule,
    Selection, Shares, SnapshotId, Target, Timestamp,
};

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1000);

#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) desired: Desired,
    pub(crate) descriptions: BTreeMap<ProviderName, Description>,
    pub(crate) actual: Actual,
    pub(crate) bounds: Bounds,
    names: Vec<(AccountId, String)>,
}

impl World {
    pub(crate) fn parse(text: &str) -> Self {
        let mut world = Self::default();
        for (number, line) in text.lines().enumerate() {
            world.line(number + 1, &line.split_whitespace().collect::<Vec<_>>());
        }
        let clouds: Vec<CloudName> = world.desired.clouds.keys().cloned().collect();
        for (account, name) in std::mem::take(&mut world.names) {
            let keys = clouds.iter().map(|cloud| (cloud.clone(), account.clone()));
            world.desired.account_names.extend(keys.map(|key| (key, name.as_str().into())));
        }
        world
    }

    pub(crate) fn plan(&self) -> Plan {
        diff(&self.desired, &self.descriptions, &self.actual, NOW, &self.bounds)
    }

    /// What the run compares.
    pub(crate) fn survey(&self) -> Survey<'_> {
        let Self { desired, descriptions, bounds, .. } = self;
        Survey { desired, descriptions, scope: &bounds.scope, now: NOW }
    }

    /// The regions of a cloud that could be listed.
    pub(crate) fn listings(&self, cloud: &str) -> BTreeMap<Region, Vec<Image>> {
        let regions =
            self.actual.regions.iter().filter(|((of, _), read)| of.as_str() == cloud && read.is_ok());
        regions.map(|((_, region), _)| (region.clone(), self.images(cloud, region.as_str()))).collect()
    }

    /// The images of a region whose shares have to be read.
    pub(crate) fn needs_shares(&self, cloud: &str, region: &str) -> BTreeSet<ImageId> {
        let listings = self.listings(cloud);
        let listings = listings.iter().map(|(region, images)| (region.clone(), images.as_slice())).collect();
        self.survey().needs_shares(&cloud.into(), &region.into(), &listings)
    }

    /// The snapshots of a region whose shares have to be read.
    pub(crate) fn needs_snapshots(&self, cloud: &str, region: &str) -> BTreeSet<SnapshotId> {
        let listings = self.listings(cloud);
        let listings = listings.iter().map(|(region, images)| (region.clone(), images.as_slice())).collect();
        self.survey().needs_snapshots(&cloud.into(), &region.into(), &listings)
    }

    /// The images of a region, as a listing shows them.
    pub(crate) fn images(&self, cloud: &str, region: &str) -> Vec<Image> {
        let images = self.actual.regions[&(cloud.into(), region.into())].as_ref().expect("a readable region");
        images.iter().map(|actual| actual.image.clone()).collect()
    }

    fn line(&mut self, number: usize, words: &[&str]) {
        match words {
            [] => {}
            ["cloud", name, provider, regions, words @ ..] => self.cloud(name, provider, regions, words),
            ["unsupported", provider, why @ ..] => {
                let sharing_unsupported = Some(why.join(" "));
                let description = Description { sharing_unsupported, ..Description::default() };
                self.descriptions.insert((*provider).into(), description);
            }
            ["provider", name, words @ ..] => {
                self.descriptions.insert((*name).into(), provider(words));
            }
            ["receiver", cloud, account, words @ ..] => self.receiver(cloud, account, words),
            ["snapshot", cloud, region, id, words @ ..] => {
                let key = (cloud.to_owned().into(), region.to_owned().into());
                let known = self.actual.snapshots.entry(key).or_default();
                known.insert((*id).into(), image(id, "", words).shares);
            }
            ["account", id, name] => self.names.push(((*id).into(), (*name).to_owned())),
            ["fence", bound] => self.desired.fence.max_removals = Some(number_of(bound)),
            ["bound", bound] => self.bounds.max_removals = Some(number_of(bound)),
            ["only", words @ ..] => words.iter().for_each(|word| self.only(word)),
            ["rule", name, words @ ..] => self.desired.rules.push(rule(number, name, words)),
            ["calls", cloud, region, words @ ..] => {
                let calls = words.iter().map(|word| match word.split_once('=').expect("KIND=N") {
                    ("list", count) => (OperationKind::ListImages, number_of(count)),
                    ("read", count) => (OperationKind::ReadShares, number_of(count)),
                    _ => panic!("no kind of call: {word}"),
                });
                let key = |kind| ((*cloud).into(), (*region).into(), kind);
                self.actual.calls.extend(calls.map(|(kind, count)| (key(kind), u64::from(count))));
            }
            ["region", cloud, region] => {
                self.actual
                    .regions
                    .entry((cloud.to_owned().into(), region.to_owned().into()))
                    .or_insert(Ok(vec![]));
            }
            ["region", cloud, region, failed] => {
                let error = failure(value(failed, "failed"));
                self.actual.regions.insert(((*cloud).into(), (*region).into()), Err(error));
            }
            ["image", cloud, region, id, name, words @ ..] => {
                let key = ((*cloud).into(), (*region).into());
                let images = self.actual.regions.entry(key).or_insert(Ok(vec![])).as_mut();
                images.expect("a region that did not fail").push(image(id, name, words));
            }
            _ => panic!("line {number} is none: {words:?}"),
        }
    }

    fn cloud(&mut self, name: &str, provider: &str, regions: &str, words: &[&str]) {
        let mut limits = Limits::default();
        for word in words {
            match word.split_once('=').unwrap_or((word, "")) {
                ("per-change", count) => limits.accounts_per_change = Some(number_of(count)),
                ("per-image", count) => limits.accounts_per_image = Some(number_of(count)),
                ("per-region", count) => limits.images_per_region = Some(number_of(count)),
                ("rate", text) => limits.calls_per_second.extend([rate(text)]),
                ("together", _) => limits.add_and_remove_together = true,
                _ => panic!("no word of a cloud: {word}"),
            }
        }
        let cloud = Cloud {
            name: name.into(),
            provider: provider.into(),
            regions: regions.split(',').map(Region::from).collect(),
            endpoint: None,
            allow_plain_http: false,
            credentials: BTreeMap::new(),
            limits,
            settings: serde_json::Value::Null,
            place: Place::default(),
        };
        self.desired.clouds.insert(name.into(), cloud);
    }

    fn receiver(&mut self, cloud: &str, account: &str, words: &[&str]) {
        let receiver = self.desired.receivers.entry((cloud.into(), account.into())).or_default();
        for word in words {
            match word.split_once('=').expect("PURPOSE=CLOUD") {
                ("accept", with) => receiver.accept_with = Some(with.into()),
                ("verify", with) => receiver.verify_with = Some(with.into()),
                _ => panic!("no word of a receiver: {word}"),
            }
        }
    }

    fn only(&mut self, word: &str) {
        let scope = &mut self.bounds.scope;
        let _new = match word.split_once('=').expect("KIND=NAME") {
            ("rule", name) => scope.rules.insert(name.into()),
            ("cloud", name) => scope.clouds.insert(name.into()),
            ("region", name) => scope.regions.insert(name.into()),
            _ => panic!("no part of a scope: {word}"),
        };
    }
}

fn provider(words: &[&str]) -> Description {
    let mut about = Description { operations: vec![OperationKind::CopyImage], ..Description::default() };
    for word in words {
        match word.split_once('=').unwrap_or((word, "")) {
            ("copies", "source") => about.copying.recognised_by = Recognition::SourceId,
            ("copies", "tag") => about.copying.recognised_by = Recognition::Tag,
            ("copies", "name") => about.copying.recognised_by = Recognition::Name,
            ("copies", "no") => about.operations.clear(),
            ("length", count) => about.copying.name_length_max = Some(number_of(count)),
            ("quota", text) => about.quotas.push(quota(text)),
            ("snapshots-per-change", count) => about.snapshots.accounts_per_change = Some(number_of(count)),
            ("snapshots-together", _) => about.snapshots.add_and_remove_together = true,
            ("why", why) => about.copying.unsupported = Some(why.to_owned()),
            _ => panic!("no word of a provider: {word}"),
        }
    }
    about
}

fn quota(text: &str) -> Quota {
    let [operation, action, rate, per] = text.split(':').collect::<Vec<_>>()[..] else {
        panic!("OPERATION:ACTION:N:SCOPE");
    };
    let word = |word: &str| serde_json::Value::from(word);
    Quota {
        operation: serde_json::from_value(word(operation)).expect("every word is an operation"),
        action: action.to_owned(),
        calls_per_second: rate.parse().expect("a number"),
        per: serde_json::from_value(word(per)).expect("every word is a scope"),
    }
}

fn rate(text: &str) -> (String, f64) {
    let (action, rate) = pair(text);
    (action, rate.parse().expect("a number"))
}

fn rule(line: usize, name: &str, words: &[&str]) -> Rule {
    let place = Place { file: "world".to_owned(), line, column: 1 };
    let mut rule = Rule {
        name: name.into(),
        targets: vec![],
        images: Selection::default(),
        copy_from: None,
        with_snapshots: false,
        mode: Mode::Add,
        place,
    };
    let mut accounts = BTreeSet::new();
    for word in words {
        match word.split_once('=').unwrap_or((word, "")) {
            ("at", site) => rule.targets.push(target(site)),
            ("with", ids) => accounts.extend(list(ids)),
            ("from", region) => rule.copy_from = Some(region.into()),
            ("snapshots", _) => rule.with_snapshots = true,
            ("exact", _) => rule.mode = Mode::Exact,
            (key, text) => select(&mut rule.images, key, text),
        }
    }
    for target in &mut rule.targets {
        target.accounts.clone_from(&accounts);
    }
    rule
}

fn target(site: &str) -> Target {
    let (cloud, regions) = site.split_once(':').expect("CLOUD:REGION,REGION");
    let regions = regions.split(',').map(Region::from).collect();
    Target { cloud: cloud.into(), regions, accounts: BTreeSet::new() }
}

fn select(selection: &mut Selection, key: &str, text: &str) {
    match key {
        "ids" => selection.ids = Some(text.split(',').map(Into::into).collect()),
        "name" => selection.name = Some(text.to_owned()),
        "regex" => selection.name_regex = Some(text.to_owned()),
        "tag" => selection.tags.extend([pair(text)]),
        "family" => selection.family = Some(text.to_owned()),
        "newer" => selection.newer_than_seconds = Some(text.parse().expect("seconds")),
        "newest" => selection.newest = Some(number_of(text)),
        "all" => selection.all = true,
        _ => panic!("no word of a rule: {key}"),
    }
}

fn image(id: &str, name: &str, words: &[&str]) -> ActualImage {
    let mut image =
        Image { id: id.into(), name: name.to_owned(), state: ImageState::Available, ..Image::default() };
    let (mut shares, mut read) = (Shares::none(), None);
    for word in words {
        match word.split_once('=').unwrap_or((word, "")) {
            ("has", ids) => shares.accounts.extend(list(ids)),
            ("pending", ids) => received(&mut shares, ids, Acceptance::Pending),
            ("accepted", ids) => received(&mut shares, ids, Acceptance::Accepted),
            ("rejected", ids) => received(&mut shares, ids, Acceptance::Rejected),
            ("snaps", ids) => image.snapshots.extend(ids.split(',').map(Into::into)),
            ("prepare", what) => image.prepare = Some(what.to_owned()),
            ("needs", what) => image.receivers_need = Some(what.to_owned()),
            ("grant", text) => shares.other_grants.push(text.to_owned()),
            ("failed", why) => read = Some(SharesRead::Failed(failure(why))),
            ("unread", _) => read = Some(SharesRead::NotRead),
            ("unshared", _) => (image.shared, read) = (Some(false), Some(SharesRead::NotRead)),
            ("state", text) => (image.state, image.cloud_state) = state(text),
            ("unshareable", why) => image.unshareable = Some(why.to_owned()),
            ("t", seconds) => {
                image.created = Some(Timestamp::from_seconds(seconds.parse().expect("seconds")));
            }
            ("tag", text) => image.tags.extend([pair(text)]),
            ("of", id) => image.copied_from = Some(id.into()),
            ("family", text) => image.family = Some(text.to_owned()),
            _ => panic!("no word of an image: {word}"),
        }
    }
    ActualImage { image, shares: read.unwrap_or(shares.into()) }
}

/// These accounts have it and are so far.
fn received(shares: &mut Shares, ids: &str, acceptance: Acceptance) {
    shares.accounts.extend(list(ids));
    shares.acceptance.extend(list(ids).map(|account| (account, acceptance)));
}

fn state(text: &str) -> (ImageState, String) {
    let (state, word) = text.split_once(':').unwrap_or((text, ""));
    let state = serde_json::from_value(state.into()).expect("every word is a state");
    (state, word.to_owned())
}

fn pair(text: &str) -> (String, String) {
    let (key, value) = text.split_once(':').expect("KEY:VALUE");
    (key.to_owned(), value.to_owned())
}

fn list(ids: &str) -> impl Iterator<Item = AccountId> {
    ids.split(',').filter(|id| !id.is_empty()).map(AccountId::from)
}

fn failure(why: &str) -> Error {
    Error::new(ErrorKind::Unavailable, why)
}

fn value<'a>(word: &'a str, key: &str) -> &'a str {
    let (found, value) = word.split_once('=').expect("KEY=VALUE");
    assert_eq!(found, key);
    value
}

fn number_of(text: &str) -> u32 {
    text.parse().expect("a number")
}
