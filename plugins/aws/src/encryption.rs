//! Encrypted images: which cannot be shared, and what receivers of the others need.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_sdk::{Error, ErrorKind, Image, Region, Result, SnapshotId, join_all};

use crate::api::FILTER_VALUES_MAX;
use crate::api::keys::{self, Manager};
use crate::api::list::Listed;
use crate::api::snapshots;
use crate::client::Client;
use crate::errors::about;

const UNSHAREABLE: &str = "its disks are encrypted with the cloud's own key (aws/ebs), which no other account can use; \
                           share a copy that is encrypted with a key of your own";

/// What receivers do with the key: `kms:` rights.
const GRANTS: &str =
    "kms:DescribeKey, kms:Decrypt, kms:CreateGrant, kms:ReEncrypt* and kms:GenerateDataKeyWithoutPlaintext";

/// What is known of the key of an encrypted snapshot.
type Known = Result<(String, Manager)>;

/// The images of a page, each with what its encryption means for sharing it. Nothing is asked when none is encrypted, and
/// what cannot be told is said and spoils no listing.
pub(crate) async fn judged(client: &Client<'_>, region: &Region, listed: Vec<Listed>) -> Vec<Image> {
    let encrypted: BTreeSet<_> = listed.iter().flat_map(|listed| &listed.encrypted).cloned().collect();
    let known = look_up(client, region, &Vec::from_iter(encrypted)).await;
    listed.into_iter().map(|listed| judge(listed, &known)).collect()
}

fn judge(Listed { mut image, encrypted }: Listed, known: &BTreeMap<SnapshotId, Known>) -> Image {
    let (mut keys, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    for snapshot in &encrypted {
        match known.get(snapshot) {
            Some(Ok((_, Manager::Cloud))) => image.unshareable = Some(UNSHAREABLE.to_owned()),
            Some(Ok((key, Manager::Customer))) => {
                keys.insert(key.as_str());
            }
            Some(Err(error)) => {
                unknown.insert(error.to_string());
            }
            None => {
                unknown.insert(format!("the cloud says nothing of snapshot {snapshot}"));
            }
        }
    }
    let keys = keys.into_iter().map(|key| format!("the use of key {key}: {GRANTS}"));
    let unknown = unknown.into_iter().map(|why| {
        format!("the use of the key that its disks are encrypted with; which one that is could not be told ({why})")
    });
    let needs: Vec<_> = keys.chain(unknown).collect();
    if image.unshareable.is_none() && !needs.is_empty() {
        image.receivers_need = Some(needs.join("; and "));
    }
    image
}

/// The keys of these snapshots.
async fn look_up(
    client: &Client<'_>,
    region: &Region,
    snapshots: &[SnapshotId],
) -> BTreeMap<SnapshotId, Known> {
    let batches = snapshots.chunks(FILTER_VALUES_MAX).map(|batch| keys_of(client, region, batch));
    let found: BTreeMap<_, _> = join_all(batches).await.into_iter().flatten().collect();
    let arns: BTreeSet<_> = found.values().filter_map(|key| key.clone().ok()).collect();
    let managers = join_all(arns.into_iter().map(|arn| async {
        let manager = manager(client, region, &arn).await;
        (arn, manager)
    }));
    let managers: BTreeMap<_, _> = managers.await.into_iter().collect();
    let known =
        |arn: String| Ok((arn.clone(), managers.get(&arn).cloned().unwrap_or_else(|| Err(no_key()))?));
    found.into_iter().map(|(snapshot, key)| (snapshot, key.and_then(known))).collect()
}

/// The ARN of each snapshot's key; of a batch that could not be asked for, why.
async fn keys_of(
    client: &Client<'_>,
    region: &Region,
    batch: &[SnapshotId],
) -> Vec<(SnapshotId, Result<String>)> {
    let ask = |page: Option<&String>| snapshots::keys(batch, page);
    match client.ask_all(region, ask, snapshots::snapshot_keys).await {
        Ok(keys) => keys.into_iter().map(|(snapshot, key)| (snapshot, key.ok_or_else(no_key))).collect(),
        Err(error) => {
            let error = about(error, "DescribeSnapshots");
            batch.iter().map(|snapshot| (snapshot.clone(), Err(error.clone()))).collect()
        }
    }
}

/// Who manages this key; asked once for all operations of the cloud.
async fn manager(client: &Client<'_>, region: &Region, arn: &str) -> Result<Manager> {
    let make = || async {
        let answer = client.ask_json(region, &keys::describe(arn)).await?;
        Ok((keys::manager(&answer.value)?, None))
    };
    let manager = client.cx.once(&format!("key {arn}"), make).await;
    manager.map_err(|error| about(error, &format!("DescribeKey of {arn}")))
}

fn no_key() -> Error {
    Error::new(ErrorKind::Malformed, "the cloud names no key")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(known: &[(&str, Known)]) -> Image {
        let encrypted = known.iter().map(|(snapshot, _)| (*snapshot).into()).collect();
        let known = known.iter().map(|(snapshot, key)| ((*snapshot).into(), key.clone())).collect();
        judge(Listed { image: Image::default(), encrypted }, &known)
    }

    fn key(name: &str, manager: Manager) -> Known {
        Ok((name.to_owned(), manager))
    }

    #[test]
    fn one_disk_under_the_clouds_own_key_makes_an_image_unshareable() {
        let image =
            judged(&[("snap-1", key("k-1", Manager::Customer)), ("snap-2", key("k-2", Manager::Cloud))]);
        assert!(image.unshareable.is_some_and(|why| why.contains("aws/ebs")));
        assert_eq!(image.receivers_need, None);
    }

    #[test]
    fn each_key_of_a_customer_is_named_once_with_what_to_grant() {
        let customer = |name| key(name, Manager::Customer);
        let image =
            judged(&[("snap-1", customer("k-1")), ("snap-2", customer("k-2")), ("snap-3", customer("k-1"))]);
        let need = image.receivers_need.unwrap_or_default();
        assert_eq!((need.matches("k-1").count(), need.matches("k-2").count()), (1, 1), "{need}");
        assert!(need.contains("kms:CreateGrant"), "{need}");
        assert_eq!(image.unshareable, None);
    }

    #[test]
    fn what_cannot_be_told_is_said() {
        let error = Error::new(ErrorKind::PermissionDenied, "DescribeKey: no");
        let need = judged(&[("snap-1", Err(error))]).receivers_need.unwrap_or_default();
        assert!(need.contains("could not be told") && need.contains("DescribeKey"), "{need}");
        let listed = Listed { image: Image::default(), encrypted: vec!["snap-9".into()] };
        assert!(judge(listed, &BTreeMap::new()).receivers_need.is_some_and(|need| need.contains("snap-9")));
    }

    #[test]
    fn an_image_that_is_not_encrypted_needs_nothing() {
        assert_eq!(judged(&[]), Image::default());
    }
}
