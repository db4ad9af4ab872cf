//! Who has an image, and changing that.
//!
//! <https://cloud.tencent.com/document/api/213/15712>, <https://cloud.tencent.com/document/api/213/15710>

use imgshare_sdk::{AccountId, ImageId, Shares};
use serde::{Deserialize, Serialize};

use super::Ask;

/// What a change does with its accounts. There is no other way to take a share back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Permission {
    /// They get the image.
    Share,
    /// They lose it.
    Cancel,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Describe<'a> {
    image_id: &'a ImageId,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Modify<'a> {
    image_id: &'a ImageId,
    account_ids: &'a [AccountId],
    permission: Permission,
}

/// Who has this image, as the cloud says it. There are no pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SharePermissions {
    share_permission_set: Option<Vec<Option<SharePermission>>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct SharePermission {
    account_id: Option<String>,
}

/// Asks who has this image.
pub fn describe(image: &ImageId) -> Ask {
    Ask::new("DescribeImageSharePermission", &Describe { image_id: image }, true)
}

/// Reads who has it. An entry without an account is a grant of a kind that this version does not know.
pub fn shares(answer: SharePermissions) -> Shares {
    let mut shares = Shares::none();
    for entry in answer.share_permission_set.unwrap_or_default() {
        match entry.and_then(|entry| entry.account_id).filter(|id| !id.is_empty()) {
            Some(account) => drop(shares.accounts.insert(account.into())),
            None => shares.other_grants.push("a share without an account id".into()),
        }
    }
    shares
}

/// Asks to share this image with these accounts, or to cancel that. Doing it twice changes no more than once.
pub fn modify(image: &ImageId, accounts: &[AccountId], permission: Permission) -> Ask {
    let parameters = Modify { image_id: image, account_ids: accounts, permission };
    Ask::new("ModifyImageSharePermission", &parameters, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Shares {
        shares(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn nobody_has_an_image_whose_set_is_empty_missing_or_null() {
        for text in [r#"{"SharePermissionSet":[]}"#, "{}", r#"{"SharePermissionSet":null}"#] {
            assert_eq!(read(text), Shares::none(), "{text}");
        }
    }

    #[test]
    fn a_share_that_names_no_account_is_reported_and_not_taken_for_nothing() {
        let shares = read(r#"{"SharePermissionSet":[{"AccountId":"100000000001"},{"AccountId":null},null]}"#);
        assert_eq!(shares.accounts, ["100000000001".into()].into());
        assert_eq!(shares.other_grants.len(), 2);
    }
}
