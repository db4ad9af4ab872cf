//! Seeded images: one by one, or as a series.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::cloud::Cloud;
use crate::digest;
use crate::ids::{AccountId, ImageId, RegionId};
use crate::world::{Image, Obstacle, Shares};

/// When an image was made that says nothing about it: a fixed day, so that runs are alike.
const CREATED_DEFAULT: &str = "2026-10-01T00:00:00Z";

/// The images of one owner in one region.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RegionScenario {
    /// Images one by one.
    pub images: Vec<ImageScenario>,
    /// Rows of images that differ in number, time and state.
    pub series: Vec<ImageSeries>,
}

/// One image.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ImageScenario {
    /// The id in the cloud's form; left out: one is made from the seed.
    pub id: Option<ImageId>,
    /// The name.
    pub name: String,
    /// The state as the cloud spells it; left out: the one that can be shared.
    pub state: Option<String>,
    /// When it was made, RFC 3339; left out: 2026-10-01.
    pub created: Option<String>,
    /// The tags.
    pub tags: BTreeMap<String, String>,
    /// The image family.
    pub family: Option<String>,
    /// The operating system as the cloud's `platform` names it; left out: `Ubuntu`.
    pub platform: Option<String>,
    /// An image of the cloud itself, that everybody sees and nobody can share.
    pub public: bool,
    /// Why it cannot be shared although its state looks fine.
    pub obstacle: Option<Obstacle>,
    /// Who has it already.
    pub shares: Vec<AccountId>,
    /// Groups of accounts that have it already, in clouds that have such groups.
    pub share_groups: Vec<String>,
    /// The part of the region that it is in, in clouds that tell them apart; left out: the region's first.
    pub zone: Option<String>,
}

/// A row of images.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageSeries {
    /// How many.
    pub count: u32,
    /// The name; `{n}` becomes the number from 1, four digits wide, `{date}` the day it was made, as `20261001`.
    pub name: String,
    /// When the first was made, RFC 3339; left out: 2026-10-01.
    #[serde(default)]
    pub first_created: Option<String>,
    /// Hours from one to the next; left out: 24.
    #[serde(default = "hours_apart_default")]
    pub hours_apart: u32,
    /// States in turn, as the cloud spells them; left out: the one that can be shared.
    #[serde(default)]
    pub states: Vec<String>,
    /// The tags of each.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// The family of each.
    #[serde(default)]
    pub family: Option<String>,
    /// Who has each of them already.
    #[serde(default)]
    pub shares: Vec<AccountId>,
}

fn hours_apart_default() -> u32 {
    24
}

impl ImageSeries {
    /// So many images of a name pattern, a day apart.
    pub fn new(count: u32, name: &str) -> Self {
        Self {
            count,
            name: name.to_owned(),
            first_created: None,
            hours_apart: hours_apart_default(),
            states: Vec::new(),
            tags: BTreeMap::new(),
            family: None,
            shares: Vec::new(),
        }
    }

    /// The images one by one.
    fn members(&self) -> Result<Vec<ImageScenario>, String> {
        let first = instant(self.first_created.as_deref())?;
        (0..self.count).map(|index| self.member(first, index)).collect()
    }

    fn member(&self, first: Timestamp, index: u32) -> Result<ImageScenario, String> {
        let later = SignedDuration::from_hours(i64::from(self.hours_apart) * i64::from(index));
        let created = first.checked_add(later).map_err(|error| format!("series {}: {error}", self.name))?;
        let date = created.strftime("%Y%m%d").to_string();
        let number = format!("{:04}", index + 1);
        let state = self.states.get(index as usize % self.states.len().max(1));
        Ok(ImageScenario {
            name: self.name.replace("{n}", &number).replace("{date}", &date),
            created: Some(created.to_string()),
            state: state.cloned(),
            tags: self.tags.clone(),
            family: self.family.clone(),
            shares: self.shares.clone(),
            ..ImageScenario::default()
        })
    }
}

