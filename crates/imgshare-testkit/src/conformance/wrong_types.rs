//! Answers of the right shape with values of the wrong type: what a cloud's next version may say.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_host::http::{HttpRequest, HttpResponse, SendError, Transport};
use imgshare_protocol::{Change, ImagePage, Operation, Shares};
use serde_json::{Value, json};

use super::made_up;
use super::stage::{Props, Stage};
use super::subject::{Subject, no_panic};
use super::verdict::{Verdict, ensure};

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
        let change = Change { image: image.clone(), add: stage.accounts[1..2].to_vec(), ..Change::default() };
        let operations =
            [made_up::listing(), Operation::ReadShares(image.clone()), Operation::ChangeShares(change)];
        for (what, bend) in BENDS {
            for operation in &operations {
                try_one(stage, operation, what, bend).await?;
            }
        }
        Ok(())
    })
}

async fn try_one(stage: &Stage<'_>, operation: &Operation, what: &str, bend: Bend) -> Verdict {
    let provider = stage.provider_through(|cloud| Arc::new(Bent { cloud, bend }))?;
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
        Operation::ListImages(_) => serde_json::from_value::<ImagePage>(result.clone())
            .is_ok_and(|page| page.items.iter().any(|image| image.id.as_str().is_empty())),
        Operation::ReadShares(_) => serde_json::from_value::<Shares>(result.clone())
            .is_ok_and(|shares| shares.accounts.iter().any(|account| account.as_str().is_empty())),
        _ => false,
    }
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
