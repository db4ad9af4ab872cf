//! What must hold of any operation, whatever the cloud.

use futures_util::FutureExt as _;
use imgshare_protocol::{Connect, ErrorKind, ImageQuery, ImageRef, Operation};
use serde_json::json;

use super::Verdict;
use super::subject::Subject;
use crate::Script;

pub(super) fn connecting_takes_credentials_as_they_are(subject: &Subject) -> Verdict {
    let cloud = Script::silent();
    subject.connect(&subject.config(), &cloud).map(drop).map_err(|error| {
        format!("connect refuses made-up credentials ({error}); leave it to the cloud to judge them")
    })
}

pub(super) fn connecting_survives_nonsense(subject: &Subject) -> Verdict {
    for config in nonsense(subject) {
        let connected = subject.connect(&config, &Script::silent()).map(drop);
        if let Err(error) = connected
            && error.kind == ErrorKind::Panicked
        {
            return Err(format!(
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

pub(super) fn an_unknown_operation_is_unsupported(subject: &Subject) -> Verdict {
    let cloud = Script::silent();
    let provider = subject.connect(&subject.config(), &cloud).map_err(|error| cannot_connect(&error))?;
    match subject.block_on(provider.ask(&Operation::Unknown)).result {
        Err(error) if error.kind == ErrorKind::Unsupported => Ok(()),
        Err(error) => Err(format!("an unknown operation fails with {error}; its kind must be unsupported")),
        Ok(_) => Err("an unknown operation succeeds; answer it with an error of kind unsupported".into()),
    }
}

pub(super) fn an_operation_can_be_dropped_at_its_first_step(subject: &Subject) -> Verdict {
    let cloud = Script::silent();
    let provider = subject.connect(&subject.config(), &cloud).map_err(|error| cannot_connect(&error))?;
    for operation in operations() {
        let ended = subject.block_on(async { provider.ask(&operation).now_or_never() });
        if let Some(Err(error)) = ended.map(|ended| ended.result)
            && error.kind == ErrorKind::Panicked
        {
            return Err(format!("{:?} panics before any answer came ({error})", operation.kind()));
        }
        if cloud.in_flight() > 0 {
            return Err(format!("{:?} leaves a request on its way when it is dropped", operation.kind()));
        }
    }
    Ok(())
}

fn operations() -> [Operation; 3] {
    let image = ImageRef { region: "conformance-1".into(), id: "image-1".into() };
    let query = ImageQuery { region: image.region.clone(), ..ImageQuery::default() };
    [
        Operation::FindCredentials { may_ask_network: true },
        Operation::ListImages(query),
        Operation::ReadShares(image),
    ]
}

fn cannot_connect(error: &imgshare_protocol::Error) -> String {
    format!("connect refuses made-up credentials ({error}), so nothing can be asked")
}
