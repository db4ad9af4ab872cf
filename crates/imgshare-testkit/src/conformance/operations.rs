//! What must hold of any operation, whatever the cloud.

use imgshare_protocol::{Connect, ErrorKind, Operation};
use serde_json::json;

use super::description::BASIC;
use super::made_up;
use super::subject::Subject;
use super::verdict::{Lack, Verdict, broken, ensure};
use crate::Script;

pub(super) fn connecting_takes_credentials_as_they_are(subject: &Subject) -> Verdict {
    let cloud = Script::silent();
    subject.connect(&subject.config(), &cloud).map(drop).map_err(|error| {
        let sentence = "connect refuses made-up credentials";
        Lack::Broken(format!("{sentence} ({error}); leave it to the cloud to judge them"))
    })
}

pub(super) fn connecting_survives_nonsense(subject: &Subject) -> Verdict {
    for config in nonsense(subject) {
        let connected = subject.connect(&config, &Script::silent()).map(drop);
        if let Err(error) = connected
            && error.kind == ErrorKind::Panicked
        {
            return broken(format!(
                "connect panics ({error}) for {config:?}; return an error that names the key"
            ));
        }
    }
    Ok(())
}

fn nonsense(subject: &Subject) -> Vec<Connect> {
    let settings = [json!([1, "two"]), json!("text"), json!(-7), json!({ "no_such_setting": [null] })];
    let mut configs: Vec<_> =
        settings.into_iter().map(|settings| Connect { settings, ..subject.config() }).collect();
    let endpoints = ["", "://", "https://", "not an address"];
    configs.extend(endpoints.map(|text| Connect { endpoint: Some(text.into()), ..subject.config() }));
    let fields = &subject.description().credentials;
    let empty = fields.iter().map(|field| (field.name.clone(), String::new())).collect();
    configs.push(Connect { credentials: empty, ..subject.config() });
    configs.push(Connect::default());
    configs
}

pub(super) fn what_is_not_offered_is_unsupported(subject: &Subject) -> Verdict {
    let description = subject.description();
    let all = made_up::operations(&description.account_id.example, &description.limits);
    let is_left_out = |kind| !BASIC.contains(&kind) && !description.can(kind);
    all.iter().filter(|operation| is_left_out(operation.kind())).try_for_each(|operation| {
        let trial = subject.attempt(&subject.config(), &Script::silent(), operation);
        let unsupported = trial.result.as_ref().is_err_and(|error| error.kind == ErrorKind::Unsupported);
        ensure(unsupported && trial.requests.is_empty(), || {
            let kind = operation.kind();
            format!(
                "{kind:?} is not among the operations, and is not answered with an error of kind unsupported; name it in \
                 OPERATIONS, or leave its method out"
            )
        })
    })
}

pub(super) fn an_unknown_operation_is_unsupported(subject: &Subject) -> Verdict {
    match subject.attempt(&subject.config(), &Script::silent(), &Operation::Unknown).result {
        Err(error) if error.kind == ErrorKind::Unsupported => Ok(()),
        Err(error) => {
            broken(format!("an unknown operation fails with {error}; its kind must be unsupported"))
        }
        Ok(_) => broken("an unknown operation succeeds; answer it with an error of kind unsupported"),
    }
}
