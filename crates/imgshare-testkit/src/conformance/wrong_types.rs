//! Answers of the right shape with values of the wrong type: what a cloud's next version may say.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_host::Provider;
use imgshare_host::http::{HttpRequest, HttpResponse, SendError, Transport};
use imgshare_protocol::{
    AcceptRequest, Change, ImagePage, ImageRef, Operation, ReceivedImage, ReceivedQuery, Shares,
    SnapshotChange, SnapshotRef,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::made_up;
use super::stage::{Props, Stage};
use super::subject::{Subject, no_panic};
use super::verdict::{Verdict, ensure};
use crate::double::Receiver;

/// Turns one value that holds no others into another.
type Bend = fn(&Value) -> Value;

const BENDS: [(&str, Bend); 5] = [
    ("null", |_| Value::Null),
    ("a number", |_| json!(7)),
    ("an object", |_| json!({ "unexpected": 7 })),
    ("a list", |_| json!(["unexpected"])),
    ("a text in place of a number, and the other way round", |value| match value {
        Value::Number(number) => number.to_string().into(),
        Value::String(_) => json!(-1),
        other => other.clone(),
    }),
];

pub(super) fn values_of_other_types_invent_nothing(subject: &Subject) -> Verdict {
    subject.staged(&Props::images(3), async |stage| {
        let image = &stage.images()[0];
        stage.cloud.share(image, &stage.accounts[0]);
        let receiver = stage.cloud.receiver();
        receiver.iter().for_each(|receiver| stage.cloud.share(image, &receiver.account));
        for (what, bend) in BENDS {
            let provider = stage.provider_through(|cloud| Arc::new(Bent { cloud, bend }))?;
            for operation in owners_operations(stage, image) {
                invents_nothing(&provider, &operation, what).await?;
            }
            if let Some(receiver) = &receiver {
                let provider = stage.provider_of(receiver, |cloud| Arc::new(Bent { cloud, bend }))?;
                for operation in receivers_operations(stage, receiver, image) {
                    invents_nothing(&provider, &operation, what).await?;
                }
            }
        }
        Ok(())
    })
}

/// What is asked with the owner's login, as far as it is offered.
fn owners_operations(stage: &Stage<'_>, image: &ImageRef) -> Vec<Operation> {
    let add = || stage.accounts[1..2].to_vec();
    let change = Change { image: image.clone(), add: add(), ..Change::default() };
    let mut operations =
        vec![made_up::listing(), Operation::ReadShares(image.clone()), Operation::ChangeShares(change)];
    for id in stage.cloud.snapshots(image) {
        let snapshot = SnapshotRef { region: image.region.clone(), id };
        operations.push(Operation::ReadSnapshotShares(snapshot.clone()));
        let change = SnapshotChange { snapshot, add: add(), remove: Vec::new() };
        operations.push(Operation::ChangeSnapshotShares(change));
    }
    offered(stage, operations)
}

/// What is asked with a receiver's login, as far as it is offered.
fn receivers_operations(stage: &Stage<'_>, receiver: &Receiver, image: &ImageRef) -> Vec<Operation> {
    let (image, account) = (image.clone(), receiver.account.clone());
    let (region, images) = (image.region.clone(), vec![image.id.clone()]);
    let query = ReceivedQuery { region, images, account: account.clone() };
    let accept = AcceptRequest { image, account };
    offered(stage, vec![Operation::ReadReceived(query), Operation::AcceptShare(accept)])
}

fn offered(stage: &Stage<'_>, mut operations: Vec<Operation>) -> Vec<Operation> {
    operations.retain(|operation| stage.subject.description().can(operation.kind()));
    operations
}

async fn invents_nothing(provider: &Provider, operation: &Operation, what: &str) -> Verdict {
    let when = format!("every value of an answer is {what}");
    let result = provider.ask(operation).await.result;
    no_panic(operation, &when, result.as_ref())?;
    ensure(!result.is_ok_and(|value| is_invented(operation, &value)), || {
        let kind = operation.kind();
        format!(
            "{kind:?} gives images or accounts without an id when {when}; leave them out, or fail with Malformed"
        )
    })
}

fn is_invented(operation: &Operation, result: &Value) -> bool {
    match operation {
        Operation::ListImages(_) => read::<ImagePage>(result)
            .is_some_and(|page| page.items.iter().any(|image| image.id.as_str().is_empty())),
        Operation::ReadShares(_) | Operation::ReadSnapshotShares(_) => read::<Shares>(result)
            .is_some_and(|shares| shares.accounts.iter().any(|account| account.as_str().is_empty())),
        Operation::ReadReceived(_) => read::<Vec<ReceivedImage>>(result)
            .is_some_and(|images| images.iter().any(|image| image.id.as_str().is_empty())),
        _ => false,
    }
}

fn read<T: DeserializeOwned>(result: &Value) -> Option<T> {
    serde_json::from_value(result.clone()).ok()
}

/// A cloud whose answers are bent on their way.
struct Bent {
    cloud: Arc<dyn Transport>,
    bend: Bend,
}

impl Transport for Bent {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        async move {
            let response = self.cloud.send(request).await?;
            let body = match serde_json::from_slice(&response.body) {
                Ok(value) => bent(value, self.bend).to_string().into_bytes(),
                Err(_) => response.body,
            };
            Ok(HttpResponse { body, ..response })
        }
        .boxed()
    }
}

fn bent(value: Value, bend: Bend) -> Value {
    match value {
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, bent(value, bend))).collect(),
        Value::Array(items) => items.into_iter().map(|item| bent(item, bend)).collect(),
        leaf => bend(&leaf),
    }
}
