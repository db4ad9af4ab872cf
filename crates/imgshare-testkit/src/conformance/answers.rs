//! What an answer means, whatever was asked: a script gives every request the same one.

use imgshare_protocol::{Changed, Error, ErrorKind, ImagePage, Operation, ReceivedImage, Shares};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::subject::{Subject, Trial, no_panic};
use super::verdict::{Verdict, broken, ensure};
use crate::{Answer, Script};

/// What a gateway says in the cloud's place.
const GATEWAY: &str = "<html><body>not now</body></html>";

/// A body that no listing needs, and that must do no harm.
const HUGE: usize = 1 << 20;

pub(super) fn too_many_calls_are_rate_limited_with_the_clouds_own_wait(subject: &Subject) -> Verdict {
    let answer = || Answer::status(429, GATEWAY).header("retry-after", "7");
    each_failure(subject, "answered with status 429", &answer, |error| {
        ensure(error.kind == ErrorKind::RateLimited, || {
            format!(
                "ends with {error}; make status 429 an error of kind RateLimited, which the host tries again"
            )
        })?;
        ensure(error.retry_after_ms == Some(7000), || {
            let wait = error.retry_after_ms;
            format!(
                "takes the wait of `retry-after: 7` for {wait:?} ms; pass it on with response.with_wait(error)"
            )
        })
    })
}

pub(super) fn a_fault_in_the_cloud_is_unavailable(subject: &Subject) -> Verdict {
    [500, 502, 503, 504].into_iter().try_for_each(|status| {
        let when = format!("answered with status {status}");
        each_failure(subject, &when, &|| Answer::status(status, GATEWAY), is_unavailable)
    })
}

pub(super) fn no_answer_is_unavailable(subject: &Subject) -> Verdict {
    each_failure(subject, "answered by a connection that breaks", &Answer::lost, is_unavailable)?;
    each_failure(subject, "not connected", &Answer::unreachable, is_unavailable)
}

fn is_unavailable(error: &Error) -> Verdict {
    ensure(error.kind == ErrorKind::Unavailable, || {
        format!("ends with {error}; its kind must be Unavailable, which the host tries again")
    })
}

pub(super) fn a_refusal_is_an_error_that_no_wait_can_mend(subject: &Subject) -> Verdict {
    [401, 403, 404, 409].into_iter().try_for_each(|status| {
        let when = format!("answered with status {status}");
        // What a receiver does not find is not shared with it: that is an answer.
        let excused = |operation: &Operation| status == 404 && matches!(operation, Operation::ReadReceived(_));
        each_failure_but(excused, subject, &when, &|| Answer::status(status, GATEWAY), |error| {
            ensure(!error.kind.may_pass(), || {
                format!("ends with {error}, so the host would try it again and again; choose a kind that says what \
                         the user can do")
            })
        })
    })
}

pub(super) fn an_answer_that_is_no_json_is_an_error(subject: &Subject) -> Verdict {
    let cut = r#"{"items": [{"id": "image-1", "na"#;
    let bodies = [Vec::new(), GATEWAY.into(), cut.into(), vec![0xff, 0xfe, 0x00], vec![b' '; HUGE]];
    bodies.iter().try_for_each(|body| {
        let shown = String::from_utf8_lossy(&body[..body.len().min(24)]).into_owned();
        let when = format!("answered with status 200 and {} bytes ({shown:?})", body.len());
        for (operation, trial) in trials(subject, &|| Answer::ok(body.clone()))? {
            no_panic(&operation, &when, trial.result.as_ref())?;
            ensure(trial.result.is_err() || !reads(&operation), || {
                let kind = operation.kind();
                format!("{kind:?} succeeds when {when}; fail with kind Malformed (response.json() does)")
            })?;
        }
        Ok(())
    })
}

