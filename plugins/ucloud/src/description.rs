//! What this cloud can do and where its limits are.

use imgshare_sdk::credentials::{plain_field, secret_field};
use imgshare_sdk::{
    AccountForm, Copying, CredentialField, Description, Limits, OperationKind, Quota, QuotaScope,
    SelectionSupport,
};

use crate::api::list::IMAGES_PER_PAGE;
use crate::credentials::environment;
use crate::endpoint::Host;
use crate::settings;

/// Accounts that one call adds, and as many that it removes.
pub(crate) const ACCOUNTS_PER_CHANGE: u32 = 10;

/// What the call's `Zone` means is not documented either, so it is not taken for a target.
const NO_COPIES: &str = "the cloud's call for copies, CopyCompShareCustomImage, names no target region; make the image in \
                         each region, and leave `copy_from` out of the rule";

pub(crate) fn description() -> Description {
    Description {
        display_name: "UCloud CompShare and UHost".into(),
        limits: limits(),
        quotas: quotas(),
        copying: Copying { unsupported: Some(NO_COPIES.into()), ..Copying::default() },
        credentials: credentials(),
        settings: settings::schema(),
        account_id: AccountForm {
            // A positive 64-bit integer, as the cloud's requests have it.
            pattern: "[1-9][0-9]{0,18}".into(),
            about: "the account's id, digits only".into(),
            example: "55001122".into(),
        },
        selection: SelectionSupport { family: false, tags: true, created: true },
        region_bound: true,
        needs_acceptance: false,
        // Images of one of its products cannot be shared; their listing says so, image by image.
        sharing_unsupported: None,
        hosts: Host::ALL.map(|host| host.name().to_owned()).to_vec(),
        ..Description::default()
    }
}

fn limits() -> Limits {
    Limits {
        images_per_page: Some(IMAGES_PER_PAGE),
        accounts_per_change: Some(ACCOUNTS_PER_CHANGE),
        accounts_per_image: None,
        add_and_remove_together: true,
        bad_account_spoils_change: true,
        ..Limits::default()
    }
}

/// No figures are published, so the pace is found while calling; the cloud says so when there are too many calls. One
/// host answers for all regions, and nothing says that it counts them apart.
fn quotas() -> Vec<Quota> {
    use OperationKind::{ChangeShares, ListImages, ReadReceived, ReadShares};
    let quota = |operation, action: &str| Quota {
        operation,
        action: action.into(),
        calls_per_second: 0.0,
        per: QuotaScope::Owner,
    };
    vec![
        quota(ListImages, "DescribeCompShareSupportZone"),
        quota(ListImages, "DescribeCompShareCustomImages"),
        quota(ListImages, "DescribeImage"),
        quota(ReadShares, "DescribeCompShareImageShareAccounts"),
        quota(ChangeShares, "ModifyCompShareImageShareAccount"),
        quota(ReadReceived, "DescribeCompShareSharingImages"),
    ]
}

fn credentials() -> Vec<CredentialField> {
    let [ucloud, compshare] = [environment::UCLOUD, environment::COMPSHARE];
    vec![
        secret_field("public_key", "the API key pair's public key", &[ucloud.id, compshare.id]),
        secret_field("private_key", "its private key", &[ucloud.secret, compshare.secret]),
        secret_field("security_token", "the security token of a temporary key pair", &[]),
        plain_field("project_id", "the project that images belong to", &[environment::PROJECT_ID]),
        plain_field("profile", "a profile of the cloud's own tools, in place of keys", &[]),
    ]
}
