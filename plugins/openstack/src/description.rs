//! What this cloud can do and where its limits are.

use imgshare_sdk::{
    AccountForm, Copying, Description, Limits, OperationKind, Quota, QuotaScope, Recognition,
    SelectionSupport,
};

use crate::api::images::IMAGES_PER_PAGE;
use crate::api::tokens;
use crate::{credentials, settings};

pub(crate) fn description() -> Description {
    Description {
        display_name: "OpenStack Glance".into(),
        limits: Limits {
            images_per_page: Some(IMAGES_PER_PAGE),
            // Each account is a call of its own.
            accounts_per_change: None,
            accounts_per_image: Some(128),
            add_and_remove_together: true,
            bad_account_spoils_change: false,
            ..Limits::default()
        },
        quotas: quotas(),
        copying: Copying {
            recognised_by: Recognition::Name,
            name_length_max: None,
            unsupported: Some(
                "each region has a Glance of its own that knows nothing of the others; upload the image there too, or \
                 let that region's Glance import it (`glance-download`) if whoever runs the cloud has set that up"
                    .into(),
            ),
        },
        credentials: credentials::fields(),
        settings: settings::schema(),
        account_id: AccountForm {
            pattern: "[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+".into(),
            about: "a project's id, not its name: 32 hexadecimal digits in lower case, a UUID, or digits only".into(),
            example: "5f1d0c3ba9e84d6f8b2a7c9e0d414243".into(),
        },
        selection: SelectionSupport { family: false, tags: true, created: true },
        region_bound: true,
        needs_acceptance: true,
        // Every cloud has hosts of its own: those of `auth_url`, and of the catalogue that Keystone gives.
        hosts: vec!["*".into()],
        ..Description::default()
    }
}

/// No cloud publishes figures, so the pace is found while calling. Each region has servers of its own, Keystone perhaps
/// not.
fn quotas() -> Vec<Quota> {
    use OperationKind::{AcceptShare, ChangeShares, ListImages, ReadShares};
    let quota =
        |operation, action: &str, per| Quota { operation, action: action.into(), calls_per_second: 0.0, per };
    let image = |operation, action| quota(operation, action, QuotaScope::Region);
    vec![
        quota(ListImages, tokens::ACTION, QuotaScope::Owner),
        quota(ChangeShares, "GET projects/ID", QuotaScope::Owner),
        image(ListImages, "GET images"),
        image(ReadShares, "GET images/ID"),
        image(ReadShares, "GET images/ID/members"),
        image(ChangeShares, "POST images/ID/members"),
        image(ChangeShares, "DELETE images/ID/members/ID"),
        image(ChangeShares, "PATCH images/ID"),
        image(AcceptShare, "PUT images/ID/members/ID"),
    ]
}
