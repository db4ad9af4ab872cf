//! What could not be read, and what was not.

use imgshare_plan::{SharesPool, SharesRead};
use imgshare_protocol::{Error, ErrorKind, Shares};

use crate::check;

#[test]
fn an_image_whose_shares_could_not_be_read_is_never_changed() {
    check(
        "cloud acme acme north
         rule strict at=acme:north exact all with=1
         image acme north img-a ubuntu failed=no-answer
         image acme north img-b ubuntu",
        "acme north img-b [strict]: +1
         unreadable acme north img-a [strict]: no-answer",
    );
}

#[test]
fn a_region_that_could_not_be_listed_is_never_changed_and_names_its_rules() {
    check(
        "cloud acme acme north,south
         rule one at=acme:north,south all with=1
         rule two at=acme:south all with=2
         rule elsewhere at=acme:north all with=3
         region acme south failed=no-answer
         image acme north img-a ubuntu",
        "acme north img-a [one,elsewhere]: +1 +3
         unreadable acme south - [one,two]: no-answer",
    );
}

#[test]
fn a_region_that_was_not_surveyed_is_neither_planned_nor_wrong() {
    check(
        "cloud acme acme north,south
         rule golden at=acme:north,south all with=1
         image acme north img-a ubuntu has=1",
        "right 1",
    );
}

#[test]
fn an_image_that_the_listing_says_nobody_has_needs_no_read() {
    check(
        "cloud acme acme north
         rule golden at=acme:north all with=1
         image acme north img-a ubuntu unshared",
        "acme north img-a [golden]: +1",
    );
}

#[test]
fn a_selected_image_that_nobody_asked_for_is_not_taken_for_unshared() {
    check(
        "cloud acme acme north
         rule golden at=acme:north all with=1
         image acme north img-a ubuntu unread",
        "unreadable acme north img-a [golden]: the image's shares were not read",
    );
}

#[test]
fn a_selected_image_that_cannot_be_shared_now_is_blocked_with_its_state() {
    check(
        "cloud acme acme north
         rule golden at=acme:north all with=1,2
         image acme north img-a a state=pending:CREATING
         image acme north img-b b state=failed:CREATEFAILED
         image acme north img-c c state=unavailable
         image acme north img-d d state=melting:MELTING
         image acme north img-e e unshareable=encrypted",
        "blocked image_state acme north img-a [golden] 1,2: image is not available yet (CREATING)
         blocked image_state acme north img-b [golden] 1,2: image is broken: making it failed (CREATEFAILED)
         blocked image_state acme north img-c [golden] 1,2: image is switched off
         blocked image_state acme north img-d [golden] 1,2: image is in a state that this version does not know (MELTING)
         blocked image_unshareable acme north img-e [golden] 1,2: image cannot be shared: encrypted",
    );
}

#[test]
fn a_cloud_that_cannot_share_is_blocked_rule_by_rule_and_the_others_go_on() {
    check(
        "cloud stone rock north
         cloud acme acme north
         unsupported rock images are private there, use snapshots
         rule one at=stone:north at=acme:north all with=1
         rule two at=stone:north all with=2
         image acme north img-a ubuntu
         image stone north img-b ubuntu",
        "acme north img-a [one]: +1
         blocked sharing_unsupported stone - - [one] 1: images are private there, use snapshots
         blocked sharing_unsupported stone - - [two] 2: images are private there, use snapshots",
    );
}

#[test]
fn an_id_that_no_region_of_its_rule_has_is_blocked() {
    check(
        "cloud acme acme north,south
         rule golden at=acme:north,south ids=img-a,img-b,img-z with=1
         image acme north img-a ubuntu has=1
         image acme south img-b ubuntu has=1",
        "blocked image_missing acme - img-z [golden] 1: no region of the rule has an image with this id
         right 2",
    );
}

#[test]
fn an_id_is_not_missing_when_another_cloud_of_its_rule_has_it() {
    check(
        "cloud acme acme north
         cloud other acme north
         rule golden at=acme:north at=other:north ids=img-a,img-b with=1
         image acme north img-a ubuntu has=1
         image other north img-b ubuntu has=1",
        "right 2",
    );
}

#[test]
fn an_id_is_not_called_missing_while_a_region_is_unread() {
    check(
        "cloud acme acme north,south
         rule golden at=acme:north,south ids=img-z with=1
         region acme north
         region acme south failed=no-answer",
        "unreadable acme south - [golden]: no-answer",
    );
}

#[test]
fn answers_that_are_alike_are_kept_once_and_the_others_as_they_are() {
    let read = |id: &str, grants: &[&str]| {
        let other_grants = grants.iter().map(|grant| (*grant).to_owned()).collect();
        SharesRead::from(Shares { accounts: [id.into()].into(), other_grants, ..Shares::default() })
    };
    let mut pool = SharesPool::default();
    let (one, again) = (pool.keep(read("1", &[])), pool.keep(read("1", &[])));
    let (SharesRead::Read(one), SharesRead::Read(again)) = (one, again) else { panic!("both were read") };
    assert!(std::sync::Arc::ptr_eq(&one, &again));
    let failed = SharesRead::Failed(Error::new(ErrorKind::Unavailable, "no-answer"));
    for other in [read("1", &["everybody"]), read("2", &[]), failed, SharesRead::NotRead] {
        assert_eq!(pool.keep(other.clone()), other);
    }
}
