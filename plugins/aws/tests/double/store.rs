//! What the cloud keeps, and its actions.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_sdk::{AccountId, ImageId, ImageRef, Region, SnapshotId, SnapshotRef};
use imgshare_testkit::double::Seed;

use super::form::Form;
use super::xml::{Xml, item};

/// A code and a sentence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal(pub(crate) &'static str, pub(crate) &'static str);

const NOT_FOUND: Refusal = Refusal("InvalidAMIID.NotFound", "The image id does not exist");
const NO_SNAPSHOT: Refusal = Refusal("InvalidSnapshot.NotFound", "The snapshot does not exist.");
const NOT_YOURS: Refusal = Refusal("AuthFailure", "Not authorized for image:ami");
const BAD_ITEM: Refusal =
    Refusal("InvalidAMIAttributeItemValue", "Invalid attribute item value for userId item type.");
const TOO_MANY: Refusal = Refusal("InvalidParameterValue", "These are more accounts than one call takes.");
const COMBINATION: Refusal = Refusal("InvalidParameterCombination", "These parameters exclude each other.");
const BAD_TOKEN: Refusal = Refusal("InvalidParameterValue", "The token is none.");

/// What is known of an image.
pub(crate) struct Kept {
    name: String,
    pub(crate) accounts: BTreeSet<AccountId>,
    pub(crate) snapshot: SnapshotId,
    source: Option<ImageRef>,
    tags: Vec<(String, String)>,
}

/// What the cloud keeps.
pub(crate) struct Store {
    owner: AccountId,
    bad_account: AccountId,
    regions: BTreeMap<Region, BTreeMap<ImageId, Kept>>,
    pub(crate) snapshots: BTreeMap<SnapshotRef, BTreeSet<AccountId>>,
    pub(crate) calls: BTreeMap<String, u64>,
    /// The copies so far, by their tokens.
    copies: BTreeMap<String, ImageId>,
}

impl Store {
    pub(crate) fn of(seed: &Seed) -> Self {
        let mut store = Self {
            owner: seed.owner.clone(),
            bad_account: seed.bad_account.clone(),
            regions: BTreeMap::new(),
            snapshots: BTreeMap::new(),
            calls: BTreeMap::new(),
            copies: BTreeMap::new(),
        };
        for (region, count) in &seed.regions {
            store.regions.entry(region.clone()).or_default();
            for n in 1..=*count {
                store.put(region, &format!("{n:017x}"), &format!("conformance {n}"), None, Vec::new());
            }
        }
        store
    }

    fn put(
        &mut self,
        region: &Region,
        number: &str,
        name: &str,
        source: Option<ImageRef>,
        tags: Vec<(String, String)>,
    ) -> ImageId {
        let (id, snapshot): (ImageId, SnapshotId) =
            (format!("ami-{number}").into(), format!("snap-{number}").into());
        let kept = Kept {
            name: name.to_owned(),
            accounts: BTreeSet::new(),
            snapshot: snapshot.clone(),
            source,
            tags,
        };
        self.regions.entry(region.clone()).or_default().insert(id.clone(), kept);
        self.snapshots.insert(SnapshotRef { region: region.clone(), id: snapshot }, BTreeSet::new());
        id
    }

    pub(crate) fn images(&self, region: &Region) -> BTreeSet<ImageId> {
        self.regions.get(region).into_iter().flat_map(BTreeMap::keys).cloned().collect()
    }

    pub(crate) fn image(&self, image: &ImageRef) -> Option<&Kept> {
        self.regions.get(&image.region)?.get(&image.id)
    }

    pub(crate) fn image_mut(&mut self, image: &ImageRef) -> Option<&mut Kept> {
        self.regions.get_mut(&image.region)?.get_mut(&image.id)
    }