/// Makes an id of a digest.
type NewId<'a> = dyn Fn(&[u8; 32]) -> ImageId + 'a;

/// Makes images of scenario entries by the rules of one cloud.
pub(crate) struct ImageMaker<'a> {
    cloud: &'a dyn Cloud,
    new_id: Box<NewId<'a>>,
}

impl<'a> ImageMaker<'a> {
    pub(crate) fn new(cloud: &'a dyn Cloud) -> Self {
        Self { cloud, new_id: Box::new(|digest| cloud.image_id(digest)) }
    }

    /// The same with ids of another form, where a cloud has images of several kinds.
    pub(crate) fn with_ids(self, new_id: impl Fn(&[u8; 32]) -> ImageId + 'a) -> Self {
        Self { new_id: Box::new(new_id), ..self }
    }

    /// All images of an owner, by region.
    pub(crate) fn regions(
        &self,
        seed: u64,
        owner: &AccountId,
        regions: &BTreeMap<RegionId, RegionScenario>,
    ) -> Result<BTreeMap<RegionId, BTreeMap<ImageId, Image>>, String> {
        let made = regions
            .iter()
            .map(|(region, scenario)| Ok((region.clone(), self.region(seed, owner, region, scenario)?)));
        made.collect()
    }

    /// All images of a region. Ids come from seed, owner, region and position.
    fn region(
        &self,
        seed: u64,
        owner: &AccountId,
        region: &RegionId,
        scenario: &RegionScenario,
    ) -> Result<BTreeMap<ImageId, Image>, String> {
        let mut entries = scenario.images.clone();
        for series in &scenario.series {
            entries.extend(series.members()?);
        }
        let mut images = BTreeMap::new();
        for (position, entry) in entries.iter().enumerate() {
            let position = (position as u64).to_be_bytes();
            let parts = [owner.as_str().as_bytes(), region.as_str().as_bytes(), &position];
            let image = self.image(entry, &digest::seeded(seed, &parts))?;
            if let Some(twin) = images.insert(image.id.clone(), image) {
                return Err(format!("two images in {region} have the id {}", twin.id));
            }
        }
        Ok(images)
    }

    /// One image; the digest is for its id, should it have none.
    pub(crate) fn image(&self, entry: &ImageScenario, digest: &[u8; 32]) -> Result<Image, String> {
        let id = entry.id.clone().unwrap_or_else(|| (self.new_id)(digest));
        self.check_id(&id)?;
        let state = self.state(entry)?;
        let created = instant(entry.created.as_deref())?;
        let mut image = Image::new(id, entry.name.clone(), state, created);
        image.tags.clone_from(&entry.tags);
        image.family.clone_from(&entry.family);
        image.public = entry.public;
        image.obstacle = entry.obstacle;
        image.share_groups.clone_from(&entry.share_groups);
        image.zone.clone_from(&entry.zone);
        image.shares = Shares::new(entry.shares.iter().map(|account| (account.clone(), created)).collect());
        if let Some(platform) = &entry.platform {
            image.platform.clone_from(platform);
        }
        Ok(image)
    }

    fn check_id(&self, id: &ImageId) -> Result<(), String> {
        let malformed = || format!("the image id {id} is malformed: use {}", self.cloud.image_id_form());
        self.cloud.is_image_id(id).then_some(()).ok_or_else(malformed)
    }

    fn state<'e>(&self, entry: &'e ImageScenario) -> Result<&'e str, String> {
        let states = self.cloud.states();
        let state = entry.state.as_deref().unwrap_or(states[0]);
        let known = states.contains(&state);
        known.then_some(state).ok_or_else(|| {
            format!("image {} has the unknown state {state}: use one of {}", entry.name, states.join(", "))
        })
    }
}

fn instant(text: Option<&str>) -> Result<Timestamp, String> {
    let text = text.unwrap_or(CREATED_DEFAULT);
    text.parse().map_err(|error| format!("the time {text} is not RFC 3339: {error}"))
}
