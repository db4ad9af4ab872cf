//! Snapshots: who may make disks of them, changing that, and which keys they are encrypted with.
//!
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySnapshotAttribute.html>,
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html>

use imgshare_sdk::{AccountId, Result, Shares, SnapshotId, SnapshotRef};

use super::{Ask, Part, not_as_documented, shares};
use crate::call::Service;
use crate::xml::Element;

/// Accounts that one call adds or removes at most.
pub const ACCOUNTS_PER_CHANGE_MAX: u32 = 500;

/// The most that one page holds.
const SNAPSHOTS_PER_PAGE: u32 = 1000;

const PERMISSION: &str = "createVolumePermission";

/// What a change does. One call does one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Accounts get the snapshot.
    Add,
    /// Accounts lose it.
    Remove,
}

/// Asks who has this snapshot: one answer, however many they are.
pub fn describe(snapshot: &SnapshotRef) -> Ask {
    Ask::new(Service::Ec2, "DescribeSnapshotAttribute", true)
        .with("Attribute", PERMISSION)
        .with("SnapshotId", &snapshot.id)
}

/// Reads who has it.
///
/// # Errors
///
/// `Malformed` when the answer is about no snapshot.
pub fn shares(answer: Element<'_>) -> Result<Shares> {
    answer.text("snapshotId").ok_or_else(not_as_documented)?;
    Ok(shares::grants(answer, PERMISSION))
}

/// Asks to share this snapshot with accounts, or to take it from them. Doing it twice changes no more than once.
pub fn modify(snapshot: &SnapshotRef, way: Way, accounts: &[AccountId]) -> Ask {
    let operation = match way {
        Way::Add => "add",
        Way::Remove => "remove",
    };
    Ask::new(Service::Ec2, "ModifySnapshotAttribute", true)
        .with("SnapshotId", &snapshot.id)
        .with("Attribute", PERMISSION)
        .with("OperationType", operation)
        .with_list("UserId", accounts)
}

/// Asks what these snapshots are encrypted with; at most as many as a filter takes. Those that are gone are left out.
pub fn keys<'a>(snapshots: impl IntoIterator<Item = &'a SnapshotId>, page: Option<&String>) -> Ask {
    Ask::new(Service::Ec2, "DescribeSnapshots", true)
        .with_filter(1, "snapshot-id", snapshots)
        .with("MaxResults", &SNAPSHOTS_PER_PAGE)
        .with_some("NextToken", page)
}

/// Reads the ARN of each one's key, where the cloud says it.
///
/// # Errors
///
/// None: what is missing is not known.
pub fn snapshot_keys(answer: Element<'_>) -> Result<Part<(SnapshotId, Option<String>)>> {
    let key = |item: Element<'_>| Some((item.text("snapshotId")?.into(), item.owned("kmsKeyId")));
    Ok(Part { items: answer.items("snapshotSet").filter_map(key).collect(), next: answer.owned("nextToken") })
}