    pub(crate) fn answer(&mut self, account: &AccountId, region: &str, form: &Form) -> Result<Xml, Refusal> {
        let (action, region) = (form.text("Action"), region.into());
        *self.calls.entry(action.to_owned()).or_default() += 1;
        let is_owner = *account == self.owner;
        match action {
            "GetCallerIdentity" => {
                let result = Xml::new("GetCallerIdentityResult").with("Account", account.as_str());
                Ok(Xml::new("GetCallerIdentityResponse").holding(&result))
            }
            "DescribeImages" => self.describe_images(account, &region, form),
            _ if !is_owner => Err(NOT_YOURS),
            "DescribeImageAttribute" => self.describe_image_attribute(&region, form),
            "ModifyImageAttribute" => self.modify_image_attribute(&region, form),
            "DescribeSnapshotAttribute" => self.describe_snapshot_attribute(&region, form),
            "ModifySnapshotAttribute" => self.modify_snapshot_attribute(&region, form),
            "CopyImage" => self.copy_image(&region, form),
            _ => Err(Refusal("InvalidAction", "The action is not valid for this web service.")),
        }
    }

    fn describe_images(&self, account: &AccountId, region: &Region, form: &Form) -> Result<Xml, Refusal> {
        let page = form.get("MaxResults").map(|size| size.parse::<usize>().unwrap_or(0));
        let asked = form.list("ImageId");
        if page.is_some() && !asked.is_empty() {
            return Err(COMBINATION);
        }
        let is_owner = *account == self.owner;
        let filters = form.filters();
        let all = self.regions.get(region).into_iter().flatten();
        let seen: Vec<_> = all
            .filter(|(_, image)| match (form.get("Owner.1"), form.get("ExecutableBy.1")) {
                (_, Some("self")) => image.accounts.contains(account),
                (Some("self"), _) => is_owner,
                _ => is_owner || image.accounts.contains(account),
            })
            .filter(|(id, _)| asked.is_empty() || asked.contains(&id.as_str()))
            .filter(|(id, image)| filters.iter().all(|(name, values)| image.fits(id, name, values)))
            .collect();
        let from: usize = form.get("NextToken").map_or(Ok(0), |token| number(token).ok_or(BAD_TOKEN))?;
        let to = seen.len().min(page.map_or(usize::MAX, |size| from + size));
        let shown = seen.get(from..to).ok_or(BAD_TOKEN)?;
        let answer = Xml::answer("DescribeImages")
            .listing("imagesSet", shown.iter().map(|(id, image)| image.record(id, &self.owner)));
        Ok(if to < seen.len() { answer.with("nextToken", &format!("from-{to}")) } else { answer })
    }

    fn describe_image_attribute(&self, region: &Region, form: &Form) -> Result<Xml, Refusal> {
        let image = reference(region, form);
        let kept = self.image(&image).ok_or(NOT_FOUND)?;
        let answer = Xml::answer("DescribeImageAttribute").with("imageId", image.id.as_str());
        Ok(answer.listing("launchPermission", grants(&kept.accounts)))
    }

    fn modify_image_attribute(&mut self, region: &Region, form: &Form) -> Result<Xml, Refusal> {
        let bad = self.bad_account.clone();
        let kept = self.image_mut(&reference(region, form)).ok_or(NOT_FOUND)?;
        let members = ["UserId", "OrganizationArn", "OrganizationalUnitArn"];
        let accounts = |list| form.members(&format!("LaunchPermission.{list}"), &members);
        let (add, remove) = (accounts("Add"), accounts("Remove"));
        if add.len().max(remove.len()) > 10_000 {
            return Err(TOO_MANY);
        }
        if add.contains(&bad.as_str()) {
            return Err(BAD_ITEM);
        }
        kept.accounts.extend(add.into_iter().map(AccountId::from));
        kept.accounts.retain(|account| !remove.contains(&account.as_str()));
        Ok(Xml::answer("ModifyImageAttribute").with("return", "true"))
    }

