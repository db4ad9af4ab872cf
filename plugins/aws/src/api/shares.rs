//! Who has an image, and changing that.
//!
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImageAttribute.html>,
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyImageAttribute.html>

use imgshare_sdk::{AccountId, Error, ErrorKind, ImageRef, Result, Shares};

use super::{Ask, not_as_documented};
use crate::call::Service;
use crate::xml::Element;

/// Accounts, organizations and units that one call adds at most, and as many that it removes.
pub const ACCOUNTS_PER_CHANGE_MAX: u32 = 10_000;

/// Whom everything can be shared with at once. The program never does, and says where it is so.
const EVERYBODY: &str = "all";

/// Asks who has this image: one answer, however many they are.
pub fn describe(image: &ImageRef) -> Ask {
    Ask::new(Service::Ec2, "DescribeImageAttribute", true)
        .with("Attribute", "launchPermission")
        .with("ImageId", &image.id)
}

/// Reads who has it.
///
/// # Errors
///
/// `Malformed` when the answer is about no image.
pub fn shares(answer: Element<'_>) -> Result<Shares> {
    answer.text("imageId").ok_or_else(not_as_documented)?;
    Ok(grants(answer, "launchPermission"))
}

/// Reads the list of this name of accounts, organizations, units and groups.
pub(super) fn grants(answer: Element<'_>, list: &str) -> Shares {
    let mut shares = Shares::none();
    for grant in answer.items(list) {
        let names = ["userId", "organizationArn", "organizationalUnitArn"];
        match names.into_iter().find_map(|name| grant.text(name)) {
            Some(id) => {
                shares.accounts.insert(id.into());
            }
            None => shares.other_grants.push(other(grant.text("group"))),
        }
    }
    shares
}

fn other(group: Option<&str>) -> String {
    match group {
        Some(EVERYBODY) => "everybody (public)".to_owned(),
        Some(group) => format!("group `{group}`"),
        None => "a grant of a kind that is not known".to_owned(),
    }
}

/// Asks to share this image with some accounts and to take it from others. Doing it twice changes no more than once.
pub fn modify(image: &ImageRef, add: &[AccountId], remove: &[AccountId]) -> Ask {
    let mut ask = Ask::new(Service::Ec2, "ModifyImageAttribute", true).with("ImageId", &image.id);
    for (list, accounts) in [("Add", add), ("Remove", remove)] {
        for (account, n) in accounts.iter().zip(1..) {
            ask = ask.with(format!("LaunchPermission.{list}.{n}.{}", member(account)), account);
        }
    }
    ask
}

/// As what an id is sent.
fn member(account: &AccountId) -> &'static str {
    match account.as_str() {
        arn if arn.contains(":organization/") => "OrganizationArn",
        arn if arn.contains(":ou/") => "OrganizationalUnitArn",
        _ => "UserId",
    }
}

/// Whether the id is an account's, and not an organization's or a unit's.
pub fn is_account(account: &AccountId) -> bool {
    member(account) == "UserId"
}

/// Reads that a change was made.
///
/// # Errors
///
/// When the cloud says that it was not.
pub fn modified(answer: Element<'_>) -> Result<()> {
    match answer.text("return") {
        Some("false") => Err(Error::new(ErrorKind::Unexpected, "the cloud answers that it did not do it")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml;

    fn read(list: &str) -> Shares {
        let body = format!("<R><imageId>ami-1</imageId><launchPermission>{list}</launchPermission></R>");
        xml::with_root(body.as_bytes(), shares).unwrap().unwrap()
    }

    const ORGANIZATION: &str = "arn:aws:organizations::123456789012:organization/o-fakefake01";
    const UNIT: &str = "arn:aws:organizations::123456789012:ou/o-fakefake01/ou-fake-fakefake";

    #[test]
    fn accounts_organizations_and_units_have_an_image() {
        let shares = read(&format!(
            "<item><userId>012345678901</userId></item><item><organizationArn>{ORGANIZATION}</organizationArn></item>\
             <item><organizationalUnitArn>{UNIT}</organizationalUnitArn></item>"
        ));
        assert_eq!(shares.accounts, ["012345678901", ORGANIZATION, UNIT].map(AccountId::from).into());
        assert_eq!(shares.other_grants, [""; 0]);
    }

    #[test]
    fn everybody_and_what_is_not_known_is_told_apart() {
        let shares = read("<item><group>all</group></item><item><group>x</group></item><item/>");
        assert_eq!(
            shares.other_grants,
            ["everybody (public)", "group `x`", "a grant of a kind that is not known"]
        );
        assert_eq!(read(""), Shares::none());
    }

    #[test]
    fn an_answer_without_an_image_is_not_taken_for_no_shares() {
        assert!(xml::with_root(b"<R/>", shares).unwrap().is_err());
    }

    #[test]
    fn each_kind_of_receiver_has_its_parameter() {
        let image = ImageRef { region: "us-east-1".into(), id: "ami-1".into() };
        let ask = modify(&image, &[ORGANIZATION.into(), "012345678901".into()], &[UNIT.into()]);
        let parameters: Vec<_> =
            ask.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(
            parameters,
            [
                ("ImageId", "ami-1"),
                ("LaunchPermission.Add.1.OrganizationArn", ORGANIZATION),
                ("LaunchPermission.Add.2.UserId", "012345678901"),
                ("LaunchPermission.Remove.1.OrganizationalUnitArn", UNIT),
            ]
        );
    }

    #[test]
    fn a_change_that_was_not_made_is_an_error() {
        let read = |body: &str| xml::with_root(body.as_bytes(), modified).unwrap();
        assert!(read("<R><return>false</return></R>").is_err());
        assert!(read("<R><return>true</return></R>").is_ok());
        assert!(read("<R/>").is_ok());
    }
}
