//! Where credentials are found.

use imgshare_protocol::{CredentialField, ErrorKind, Operation};

use super::made_up;
use super::subject::{Subject, no_panic};
use super::verdict::{Verdict, ensure, unchecked};
use crate::{Answer, FakeWorld, Script};

const OFFLINE: Operation = Operation::FindCredentials { may_ask_network: false };
const ONLINE: Operation = Operation::FindCredentials { may_ask_network: true };

pub(super) fn credentials_of_the_config_are_found(subject: &Subject) -> Verdict {
    let cloud = Script::silent();
    let trial = subject.attempt(subject.sending_config()?, &cloud, &OFFLINE);
    ensure(trial.requests.is_empty(), || {
        "FindCredentials sends a request although it may not ask the network; leave that place out then"
            .into()
    })?;
    ensure(trial.result.is_ok(), || {
        let error = trial.result.err().unwrap_or_default();
        format!("FindCredentials does not find what the config says ({error}); look there first")
    })
}

pub(super) fn credentials_of_each_declared_variable_are_found(subject: &Subject) -> Verdict {
    let fields = &subject.description().credentials;
    let conventions = fields.iter().map(|field| field.environment.len()).max().unwrap_or_default();
    if conventions == 0 {
        return unchecked(
            "no credential field names an environment variable; declare those that the cloud's own \
                          tools use",
        );
    }
    (0..conventions).try_for_each(|which| {
        let named: Vec<_> = fields.iter().filter_map(|field| variable(subject, field, which)).collect();
        let names = named.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let world =
            || named.iter().fold(FakeWorld::default(), |world, (name, value)| world.with_env(name, value));
        let none = subject.config_with([].into_iter());
        let found = subject.attempt_in(world(), &none, &Script::silent(), &OFFLINE).result;
        ensure(found.is_ok(), || {
            let error = found.err().unwrap_or_default();
            format!(
                "credentials in {names} are not found ({error}); read them with cx.env(), or declare others"
            )
        })?;
        let refusing = Script::by(|_| Answer::status(403, ""));
        let listed = subject.attempt_in(world(), &none, &refusing, &made_up::listing());
        let sends = !listed.requests.is_empty() || subject.sending_config().is_err();
        ensure(sends, || {
            let error = listed.result.err().unwrap_or_default();
            format!("credentials in {names} are found, but listing images does not use them ({error})")
        })
    })
}

/// The variable of this field in one of the conventions that a description tells, one after the other.
fn variable<'a>(subject: &Subject, field: &'a CredentialField, which: usize) -> Option<(&'a str, String)> {
    Some((field.environment.get(which)?, subject.credential(&field.name)))
}

pub(super) fn no_credentials_are_made_of_nonsense(subject: &Subject) -> Verdict {
    let none = subject.config_with([].into_iter());
    for body in ["", "<html>", "{}", "[]", "null", r#"{"Code":7}"#, "name"] {
        let when = format!("every address answers {body:?}");
        let trial = subject.attempt(&none, &Script::by(move |_| Answer::ok(body)), &ONLINE);
        no_panic(&ONLINE, &when, trial.result.as_ref())?;
        ensure(trial.requests.is_empty() || trial.result.is_err(), || {
            format!(
                "FindCredentials finds credentials when {when}; fail with kind Malformed where a field is missing"
            )
        })?;
    }
    let trial = subject.attempt(&none, &Script::by(|_| Answer::unreachable()), &ONLINE);
    no_panic(&ONLINE, "nothing can be reached", trial.result.as_ref())?;
    let blamed = trial.result.as_ref().err().map(|error| error.kind);
    let allowed = [None, Some(ErrorKind::CredentialInvalid), Some(ErrorKind::Unavailable)];
    ensure(allowed.contains(&blamed), || {
        format!(
            "FindCredentials without any credentials ends with {blamed:?}; its kind must be CredentialInvalid"
        )
    })
}