    fn describe_snapshot_attribute(&self, region: &Region, form: &Form) -> Result<Xml, Refusal> {
        let snapshot = snapshot(region, form);
        let accounts = self.snapshots.get(&snapshot).ok_or(NO_SNAPSHOT)?;
        let answer = Xml::answer("DescribeSnapshotAttribute").with("snapshotId", snapshot.id.as_str());
        Ok(answer.listing("createVolumePermission", grants(accounts)))
    }

    fn modify_snapshot_attribute(&mut self, region: &Region, form: &Form) -> Result<Xml, Refusal> {
        let accounts = form.list("UserId");
        let has = self.snapshots.get_mut(&snapshot(region, form)).ok_or(NO_SNAPSHOT)?;
        match form.text("OperationType") {
            _ if accounts.len() > 500 => return Err(TOO_MANY),
            "add" if accounts.contains(&self.bad_account.as_str()) => return Err(BAD_ITEM),
            "add" => has.extend(accounts.into_iter().map(AccountId::from)),
            "remove" => has.retain(|account| !accounts.contains(&account.as_str())),
            _ => return Err(COMBINATION),
        }
        Ok(Xml::answer("ModifySnapshotAttribute").with("return", "true"))
    }

    fn copy_image(&mut self, to: &Region, form: &Form) -> Result<Xml, Refusal> {
        let source =
            ImageRef { region: form.text("SourceRegion").into(), id: form.text("SourceImageId").into() };
        self.image(&source).ok_or(NOT_FOUND)?;
        let number = format!("c{:016x}", self.copies.len() + 1);
        let token = form.get("ClientToken").unwrap_or(&number).to_owned();
        let id = match self.copies.get(&token) {
            Some(id) => id.clone(),
            None => {
                let tag = |n: u32| {
                    let part = |part: &str| form.get(&format!("TagSpecification.1.Tag.{n}.{part}"));
                    Some((part("Key")?.to_owned(), part("Value")?.to_owned()))
                };
                let tags = (1..).map_while(tag).collect();
                self.put(to, &number, form.text("Name"), Some(source), tags)
            }
        };
        self.copies.insert(token, id.clone());
        Ok(Xml::answer("CopyImage").with("imageId", id.as_str()))
    }
}

impl Kept {
    fn fits(&self, id: &ImageId, filter: &str, values: &[&str]) -> bool {
        match filter {
            "image-id" => values.contains(&id.as_str()),
            "name" => values.contains(&self.name.as_str()),
            _ => {
                let key = filter.strip_prefix("tag:").unwrap_or_default();
                self.tags.iter().any(|(known, value)| known == key && values.contains(&value.as_str()))
            }
        }
    }

    fn record(&self, id: &ImageId, owner: &AccountId) -> Xml {
        let disk = Xml::new("ebs").with("snapshotId", self.snapshot.as_str()).with("encrypted", "false");
        let record = item()
            .with("imageId", id.as_str())
            .with("imageState", "available")
            .with("imageOwnerId", owner.as_str())
            .with("creationDate", "2023-11-14T22:13:20.000Z")
            .with("imageType", "machine")
            .with("isPublic", "false")
            .with("name", &self.name)
            .listing("blockDeviceMapping", [item().with("deviceName", "/dev/sda1").holding(&disk)])
            .listing(
                "tagSet",
                self.tags.iter().map(|(key, value)| item().with("key", key).with("value", value)),
            );
        match &self.source {
            Some(source) => record
                .with("sourceImageId", source.id.as_str())
                .with("sourceImageRegion", source.region.as_str()),
            None => record,
        }
    }
}

fn grants(accounts: &BTreeSet<AccountId>) -> impl Iterator<Item = Xml> {
    accounts.iter().map(|account| item().with("userId", account.as_str()))
}

fn reference(region: &Region, form: &Form) -> ImageRef {
    ImageRef { region: region.clone(), id: form.text("ImageId").into() }
}

fn snapshot(region: &Region, form: &Form) -> SnapshotRef {
    SnapshotRef { region: region.clone(), id: form.text("SnapshotId").into() }
}

fn number(token: &str) -> Option<usize> {
    token.strip_prefix("from-")?.parse().ok()
}
