//! What receivers are asked, and what their answers mean.

use imgshare_plan::{ExitStatus, Plan, Question, Received, Report, questions, received};
use imgshare_protocol::{Acceptance, Error, ErrorKind, ImageId, ImageState, ReceivedImage, RuleName};

use crate::lines;
use crate::world::World;

/// Account 1 can be asked, account 2 cannot.
const ACME: &str = "cloud acme acme north,south
    cloud mine acme north
    receiver acme 1 verify=mine\n";

fn world(text: &str) -> World {
    World::parse(&format!("{ACME}{text}"))
}

fn asked(world: &World) -> Vec<Question> {
    questions(&world.survey(), &world.actual)
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let asked = asked(&world(text));
    let questions = asked.iter().map(|question| {
        let Question { with, cloud, region, account, .. } = question;
        let images: Vec<_> = question.images.iter().map(|image| image.id.as_str()).collect();
        let rules: Vec<_> = question.rules.iter().map(RuleName::as_str).collect();
        format!("{with}: {cloud} {region} {} {images:?} {rules:?}\n", account.id)
    });
    assert_eq!(questions.collect::<String>(), lines(expected));
}

#[test]
fn a_receiver_that_can_be_asked_is_asked_for_all_that_it_shall_have() {
    check(
        "rule one at=acme:north,south name=a* with=1,2
         rule two at=acme:north all with=1
         image acme north img-a a has=1
         image acme north img-b b
         image acme south img-c a failed=no-answer",
        r#"mine: acme north 1 ["img-a", "img-b"] ["one", "two"]
           mine: acme south 1 ["img-c"] ["one"]"#,
    );
}

#[test]
fn nobody_is_asked_for_what_cannot_be_shared_or_is_not_wanted_by_this_run() {
    check(
        "only rule=mine
         rule mine at=acme:north ids=img-a,img-b with=1
         rule other at=acme:north all with=1
         image acme north img-a a state=pending
         image acme north img-b b unshareable=encrypted
         image acme north img-c c",
        "",
    );
    check("unsupported acme no\n rule r at=acme:north all with=1\n image acme north img-a a", "");
    check("rule r at=acme:north all with=2\n image acme north img-a a", "");
}

#[test]
fn the_question_names_region_images_and_account() {
    let world = world("rule r at=acme:north all with=1\n image acme north img-a a");
    let query = asked(&world)[0].query();
    assert_eq!(
        (query.region, query.images, query.account),
        ("north".into(), vec!["img-a".into()], "1".into())
    );
}

/// The shares of images a to e, of which all but e are granted, as this answer shows them.
fn seen(answer: &Result<Vec<ReceivedImage>, Error>) -> Vec<Received> {
    let images = ["a", "b", "c", "d", "e"].map(|id| format!("image acme north {id} {id}\n")).concat();
    let question = asked(&world(&format!("rule r at=acme:north all with=1\n{images}"))).remove(0);
    received(&question, |image, _| Some(image.as_str() != "e"), answer)
}

fn image(id: &str, state: ImageState, word: &str, acceptance: Option<Acceptance>) -> ReceivedImage {
    ReceivedImage { id: ImageId::from(id), state, cloud_state: word.to_owned(), acceptance }
}

fn answer() -> Result<Vec<ReceivedImage>, Error> {
    Ok(vec![
        image("a", ImageState::Available, "active", Some(Acceptance::Accepted)),
        image("b", ImageState::Available, "active", Some(Acceptance::Pending)),
        image("c", ImageState::Pending, "saving", None),
        image("zzz", ImageState::Available, "active", None),
    ])
}

#[test]
fn granted_visible_and_accepted_are_told_apart() {
    let shares = seen(&answer()).into_iter().map(|share| {
        let Received { image, granted, visible, accepted, state, .. } = share;
        format!("{} {granted:?} {visible:?} {accepted:?} {state:?}\n", image.id)
    });
    let expected = r#"a Some(true) Some(true) Some(Accepted) "active"
        b Some(true) Some(false) Some(Pending) "active"
        c Some(true) Some(false) None "saving"
        d Some(true) Some(false) None ""
        e Some(false) Some(false) None """#;
    assert_eq!(shares.collect::<String>(), lines(expected));
}

#[test]
fn a_granted_share_that_its_receiver_does_not_see_is_told_with_an_action() {
    let troubles: Vec<_> = seen(&answer()).iter().map(Received::trouble).collect();
    let message = |at: usize| troubles[at].as_ref().map(|error: &Error| error.message.as_str());
    assert_eq!(message(0), None);
    assert_eq!(message(1), Some("the share is granted, but its receiver has not accepted it"));
    assert_eq!(message(2), Some("the share is granted, but its receiver sees the image as saving"));
    assert_eq!(message(3), Some("the share is granted, but its receiver does not see it"));
    assert_eq!(message(4), None, "that the share is not there is told by its change");
    let error = troubles[3].as_ref().expect("it has one");
    let context: Vec<_> = error.context.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(context, ["cloud=acme", "region=north", "image=d", "account=1", "asked=mine"]);
    assert!(error.hint.is_some());
}

#[test]
fn a_receiver_that_could_not_be_asked_is_like_something_unreadable() {
    let error = Error::new(ErrorKind::AccountInvalid, "the login is another account's");
    let all = seen(&Err(error.clone()));
    assert!(all.iter().all(|share| share.visible.is_none() && share.error == Some(error.clone())));
    assert_eq!(Plan::default().with_received(all.clone()).exit(), ExitStatus::Error);
    assert_eq!(Report::default().with_received(all).exit(), ExitStatus::Error);
}

#[test]
fn a_share_that_is_granted_and_not_visible_is_a_difference_and_a_failure() {
    let (mut all, nothing) = (seen(&answer()), Plan::default());
    assert_eq!(nothing.clone().with_received(all.clone()).exit(), ExitStatus::Differs);
    assert_eq!(Report::default().with_received(all.clone()).exit(), ExitStatus::Error);
    all.retain(|share| !share.is_hidden());
    assert_eq!(
        nothing.with_received(all.clone()).exit(),
        ExitStatus::Done,
        "what is not granted is a change's to tell"
    );
    assert_eq!(Report::default().with_received(all).exit(), ExitStatus::Done);
}

#[test]
fn the_counts_tell_what_nobody_could_verify() {
    let plan = world(
        "rule r at=acme:north all with=1,2
         image acme north a a has=1,2
         image acme north b b has=1,2
         image acme north c c has=1,2
         image acme north d d has=1,2
         image acme north e e has=2",
    );
    let plan = plan.plan().with_received(seen(&answer()));
    let tally = plan.summary.received;
    assert_eq!((tally.visible, tally.accepted, tally.hidden, tally.unknown), (1, 1, 3, 0));
    assert_eq!((plan.summary.there, tally.not_verified), (9, 5), "those of account 2");
}
