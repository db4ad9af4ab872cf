//! Adding and removing members: every row of what Glance was seen to do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use imgshare_sdk::{Change, Changed, ErrorKind, Result};
use imgshare_testkit::{Answer, Script};
use serde_json::json;

use crate::cloud::{
    OTHER, PROJECT, calls, cloud, connect, done, header, image, keystone_refuses, logged_in, path, refuse,
    sent, with_password,
};

fn change(add: &[&str], remove: &[&str]) -> Change {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).into()).collect();
    Change { image: image(), add: ids(add), remove: ids(remove), prepare: false }
}

async fn make(cloud: &Arc<Script>, change: Change) -> Result<Changed> {
    connect(cloud, &with_password()).change_shares(change).await.result
}

fn failed(changed: &Changed) -> Vec<(&str, ErrorKind)> {
    changed.failed.iter().map(|failure| (failure.account.as_str(), failure.error.kind)).collect()
}

/// The calls that may write.
fn writes(cloud: &Script) -> Vec<String> {
    calls(cloud).into_iter().filter(|call| !call.starts_with("GET") && !call.contains("tokens")).collect()
}

/// A cloud that refuses all changes of members so, of an image of this visibility and owner.
fn refusing(status: u16, visibility: &'static str, owner: &'static str) -> Arc<Script> {
    cloud(move |request| match path(request).contains("/members") {
        true => refuse(status),
        false => done(&json!({"id": "image-1", "visibility": visibility, "owner": owner})),
    })
}

#[tokio::test(start_paused = true)]
async fn each_account_is_a_call_and_additions_go_before_removals() {
    let cloud = cloud(|_| done(&json!({})));
    let changed = make(&cloud, change(&["11", "12"], &["13", "14"])).await.unwrap();
    assert_eq!((changed.failed.len(), changed.request_ids.len()), (0, 4));
    let members = "/v2/images/image-1/members";
    let expected = [
        format!("POST {members}"),
        format!("POST {members}"),
        format!("DELETE {members}/13"),
        format!("DELETE {members}/14"),
    ];
    assert_eq!(writes(&cloud), expected);
    let post = cloud.requests().into_iter().find(|request| path(request).ends_with("/members")).unwrap();
    assert_eq!((sent(&post), header(&post, "Content-Type")), (json!({"member": "11"}), "application/json"));
}

#[tokio::test(start_paused = true)]
async fn what_is_so_already_is_done() {
    let cloud = cloud(|request| refuse(if request.method == "POST" { 409 } else { 404 }));
    assert_eq!(make(&cloud, change(&["11"], &["12"])).await, Ok(Changed::default()));
}

#[tokio::test(start_paused = true)]
async fn a_member_is_never_taken_out_to_be_put_in_again() {
    let cloud = cloud(|request| if request.method == "POST" { refuse(409) } else { done(&json!({})) });
    make(&cloud, change(&["11"], &[])).await.unwrap();
    assert_eq!(writes(&cloud), ["POST /v2/images/image-1/members"]);
}

#[tokio::test(start_paused = true)]
async fn the_account_beyond_the_quota_fails_and_the_others_get_through() {
    let cloud = cloud(|request| match sent(request)["member"].as_str() {
        Some("12") => refuse(413),
        _ => done(&json!({})),
    });
    let changed = make(&cloud, change(&["11", "12", "13"], &[])).await.unwrap();
    assert_eq!((failed(&changed), changed.request_ids.len()), (vec![("12", ErrorKind::QuotaExceeded)], 2));
}

#[tokio::test(start_paused = true)]
async fn an_image_that_takes_no_members_says_so_once() {
    for (visibility, word) in
        [("private", "plan again"), ("community", "out of the rule"), ("public", "out of the rule")]
    {
        let cloud = refusing(403, visibility, PROJECT);
        let error = make(&cloud, change(&["11", "12"], &["13"])).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::ImageNotShareable, "{visibility}");
        assert!(error.message.contains(visibility) && error.hint.unwrap().contains(word), "{visibility}");
        let looks = calls(&cloud).into_iter().filter(|call| call == "GET /v2/images/image-1").count();
        assert_eq!(looks, 1, "one look is enough for all accounts");
    }
}

#[tokio::test(start_paused = true)]
async fn an_image_of_somebody_else_is_not_ours_to_share() {
    let error = make(&refusing(403, "shared", "somebody"), change(&["11"], &[])).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    assert_eq!(error.message, "the image belongs to the project `somebody`");
    let error = make(&refusing(403, "shared", PROJECT), change(&["11"], &[])).await.unwrap_err();
    assert_eq!((error.kind, error.code.as_deref()), (ErrorKind::PermissionDenied, Some("403")));
}

#[tokio::test(start_paused = true)]
async fn an_image_that_is_gone_is_not_found() {
    let error = make(&refusing(404, "shared", PROJECT), change(&["11", "12"], &[])).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::ImageNotFound);
}

