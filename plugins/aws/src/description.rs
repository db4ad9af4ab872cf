//! What this cloud can do and where its limits are.

use imgshare_sdk::credentials::{plain_field, secret_field};
use imgshare_sdk::{
    AccountForm, Copying, CredentialField, Description, Limits, OperationKind, Quota, QuotaScope,
    Recognition, SelectionSupport, SnapshotLimits,
};

use crate::api::copy::NAME_LENGTH_MAX;
use crate::api::list::IMAGES_PER_PAGE;
use crate::api::snapshots;
use crate::credentials::{container, environment, metadata};
use crate::partition::Partition;
use crate::settings;

/// As many as an image can have by default. The cloud takes ten times that in a call.
pub(crate) const ACCOUNTS_PER_CHANGE: u32 = 1000;

/// Accounts have 12 digits; organizations and their units are named as `organizations` (service model of 2016-11-28)
/// writes their ARNs, in any part of the cloud.
const ACCOUNT_PATTERN: &str = "[0-9]{12}\
    |arn:aws[a-z0-9-]*:organizations::[0-9]{12}:organization/o-[a-z0-9]{10,32}\
    |arn:aws[a-z0-9-]*:organizations::[0-9]{12}:ou/o-[a-z0-9]{10,32}/ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}";

pub(crate) fn description() -> Description {
    Description {
        display_name: "AWS EC2".into(),
        limits: limits(),
        quotas: quotas(),
        copying: Copying {
            recognised_by: Recognition::SourceId,
            name_length_max: Some(NAME_LENGTH_MAX),
            unsupported: None,
        },
        snapshots: SnapshotLimits {
            accounts_per_change: Some(snapshots::ACCOUNTS_PER_CHANGE_MAX),
            add_and_remove_together: false,
            account_pattern: "[0-9]{12}".into(),
        },
        credentials: credentials(),
        settings: settings::schema(),
        account_id: AccountForm {
            pattern: ACCOUNT_PATTERN.into(),
            about: "12 digits, or the ARN of an organization or an organizational unit".into(),
            example: "123456789012".into(),
        },
        selection: SelectionSupport { family: false, tags: true, created: true },
        region_bound: true,
        needs_acceptance: false,
        sharing_unsupported: None,
        hosts: Partition::hosts().chain(plain_hosts()).collect(),
        ..Description::default()
    }
}

/// The services that give containers and servers their keys, and know no TLS.
fn plain_hosts() -> impl Iterator<Item = String> {
    metadata::HOSTS.into_iter().chain(container::HOSTS).map(str::to_owned)
}

fn limits() -> Limits {
    Limits {
        images_per_page: Some(IMAGES_PER_PAGE),
        accounts_per_change: Some(ACCOUNTS_PER_CHANGE),
        accounts_per_image: Some(1000),
        images_per_region: Some(50_000),
        add_and_remove_together: true,
        // Not documented; a provider that takes it so is right in either case.
        bad_account_spoils_change: true,
        ..Limits::default()
    }
}

/// The cloud has a bucket of calls for each action in each region, and publishes none of the figures that matter here.
fn quotas() -> Vec<Quota> {
    use OperationKind::{
        ChangeShares, ChangeSnapshotShares, CopyImage, ListImages, ReadReceived, ReadShares,
        ReadSnapshotShares,
    };
    let quota = |operation, action: &str| Quota {
        operation,
        action: action.into(),
        calls_per_second: 0.0,
        per: QuotaScope::Region,
    };
    vec![
        quota(ListImages, "DescribeImages"),
        quota(ListImages, "DescribeSnapshots"),
        quota(ListImages, "DescribeKey"),
        quota(ReadShares, "DescribeImageAttribute"),
        quota(ChangeShares, "ModifyImageAttribute"),
        quota(CopyImage, "CopyImage"),
        quota(ReadSnapshotShares, "DescribeSnapshotAttribute"),
        quota(ChangeSnapshotShares, "ModifySnapshotAttribute"),
        quota(ReadReceived, "GetCallerIdentity"),
    ]
}

fn credentials() -> Vec<CredentialField> {
    vec![
        secret_field("access_key_id", "the access key's id", &[environment::VARIABLES.id]),
        secret_field("secret_access_key", "the access key itself", &[environment::VARIABLES.secret]),
        secret_field("session_token", "the token of a temporary key", &[environment::SESSION_TOKEN]),
        plain_field("profile", "a profile of the cloud's own tools, in place of a key", &[]),
    ]
}
