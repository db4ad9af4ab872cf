//! Who has an image, and changing that.
//!
//! <https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeimagesharepermission>,
//! <https://www.alibabacloud.com/help/en/ecs/api-modifyimagesharepermission>

use imgshare_sdk::{AccountId, ImageRef, Shares};
use serde::Deserialize;

use super::Ask;

/// Accounts that one call adds at most, and as many that it removes. What is beyond is **ignored without an error**.
pub const ACCOUNTS_PER_CHANGE: u32 = 10;

/// The most that one page of shares holds; left out it would be 10.
const SHARES_PER_PAGE: u32 = 100;

/// A page of who has an image, as the cloud says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SharePermissions {
    accounts: Option<Accounts>,
    share_groups: Option<ShareGroups>,
    total_count: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Accounts {
    account: Option<Vec<Option<Account>>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Account {
    aliyun_id: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ShareGroups {
    share_group: Option<Vec<Option<ShareGroup>>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ShareGroup {
    group: Option<String>,
}

/// Asks for one page of who has this image; pages count from 1.
pub fn describe(image: &ImageRef, page: u32) -> Ask {
    Ask::new("DescribeImageSharePermission", true)
        .with("RegionId", &image.region)
        .with("ImageId", &image.id)
        .with("PageNumber", &page)
        .with("PageSize", &SHARES_PER_PAGE)
}

/// Adds what a page says to what earlier pages said, and tells whether another page is to be asked for.
///
/// Some services give fewer than were asked for, and nobody says whether the count includes share groups. So the end is
/// where as many accounts are there as were counted, or where a page says nothing new.
pub fn gather(shares: &mut Shares, page: SharePermissions) -> bool {
    let mut is_new = false;
    for account in page.accounts.unwrap_or_default().account.unwrap_or_default() {
        is_new |= match account.and_then(|account| account.aliyun_id).filter(|id| !id.is_empty()) {
            Some(id) => shares.accounts.insert(id.into()),
            // A grant of a kind that this version does not know.
            None => note(shares, "a share without an account id".into()),
        };
    }
    for group in page.share_groups.unwrap_or_default().share_group.unwrap_or_default() {
        let name = group.and_then(|group| group.group).unwrap_or_default();
        is_new |= note(shares, format!("share group `{name}`"));
    }
    is_new && page.total_count.is_none_or(|total| (shares.accounts.len() as u64) < total)
}

fn note(shares: &mut Shares, grant: String) -> bool {
    let is_new = !shares.other_grants.contains(&grant);
    if is_new {
        shares.other_grants.push(grant);
    }
    is_new
}

/// Asks to share this image with some accounts and to take it from others. Doing it twice changes no more than once.
pub fn modify(image: &ImageRef, add: &[AccountId], remove: &[AccountId]) -> Ask {
    let mut ask = Ask::new("ModifyImageSharePermission", true)
        .with("RegionId", &image.region)
        .with("ImageId", &image.id);
    for (name, accounts) in [("AddAccount", add), ("RemoveAccount", remove)] {
        for (account, n) in accounts.iter().zip(1..) {
            ask = ask.with(format!("{name}.{n}"), account);
        }
    }
    ask
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pages: &[&str]) -> (Shares, Vec<bool>) {
        let mut shares = Shares::none();
        let more =
            pages.iter().map(|text| gather(&mut shares, serde_json::from_str(text).unwrap())).collect();
        (shares, more)
    }

    #[test]
    fn nobody_has_an_image_whose_lists_are_empty_missing_or_null() {
        for text in [
            r#"{"Accounts":{"Account":[]},"ShareGroups":{"ShareGroup":[]},"TotalCount":0}"#,
            "{}",
            r#"{"Accounts":null,"ShareGroups":{"ShareGroup":null}}"#,
        ] {
            assert_eq!(read(&[text]), (Shares::none(), vec![false]), "{text}");
        }
    }

    #[test]
    fn pages_end_where_all_counted_accounts_are_there() {
        let page =
            |id: u32| format!(r#"{{"Accounts":{{"Account":[{{"AliyunId":"{id}"}}]}},"TotalCount":2}}"#);
        let (shares, more) = read(&[&page(1), &page(2)]);
        assert_eq!((shares.accounts.len(), more), (2, vec![true, false]));
    }

    #[test]
    fn share_groups_are_kept_apart_and_hide_no_account_whatever_is_counted() {
        let groups = r#""ShareGroups":{"ShareGroup":[{"Group":"all"}]}"#;
        let page = |ids: &str, total: u32| {
            format!(r#"{{"Accounts":{{"Account":[{ids}]}},{groups},"TotalCount":{total}}}"#)
        };
        let first = r#"{"AliyunId":"1"}"#;
        for total in [2, 3] {
            let (shares, more) =
                read(&[&page(first, total), &page(r#"{"AliyunId":"2"}"#, total), &page("", total)]);
            assert_eq!(shares.accounts, ["1".into(), "2".into()].into());
            assert_eq!(shares.other_grants, ["share group `all`"]);
            assert_eq!(more, [true, total == 3, false], "{total}");
        }
    }

    #[test]
    fn a_share_that_names_no_account_is_reported_and_not_taken_for_nothing() {
        let (shares, _) = read(&[r#"{"Accounts":{"Account":[{"AliyunId":"1"},{"AliyunId":null},null]}}"#]);
        assert_eq!(shares.accounts, ["1".into()].into());
        assert_eq!(shares.other_grants, ["a share without an account id"]);
    }
}
