//! What this cloud can do and where its limits are.

use imgshare_sdk::credentials::{plain_field, secret_field};
use imgshare_sdk::{
    AccountForm, Copying, CredentialField, Description, Limits, OperationKind, Quota, QuotaScope,
    Recognition, SelectionSupport,
};

use crate::api::copy::NAME_LENGTH_MAX;
use crate::api::list::IMAGES_PER_PAGE;
use crate::api::shares::ACCOUNTS_PER_CHANGE;
use crate::credentials::environment;
use crate::settings;

/// Calls in a second. The cloud's pages give 1,000 a minute for `DescribeImages` and `CopyImage` and no figure for the
/// other two; the owner's own rates are in the Quota Center. Who exceeds one is shut out for the rest of the minute, so
/// finding the pace by trying would cost a minute each time, and a low guess costs less than a high one.
const CALLS_PER_SECOND: f64 = 10.0;

pub(crate) fn description() -> Description {
    Description {
        display_name: "Alibaba Cloud ECS".into(),
        limits: limits(),
        quotas: quotas(),
        // A record says that an image is a copy (`IsCopied`), but not of what.
        copying: Copying {
            recognised_by: Recognition::Tag,
            name_length_max: Some(NAME_LENGTH_MAX),
            unsupported: None,
        },
        credentials: credentials(),
        settings: settings::schema(),
        account_id: AccountForm {
            pattern: "[0-9]+".into(),
            about: "the Alibaba Cloud account's id (UID), digits only".into(),
            example: "1234567890123456".into(),
        },
        selection: SelectionSupport { family: true, tags: true, created: true },
        region_bound: true,
        needs_acceptance: false,
        sharing_unsupported: None,
        hosts: vec![
            "*.aliyuncs.com".into(),
            // Plain http, and that only: the service knows no other.
            "http://100.100.100.200".into(),
        ],
        ..Description::default()
    }
}

fn limits() -> Limits {
    Limits {
        images_per_page: Some(IMAGES_PER_PAGE),
        accounts_per_change: Some(ACCOUNTS_PER_CHANGE),
        accounts_per_image: Some(50),
        add_and_remove_together: true,
        // Not documented; a provider that takes it so is right in either case.
        bad_account_spoils_change: true,
        ..Limits::default()
    }
}

fn quotas() -> Vec<Quota> {
    use OperationKind::{ChangeShares, CopyImage, ListImages, ReadShares};
    let quota = |operation, action: &str| Quota {
        operation,
        action: action.into(),
        calls_per_second: CALLS_PER_SECOND,
        per: QuotaScope::Region,
    };
    vec![
        quota(ListImages, "DescribeImages"),
        quota(ReadShares, "DescribeImageSharePermission"),
        quota(ChangeShares, "ModifyImageSharePermission"),
        quota(CopyImage, "CopyImage"),
    ]
}

fn credentials() -> Vec<CredentialField> {
    vec![
        secret_field("access_key_id", "the access key's id", &[environment::VARIABLES.id]),
        secret_field("access_key_secret", "the access key itself", &[environment::VARIABLES.secret]),
        secret_field("security_token", "the token of a temporary key", &[environment::SECURITY_TOKEN]),
        plain_field("profile", "a profile of the cloud's own tools, in place of a key", &[]),
    ]
}