#[tokio::test(start_paused = true)]
async fn the_owner_itself_is_never_a_member() {
    let cloud = cloud(|_| done(&json!({})));
    let changed = make(&cloud, change(&[PROJECT, "11"], &[])).await.unwrap();
    assert_eq!(failed(&changed), [(PROJECT, ErrorKind::AccountInvalid)]);
    assert_eq!(writes(&cloud).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_project_that_keystone_does_not_know_is_not_shared_with() {
    let cloud = Script::by(|request| match (path(request), request.method.as_str()) {
        ("/v3/auth/tokens", _) => logged_in("FAKE-TOKEN"),
        ("/v3/projects/12", _) => keystone_refuses(404),
        (other, _) if other.starts_with("/v3/projects/") => done(&json!({"project": {}})),
        _ => done(&json!({})),
    });
    let provider = connect(&cloud, &with_password());
    for _ in 0..2 {
        let changed = provider.change_shares(change(&["11", "12"], &[])).await.result.unwrap();
        assert_eq!(failed(&changed), [("12", ErrorKind::AccountInvalid)]);
    }
    assert_eq!(writes(&cloud).len(), 2, "only the one that exists");
    let asked = calls(&cloud).into_iter().filter(|call| call.contains("/v3/projects/")).count();
    assert_eq!(asked, 2, "each project is asked for once");
}

#[tokio::test(start_paused = true)]
async fn where_keystone_tells_nothing_the_id_is_taken_as_it_is() {
    let gateway = Answer::status(404, "<html>nothing here");
    for answer in
        [keystone_refuses(403), gateway, Answer::status(405, ""), Answer::status(503, ""), Answer::lost()]
    {
        let cloud = Script::by(move |request| match path(request) {
            "/v3/auth/tokens" => logged_in("FAKE-TOKEN"),
            other if other.starts_with("/v3/projects/") => answer.clone(),
            _ => done(&json!({})),
        });
        let changed = make(&cloud, change(&[OTHER], &[])).await.unwrap();
        assert_eq!((changed.failed.len(), changed.request_ids.len()), (0, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn only_a_private_image_is_prepared_and_only_when_it_was_planned() {
    let members_are_taken = |visibility: &'static str| {
        cloud(move |request| match path(request).ends_with("/members") {
            true => done(&json!({})),
            false => done(&json!({"id": "image-1", "visibility": visibility, "owner": PROJECT})),
        })
    };
    let prepared = |add: &[&str], remove: &[&str]| Change { prepare: true, ..change(add, remove) };

    let cloud = members_are_taken("private");
    assert_eq!(make(&cloud, prepared(&["11"], &[])).await.unwrap().request_ids.len(), 2);
    assert_eq!(writes(&cloud), ["PATCH /v2/images/image-1", "POST /v2/images/image-1/members"]);
    let patch = cloud.requests().into_iter().find(|request| request.method == "PATCH").unwrap();
    assert_eq!(sent(&patch), json!([{"op": "replace", "path": "/visibility", "value": "shared"}]));
    assert_eq!(header(&patch, "Content-Type"), "application/openstack-images-v2.1-json-patch");

    let cloud = members_are_taken("shared");
    make(&cloud, prepared(&["11"], &[])).await.unwrap();
    assert_eq!(writes(&cloud), ["POST /v2/images/image-1/members"], "it is shared meanwhile");

    for visibility in ["public", "community", "moonlit"] {
        let cloud = members_are_taken(visibility);
        let error = make(&cloud, prepared(&["11"], &[])).await.unwrap_err();
        assert_eq!((error.kind, writes(&cloud).len()), (ErrorKind::ImageNotShareable, 0), "{visibility}");
    }

    let cloud = members_are_taken("private");
    make(&cloud, prepared(&[], &["13"])).await.unwrap();
    assert!(writes(&cloud).iter().all(|call| !call.starts_with("PATCH")), "nobody is added");
    make(&cloud, change(&["11"], &[])).await.unwrap();
    assert!(writes(&cloud).iter().all(|call| !call.starts_with("PATCH")), "it was not planned");
}

#[tokio::test(start_paused = true)]
async fn what_was_done_before_a_failure_is_not_forgotten() {
    let cloud = cloud(|request| match request.method.as_str() {
        "POST" => done(&json!({})),
        "DELETE" => refuse(403),
        _ => done(&json!({"id": "image-1", "visibility": "shared", "owner": PROJECT})),
    });
    let changed = make(&cloud, change(&["11"], &["12"])).await.unwrap();
    assert_eq!((failed(&changed), changed.request_ids.len()), (vec![("12", ErrorKind::PermissionDenied)], 1));
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_a_busy_glance_is_mended_by_asking_again() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let cloud = cloud(move |_| match counter.fetch_add(1, Ordering::SeqCst) {
        0 => Answer::status(500, "<html>database is locked"),
        // The first one took effect all the same.
        _ => refuse(409),
    });
    assert_eq!(make(&cloud, change(&["11"], &[])).await, Ok(Changed::default()));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn an_id_that_glance_refuses_is_the_accounts_fault() {
    let changed = make(&refusing(400, "shared", PROJECT), change(&["11"], &[])).await.unwrap();
    assert_eq!(failed(&changed), [("11", ErrorKind::AccountInvalid)]);
}

#[tokio::test(start_paused = true)]
async fn an_image_id_cannot_lead_elsewhere() {
    let cloud = cloud(|_| done(&json!({})));
    let mut elsewhere = change(&["11"], &[]);
    elsewhere.image.id = "..".into();
    assert_eq!(make(&cloud, elsewhere).await.unwrap_err().kind, ErrorKind::ImageNotFound);
    assert_eq!(writes(&cloud), [""; 0]);
}
