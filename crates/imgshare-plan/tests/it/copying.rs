//! Copies while they are made, and what the report says of them.

use imgshare_plan::{CopyOutcome, CopySeen, Outcome, Plan, PlannedCopy, Report, SharesRead};
use imgshare_protocol::{Changed, Copied, Error, ErrorKind, Image, ImageRef, Shares};

use crate::world::World;
use crate::{lines, text};

fn plan(how: &str) -> Plan {
    World::parse(&format!(
        "cloud acme acme north,south per-change=1
         provider acme copies={how}
         rule golden at=acme:south from=north all with=1,2
         image acme north img-a g
         region acme south"
    ))
    .plan()
}

/// What the copy is seen as among these images.
fn seen(copy: &PlannedCopy, images: &str, known: Option<&str>) -> CopySeen {
    let images = images.lines().map(|image| format!("image acme south {}\n", image.trim()));
    let world = format!("cloud acme acme south\n{}region acme south", images.collect::<String>());
    let images: Vec<Image> = World::parse(&world).images("acme", "south");
    copy.seen(&images, known.map(Into::into).as_ref())
}

fn making(id: &str) -> CopySeen {
    CopySeen::Making { id: id.into(), percent: None }
}

fn failed(id: &str, cloud_state: &str) -> CopySeen {
    CopySeen::Failed { id: id.into(), cloud_state: cloud_state.to_owned() }
}

#[test]
fn a_copy_is_seen_by_its_source_as_the_plan_would_recognise_it() {
    let copy = &plan("tag").copies[0];
    assert_eq!(seen(copy, "x g", None), CopySeen::Missing);
    assert_eq!(seen(copy, "x other of=img-a state=pending", None), making("x"));
    assert_eq!(seen(copy, "x g of=img-a state=failed:BAD\n y g of=img-a state=pending", None), making("y"));
    assert_eq!(seen(copy, "x g of=img-a t=2\n y g of=img-a t=1", None), CopySeen::Usable("y".into()));
    assert_eq!(seen(copy, "x g of=img-a state=failed:BAD", None), failed("x", "BAD"));
}

#[test]
fn a_copy_is_seen_by_its_name_unless_several_have_it() {
    let copy = &plan("name").copies[0];
    assert_eq!(seen(copy, "x other of=img-a", None), CopySeen::Missing);
    assert_eq!(seen(copy, "x g state=odd:ODD", None), making("x"));
    assert_eq!(seen(copy, "x g\n y g", None), CopySeen::Ambiguous);
}

#[test]
fn a_copy_whose_id_is_known_is_that_image_whatever_its_name() {
    let copy = &plan("name").copies[0];
    assert_eq!(seen(copy, "x g\n y g\n z other", Some("z")), CopySeen::Usable("z".into()));
    assert_eq!(seen(copy, "x g", Some("z")), CopySeen::Missing);
    let begun = PlannedCopy { begun: Some("y".into()), ..copy.clone() };
    assert_eq!(seen(&begun, "x g\n y g state=pending", None), making("y"));
}

#[test]
fn a_usable_copy_lacks_the_accounts_that_it_does_not_have() {
    let copy = &plan("tag").copies[0];
    let read = |ids: &[&str]| {
        let accounts = ids.iter().map(|id| (*id).into()).collect();
        SharesRead::from(Shares { accounts, ..Shares::default() })
    };
    let change = |read| copy.share(&"x".into(), &read);
    let all = change(read(&[])).expect("it was read").expect("two are missing");
    assert_eq!(text::change(&all), "acme south x [golden]: +1 +2");
    assert_eq!(text::calls(&all.batches()), "+1\n+2\n");
    assert_eq!(
        text::change(&change(read(&["1", "9"])).expect("read").expect("one")),
        "acme south x [golden]: +2"
    );
    assert_eq!(change(read(&["1", "2"])), Ok(None));
    assert!(change(SharesRead::NotRead).is_err(), "what was not read is not taken for unshared");
    let error = Error::new(ErrorKind::Unavailable, "no-answer");
    assert_eq!(change(SharesRead::Failed(error.clone())), Err(error));
}

#[test]
fn the_call_names_one_region_and_the_copy() {
    let request = plan("tag").copies[0].request("t".to_owned());
    assert_eq!(request.source, ImageRef { region: "north".into(), id: "img-a".into() });
    assert_eq!((request.regions, request.name.as_deref()), (vec!["south".into()], Some("g")));
    let nameless = PlannedCopy::default().request(String::new());
    assert_eq!(nameless.name, None, "no cloud takes an empty one");
}

