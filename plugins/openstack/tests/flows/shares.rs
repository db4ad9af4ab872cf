//! Who has an image, and what receivers made of it.

use std::sync::Arc;

use imgshare_sdk::{Acceptance, ErrorKind, Result, Shares};
use imgshare_testkit::Script;
use serde_json::json;

use crate::cloud::{OTHER, PROJECT, calls, cloud, connect, done, image, path, refuse, with_password};

async fn read(cloud: &Arc<Script>) -> Result<Shares> {
    connect(cloud, &with_password()).read_shares(image()).await.result
}

/// A cloud that lists no members, since the image has this visibility and this owner.
fn without_members(visibility: &'static str, owner: &'static str) -> Arc<Script> {
    cloud(move |request| match path(request).ends_with("/members") {
        true => refuse(403),
        false => done(&json!({"id": "image-1", "visibility": visibility, "owner": owner})),
    })
}

#[tokio::test(start_paused = true)]
async fn members_are_read_with_their_answers_in_one_call() {
    let member = |id: &str, status: &str| json!({"member_id": id, "status": status});
    let members =
        json!({"members": [member(OTHER, "pending"), member("17", "rejected"), member(PROJECT, "accepted")]});
    let cloud = cloud(move |_| done(&members));
    let shares = read(&cloud).await.unwrap();
    let expected = [("17", Acceptance::Rejected), (OTHER, Acceptance::Pending)];
    assert_eq!(shares.acceptance, expected.map(|(id, acceptance)| (id.into(), acceptance)).into());
    assert_eq!(shares.accounts, expected.map(|(id, _)| id.into()).into(), "the owner itself is no receiver");
    assert_eq!(calls(&cloud)[1..], ["GET /v2/images/image-1/members"]);
}

#[tokio::test(start_paused = true)]
async fn nobody_has_a_private_image() {
    assert_eq!(read(&without_members("private", PROJECT)).await, Ok(Shares::none()));
}

#[tokio::test(start_paused = true)]
async fn an_image_for_everybody_is_told_and_not_hidden() {
    for (visibility, expected) in [
        ("public", "everybody (visibility `public`)"),
        ("community", "everybody who knows its id (visibility `community`)"),
    ] {
        let shares = read(&without_members(visibility, PROJECT)).await.unwrap();
        assert_eq!((shares.accounts.len(), shares.other_grants), (0, vec![expected.to_owned()]));
    }
}

#[tokio::test(start_paused = true)]
async fn shares_that_may_not_be_read_are_an_error_and_never_none() {
    for (visibility, owner) in [("shared", PROJECT), ("private", "somebody"), ("public", "somebody")] {
        let error = read(&without_members(visibility, owner)).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::PermissionDenied, "{visibility}");
    }
    let gone = cloud(|_| refuse(404));
    assert_eq!(read(&gone).await.unwrap_err().kind, ErrorKind::ImageNotFound);
}