pub(super) fn json_of_another_shape_invents_nothing(subject: &Subject) -> Verdict {
    let shapes = ["null", "7", "\"text\"", "true", "[]", "{}", "[7]", "[null]", r#"{"a":{"b":[null]}}"#];
    shapes.into_iter().try_for_each(|shape| {
        let when = format!("answered with status 200 and {shape}");
        for (operation, trial) in trials(subject, &|| Answer::ok(shape))? {
            no_panic(&operation, &when, trial.result.as_ref())?;
            ensure(!trial.result.is_ok_and(|value| holds_something(&operation, &value)), || {
                let kind = operation.kind();
                format!(
                    "{kind:?} finds something when {when}; fail with kind Malformed where a field is missing"
                )
            })?;
        }
        Ok(())
    })
}

/// Whether the result is made of what the cloud answered. A change may go by the status alone.
fn reads(operation: &Operation) -> bool {
    use Operation::{ListImages, ReadReceived, ReadShares, ReadSnapshotShares};
    matches!(operation, ListImages(_) | ReadShares(_) | ReadSnapshotShares(_) | ReadReceived(_))
}

fn holds_something(operation: &Operation, result: &Value) -> bool {
    match operation {
        Operation::ListImages(_) => read::<ImagePage>(result).is_some_and(|page| !page.items.is_empty()),
        Operation::ReadShares(_) | Operation::ReadSnapshotShares(_) => {
            read::<Shares>(result).is_some_and(|shares| !shares.accounts.is_empty())
        }
        Operation::ReadReceived(_) => {
            read::<Vec<ReceivedImage>>(result).is_some_and(|images| !images.is_empty())
        }
        _ => false,
    }
}

fn read<T: DeserializeOwned>(result: &Value) -> Option<T> {
    serde_json::from_value(result.clone()).ok()
}

/// Tries each operation that the description names, on a provider and a cloud of its own. Those that send nothing are
/// left out.
fn trials(subject: &Subject, answer: &dyn Fn() -> Answer) -> Result<Vec<(Operation, Trial)>, super::Lack> {
    let config = subject.sending_config()?;
    let trial = |operation: Operation| {
        let same = answer();
        let cloud = Script::by(move |_| same.clone());
        let trial = subject.attempt(config, &cloud, &operation);
        (operation, trial)
    };
    let trials = subject.operations().into_iter().map(trial);
    Ok(trials.filter(|(_, trial)| !trial.requests.is_empty()).collect())
}

/// Every operation fails in this case, and so that `judge` has nothing against it.
fn each_failure(
    subject: &Subject,
    when: &str,
    answer: &dyn Fn() -> Answer,
    judge: impl Fn(&Error) -> Verdict,
) -> Verdict {
    each_failure_but(|_| false, subject, when, answer, judge)
}

/// The same, but the excused ones may as well find nothing.
fn each_failure_but(
    excused: impl Fn(&Operation) -> bool,
    subject: &Subject,
    when: &str,
    answer: &dyn Fn() -> Answer,
    judge: impl Fn(&Error) -> Verdict,
) -> Verdict {
    for (operation, trial) in trials(subject, answer)? {
        let kind = operation.kind();
        no_panic(&operation, when, trial.result.as_ref())?;
        if excused(&operation)
            && trial.result.as_ref().is_ok_and(|result| !holds_something(&operation, result))
        {
            continue;
        }
        let Some(error) = failure(&operation, trial) else {
            return broken(format!("{kind:?} succeeds when {when}; fail (response.success() does)"));
        };
        judge(&error).map_err(|lack| match lack {
            super::Lack::Broken(sentence) => {
                super::Lack::Broken(format!("{kind:?}, when {when}, {sentence}"))
            }
            unchecked @ super::Lack::Unchecked(_) => unchecked,
        })?;
    }
    Ok(())
}

/// How it failed; a change also fails account by account.
fn failure(operation: &Operation, trial: Trial) -> Option<Error> {
    match (operation, trial.result) {
        (_, Err(error)) => Some(error),
        (Operation::ChangeShares(_) | Operation::ChangeSnapshotShares(_), Ok(value)) => {
            let changed: Changed = serde_json::from_value(value).ok()?;
            changed.failed.into_iter().next().map(|failure| failure.error)
        }
        _ => None,
    }
}
