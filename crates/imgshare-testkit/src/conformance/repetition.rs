//! The same answers give the same requests: a failure that was recorded can be seen again.

use imgshare_protocol::Operation;

use super::subject::Subject;
use super::verdict::{Verdict, ensure};
use crate::{Answer, Script};

/// Maps and sets in a random order may be in the same one by chance.
const REPETITIONS: usize = 4;

pub(super) fn the_same_answers_give_the_same_requests(subject: &Subject) -> Verdict {
    let config = subject.sending_config()?;
    subject.operations().iter().try_for_each(|operation| {
        let requests = || {
            let busy = Script::by(|_| Answer::status(503, ""));
            subject.attempt(config, &busy, operation).requests
        };
        let first = requests();
        (1..REPETITIONS).try_for_each(|_| {
            let again = requests();
            ensure(first == again, || differ(operation, first.len(), again.len()))
        })
    })
}

fn differ(operation: &Operation, first: usize, again: usize) -> String {
    let kind = operation.kind();
    format!(
        "{kind:?} sends other requests ({first}, then {again} of them) for the same answers at the same time; take time \
         and nonces from the Context only, and order from BTreeMap"
    )
}