/// A copy that the cloud has accepted under this id.
fn accepted(plan: &Plan, id: Option<&str>) -> CopyOutcome {
    let mut outcome = CopyOutcome::new(plan.copies[0].key());
    let image = |id: &str| ImageRef { region: "south".into(), id: id.into() };
    let images = id.map(image).into_iter().collect();
    outcome.answered(Ok(Copied { images, request_ids: vec!["r".to_owned()] }), 1);
    outcome
}

/// It is shared with these of its two accounts.
fn shared(plan: &Plan, outcome: &mut CopyOutcome, answers: &[bool]) {
    let nobody = SharesRead::from(Shares::none());
    let change = plan.copies[0].share(&"x".into(), &nobody).expect("read").expect("two accounts");
    let mut share = Outcome::new(change.key());
    for (batch, accepted) in change.batches().iter().zip(answers) {
        let answer = if *accepted { Ok(Changed::default()) } else { Err(error("refused")) };
        share.answered(batch, answer, 1);
    }
    outcome.share = Some((change, share));
}

fn error(message: &str) -> Error {
    Error::new(ErrorKind::Unavailable, message)
}

#[track_caller]
fn check(plan: &Plan, outcome: Option<CopyOutcome>, expected: &str) -> Report {
    let report = Report::new(plan, [], outcome);
    assert_eq!(text::report(&report), lines(expected));
    report
}

#[test]
fn a_copy_that_is_usable_and_shared_is_done() {
    let plan = plan("tag");
    let mut outcome = accepted(&plan, Some("x"));
    outcome.saw(CopySeen::Usable("x".into()));
    shared(&plan, &mut outcome, &[true, true]);
    let report = check(&plan, Some(outcome), "copy img-a south x done\n exit 0");
    assert_eq!((report.summary.copies.done, report.summary.additions), (1, 2));
    let json = serde_json::to_value(&report).expect("reports have a JSON form");
    assert_eq!(
        (&json["copies"][0]["source"]["id"], &json["copies"][0]["image"]),
        (&"img-a".into(), &"x".into())
    );
    assert_eq!(json["copies"][0]["share"]["state"], "granted");
    assert_eq!(serde_json::from_value::<Report>(json).expect("which can be read"), report);
}

#[test]
fn a_copy_that_not_all_accounts_have_is_partly_done() {
    let plan = plan("tag");
    let mut outcome = accepted(&plan, Some("x"));
    outcome.saw(CopySeen::Usable("x".into()));
    let mut unread = outcome.clone();
    shared(&plan, &mut outcome, &[true, false]);
    check(&plan, Some(outcome), "copy img-a south x partly\n exit 3");
    unread.error = Some(error("no-answer"));
    check(&plan, Some(unread), "copy img-a south x partly (no-answer)\n exit 3");
}

#[test]
fn a_copy_that_is_still_on_its_way_at_the_end_is_not_done() {
    let plan = plan("tag");
    let mut outcome = accepted(&plan, Some("x"));
    check(&plan, Some(outcome.clone()), "copy img-a south x begun\n exit 3");
    check(&plan, Some(accepted(&plan, None)), "copy img-a south begun\n exit 3");
    outcome.saw(making("x"));
    outcome.error = Some(error("time is over"));
    check(&plan, Some(outcome.clone()), "copy img-a south x begun (time is over)\n exit 3");
    outcome.attempts = 0;
    let report = check(&plan, Some(outcome), "copy img-a south x begun (time is over)\n exit 1");
    assert_eq!(report.summary.copies.begun, 1, "begun by an earlier run, so this one has changed nothing");
}

#[test]
fn a_copy_that_the_cloud_refused_or_broke_failed() {
    let plan = plan("tag");
    let mut refused = CopyOutcome::new(plan.copies[0].key());
    refused.answered(Err(error("quota")), 1);
    check(&plan, Some(refused.clone()), "copy img-a south failed (quota)\n exit 1");
    refused.saw(making("x"));
    check(&plan, Some(refused), "copy img-a south x begun\n exit 3");
    let mut broken = accepted(&plan, Some("x"));
    broken.saw(failed("x", "SYNCFAILED"));
    check(&plan, Some(broken), "copy img-a south x failed (the copy x failed (SYNCFAILED))\n exit 3");
    let mut twice = CopyOutcome::new(plan.copies[0].key());
    twice.saw(CopySeen::Ambiguous);
    let expected = "copy img-a south failed (several images of the region could be the copy)\n exit 1";
    check(&plan, Some(twice), expected);
}

#[test]
fn a_copy_that_was_not_begun_is_interrupted_and_one_that_was_not_picked_is_skipped() {
    let plan = plan("tag");
    check(&plan, None, "copy img-a south interrupted\n exit 1");
    check(&plan, Some(CopyOutcome::new(plan.copies[0].key())), "copy img-a south interrupted\n exit 1");
    check(&plan.only(&[].into(), &[].into()), None, "copy img-a south skipped\n exit 0");
}
