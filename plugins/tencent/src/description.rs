//! What this cloud can do and where its limits are.

use imgshare_sdk::credentials::{plain_field, secret_field};
use imgshare_sdk::{
    AccountForm, Copying, CredentialField, Description, Limits, OperationKind, Quota, QuotaScope,
    Recognition, SelectionSupport,
};

use crate::api::copy::NAME_LENGTH_MAX;
use crate::api::list::IMAGES_PER_PAGE;
use crate::credentials::environment;
use crate::settings;

/// Accounts in one call, which is not documented. An image could be shared with 50 accounts in all until 2024, so no
/// client has ever had to send more; 20 stays well below, and keeps the search for a bad one to few calls.
pub(crate) const ACCOUNTS_PER_CHANGE: u32 = 20;

pub(crate) fn description() -> Description {
    Description {
        display_name: "Tencent Cloud CVM".into(),
        limits: limits(),
        quotas: quotas(),
        // The call takes no tags, and no record names its source.
        copying: Copying {
            recognised_by: Recognition::Name,
            name_length_max: Some(NAME_LENGTH_MAX),
            unsupported: None,
        },
        credentials: credentials(),
        settings: settings::schema(),
        account_id: AccountForm {
            // Of the ids in the vendor's examples all are digits; their number is no documented fact.
            pattern: "[1-9][0-9]*".into(),
            about: "the main account's id (UIN), digits only".into(),
            example: "100012345678".into(),
        },
        selection: SelectionSupport { family: true, tags: true, created: true },
        region_bound: true,
        needs_acceptance: false,
        sharing_unsupported: None,
        hosts: vec![
            "cvm.tencentcloudapi.com".into(),
            "cvm.*.tencentcloudapi.com".into(),
            // Plain http, and that only: the service knows no other.
            "http://metadata.tencentyun.com".into(),
        ],
        ..Description::default()
    }
}

fn limits() -> Limits {
    Limits {
        images_per_page: Some(IMAGES_PER_PAGE),
        accounts_per_change: Some(ACCOUNTS_PER_CHANGE),
        accounts_per_image: Some(500),
        images_per_region: Some(500),
        add_and_remove_together: false,
        // Not documented; a provider that takes it so is right in either case.
        bad_account_spoils_change: true,
        ..Limits::default()
    }
}

fn quotas() -> Vec<Quota> {
    use OperationKind::{ChangeShares, CopyImage, ListImages, ReadShares};
    let quota = |operation, action: &str, calls_per_second| Quota {
        operation,
        action: action.into(),
        calls_per_second,
        per: QuotaScope::Region,
    };
    vec![
        quota(ListImages, "DescribeImages", 40.0),
        quota(ReadShares, "DescribeImageSharePermission", 10.0),
        quota(ChangeShares, "ModifyImageSharePermission", 10.0),
        quota(CopyImage, "SyncImages", 10.0),
    ]
}

fn credentials() -> Vec<CredentialField> {
    vec![
        secret_field("secret_id", "the API key's id", &[environment::VARIABLES.id]),
        secret_field("secret_key", "the API key itself", &[environment::VARIABLES.secret]),
        secret_field("token", "the session token of a temporary key", &[environment::TOKEN]),
        plain_field("profile", "a profile of the cloud's own tools, in place of a key", &[]),
    ]
}
