//! `/v2/images/ID/members`: who has an image, and what receivers make of it.

use std::collections::BTreeMap;

use imgshare_sdk::{Acceptance, AccountId, Error, ErrorKind, ImageId, Response, Result, Shares};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Ask, Content, image_path, segment};

/// Asks for everybody who has an image. There are no pages.
///
/// # Errors
///
/// `ImageNotFound` when the id can be none.
pub fn list(image: &ImageId) -> Result<Ask> {
    Ok(Ask::image("GET", "GET images/ID/members", members_path(image)?))
}

/// Gives the image to a project.
///
/// # Errors
///
/// `ImageNotFound` when the id can be none.
pub fn add(image: &ImageId, project: &AccountId) -> Result<Ask> {
    let content = Content::json(json!({ "member": project }));
    Ok(Ask::image("POST", "POST images/ID/members", members_path(image)?).with(content))
}

/// Takes the image from a project.
///
/// # Errors
///
/// `ImageNotFound` or `AccountInvalid` when an id can be none.
pub fn remove(image: &ImageId, project: &AccountId) -> Result<Ask> {
    Ok(Ask::image("DELETE", "DELETE images/ID/members/ID", member_path(image, project)?))
}

/// Accepts the image as this project, which must be the login's own.
///
/// # Errors
///
/// `ImageNotFound` or `AccountInvalid` when an id can be none.
pub fn accept(image: &ImageId, project: &AccountId) -> Result<Ask> {
    let content = Content::json(json!({ "status": "accepted" }));
    Ok(Ask::image("PUT", "PUT images/ID/members/ID", member_path(image, project)?).with(content))
}

fn members_path(image: &ImageId) -> Result<String> {
    Ok(format!("{}/members", image_path(image)?))
}

fn member_path(image: &ImageId, project: &AccountId) -> Result<String> {
    let unknown = || {
        Error::new(ErrorKind::AccountInvalid, format!("`{project}` cannot be named in an address"))
            .with_hint("change this member with the cloud's own tools")
    };
    Ok(format!("{}/{}", members_path(image)?, segment(project.as_str()).ok_or_else(unknown)?))
}

#[derive(Deserialize)]
struct Members {
    members: Vec<Member>,
}

#[derive(Deserialize)]
struct Member {
    member_id: String,
    #[serde(default)]
    status: Value,
}

/// Reads who has an image, its owner aside.
///
/// # Errors
///
/// `Malformed` when it is no list of members.
pub fn shares(response: &Response, owner: &str) -> Result<Shares> {
    let Members { members } = response.object()?;
    let others =
        members.into_iter().filter(|member| !member.member_id.is_empty() && member.member_id != owner);
    let acceptance: BTreeMap<AccountId, Acceptance> =
        others.map(|member| (member.member_id.into(), acceptance(&member.status))).collect();
    Ok(Shares { accounts: acceptance.keys().cloned().collect(), acceptance, ..Shares::none() })
}

fn acceptance(status: &Value) -> Acceptance {
    match status.as_str() {
        Some("pending") => Acceptance::Pending,
        Some("accepted") => Acceptance::Accepted,
        Some("rejected") => Acceptance::Rejected,
        _ => Acceptance::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &Value) -> Result<Shares> {
        shares(&Response { status: 200, headers: vec![], body: body.to_string().into_bytes() }, "owner")
    }

    #[test]
    fn members_are_read_with_what_they_made_of_it() {
        let member = |id: &str, status: Value| json!({"member_id": id, "status": status, "image_id": "i"});
        let body = json!({"members": [
            member("a", json!("pending")), member("b", json!("accepted")), member("c", json!("rejected")),
            member("d", json!("wondering")), member("e", json!(7)), member("owner", json!("accepted"))]});
        let shares = read(&body).unwrap();
        use Acceptance::{Accepted, Pending, Rejected, Unknown};
        let expected = [("a", Pending), ("b", Accepted), ("c", Rejected), ("d", Unknown), ("e", Unknown)];
        assert_eq!(shares.acceptance, expected.map(|(id, state)| (id.into(), state)).into());
        assert_eq!(shares.accounts, expected.map(|(id, _)| id.into()).into());
        assert_eq!(read(&json!({"members": []})), Ok(Shares::none()));
    }

    #[test]
    fn what_is_no_list_of_members_is_malformed() {
        for body in [
            json!([]),
            json!({}),
            json!({"members": null}),
            json!({"members": [{}]}),
            json!({"members": [{"member_id": 7}]}),
        ] {
            assert_eq!(read(&body).unwrap_err().kind, ErrorKind::Malformed, "{body}");
        }
    }

    #[test]
    fn a_member_of_any_name_can_be_removed_unless_it_leads_elsewhere() {
        let path = |project: &str| remove(&"i-1".into(), &project.into()).map(|ask| ask.path);
        assert_eq!(path("team one").as_deref(), Ok("/images/i-1/members/team%20one"));
        for project in ["..", "a/b", ""] {
            assert_eq!(path(project).unwrap_err().kind, ErrorKind::AccountInvalid, "{project}");
        }
    }
}
