//! Who has a CompShare image, and changing that.

use std::collections::BTreeSet;

use imgshare_sdk::{AccountId, ImageId, Shares};
use serde::{Deserialize, Serialize};

use super::Ask;
use super::lenient::{List, Text};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Describe<'a> {
    comp_share_image_id: &'a ImageId,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Modify<'a> {
    comp_share_image_id: &'a ImageId,
    add_accounts: &'a [AccountId],
    remove_accounts: &'a [AccountId],
}

/// Who has this image, as the cloud says it. There are no pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccountSet {
    account_set: List<AccountRecord>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct AccountRecord {
    account_id: Option<Text>,
}

/// What became of a change. It is a refusal whenever it names accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Modified {
    invalid_accounts: List<Text>,
}

/// Asks who has this image.
pub fn describe(image: &ImageId) -> Ask {
    Ask::new("DescribeCompShareImageShareAccounts", &Describe { comp_share_image_id: image }, true)
}

/// Reads who has it. An entry without an account is a grant of a kind that this version does not know.
pub fn shares(answer: AccountSet) -> Shares {
    let mut shares = Shares::none();
    for record in answer.account_set.0 {
        match record.account_id.filter(|id| !id.0.is_empty()) {
            Some(id) => drop(shares.accounts.insert(id.0.into())),
            None => shares.other_grants.push("a share without an account id".into()),
        }
    }
    shares
}

/// Asks to share this image with some accounts and to take it from others. The state after two such calls is that
/// after one.
pub fn modify(image: &ImageId, add: &[AccountId], remove: &[AccountId]) -> Ask {
    let parameters = Modify { comp_share_image_id: image, add_accounts: add, remove_accounts: remove };
    Ask::new("ModifyCompShareImageShareAccount", &parameters, true)
}

/// Reads which accounts the cloud calls invalid. **When there is one, nothing was done**, for none of the others
/// either, although the return code says that all went well.
pub fn invalid(answer: Modified) -> BTreeSet<AccountId> {
    answer.invalid_accounts.0.into_iter().map(|id| id.0.into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Shares {
        shares(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn nobody_has_an_image_whose_set_is_empty_missing_null_or_an_object() {
        for text in [r#"{"AccountSet":[]}"#, "{}", r#"{"AccountSet":null}"#, r#"{"AccountSet":{}}"#] {
            assert_eq!(read(text), Shares::none(), "{text}");
        }
    }

    #[test]
    fn an_account_id_is_a_number_or_a_text() {
        let shares = read(r#"{"AccountSet":[{"AccountId":12345,"AccountName":"x"},{"AccountId":"67890"}]}"#);
        assert_eq!(shares.accounts, ["12345".into(), "67890".into()].into());
    }

    #[test]
    fn a_share_that_names_no_account_is_reported_and_not_taken_for_nothing() {
        let shares = read(r#"{"AccountSet":[{"AccountId":"12345"},{"AccountId":null},{"AccountName":"x"}]}"#);
        assert_eq!(shares.accounts, ["12345".into()].into());
        assert_eq!(shares.other_grants.len(), 2);
    }

    #[test]
    fn invalid_accounts_come_as_numbers_or_texts() {
        let answer = serde_json::from_str(r#"{"InvalidAccounts":[7,"8"]}"#).unwrap();
        assert_eq!(invalid(answer), ["7".into(), "8".into()].into());
        assert_eq!(invalid(serde_json::from_str("{}").unwrap()), BTreeSet::new());
    }
}
