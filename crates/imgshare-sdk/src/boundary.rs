//! The five exported functions, over any [`Provider`]. Each runs inside one guard.

use std::sync::{Arc, Mutex, PoisonError};

use imgshare_abi::{Bytes, Frame, Handle, Root};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::exchange::{self, Exchange};
use crate::guard::guarded;
use crate::kept::Kept;
use crate::records::collecting;
use crate::table::{self, Opened};
use crate::{
    Context, Description, End, Error, ErrorKind, Json, Level, Operation, OperationKind, Provider, Receipt,
    Result, Resume, Step,
};

/// The crate that a provider is exported from.
pub trait Named {
    /// The crate's name: the provider's name.
    const NAME: &'static str;
    /// The crate's version.
    const VERSION: &'static str;
}

/// The root of a library with this provider.
pub fn root<P: Provider + Named>() -> Root {
    Root { describe: describe::<P>, connect: connect::<P>, start: start::<P>, resume, drop }
}

extern "C" fn describe<P: Provider + Named>() -> Frame {
    let end = match guarded(|| described::<P>().and_then(|description| json(&description))) {
        Ok(Ok(description)) => End::Done { result: description },
        Ok(Err(error)) | Err(error) => End::Failed { error },
    };
    frame(&end, Vec::new())
}

fn described<P: Provider + Named>() -> Result<Description> {
    use OperationKind::{ChangeShares, FindCredentials, ListImages, ReadShares};
    let mut operations = vec![FindCredentials, ListImages, ReadShares, ChangeShares];
    operations.extend_from_slice(P::OPERATIONS);
    let description = P::describe();
    Ok(Description { name: P::NAME.into(), version: P::VERSION.into(), operations, ..description })
}

extern "C" fn connect<P: Provider>(config: Bytes<'_>) -> imgshare_abi::Opened {
    opened(|| {
        let provider = P::connect(from_json(&config)?)?;
        Ok(Opened::Provider(Arc::new(provider), Kept::default()))
    })
}

extern "C" fn start<P: Provider>(provider: Handle, operation: Bytes<'_>) -> imgshare_abi::Opened {
    opened(|| {
        let (provider, kept) = table::provider::<P>(provider)?;
        let operation = from_json(&operation)?;
        let exchange = Exchange::new(kept, move |cx| begin(provider, cx, operation));
        Ok(Opened::Exchange(Arc::new(Mutex::new(exchange))))
    })
}

fn begin<P: Provider>(provider: Arc<P>, cx: Context, operation: Operation) -> exchange::Operation {
    Box::pin(async move {
        match operation {
            Operation::FindCredentials { may_ask_network } => {
                json(&provider.find_credentials(&cx, may_ask_network).await?)
            }
            Operation::ListImages(query) => json(&provider.list_images(&cx, query).await?),
            Operation::ReadShares(image) => json(&provider.read_shares(&cx, &image).await?),
            Operation::ChangeShares(change) => json(&provider.change_shares(&cx, &change).await?),
            Operation::CopyImage(copy) => json(&provider.copy_image(&cx, &copy).await?),
            Operation::ReadSnapshotShares(snapshot) => {
                json(&provider.read_snapshot_shares(&cx, &snapshot).await?)
            }
            Operation::ChangeSnapshotShares(change) => {
                json(&provider.change_snapshot_shares(&cx, &change).await?)
            }
            Operation::AcceptShare(share) => json(&provider.accept_share(&cx, &share).await?),
            Operation::ReadReceived(query) => json(&provider.read_received(&cx, &query).await?),
            Operation::Unknown => {
                Err(Error::new(ErrorKind::Unsupported, "the plugin does not know this operation")
                    .with_hint("update the plugin"))
            }
        }
    })
}

extern "C" fn resume(exchange: Handle, head: Bytes<'_>, body: Bytes<'_>) -> Frame {
    let (step, bytes) = match guarded(|| resumed(exchange, &head, &body)) {
        Ok(Ok(step)) => step,
        Ok(Err(error)) | Err(error) => {
            (Step { end: Some(End::Failed { error }), ..Step::default() }, Vec::new())
        }
    };
    frame(&step, bytes)
}

fn resumed(exchange: Handle, head: &[u8], body: &[u8]) -> Result<(Step, Vec<u8>)> {
    let exchange = table::exchange(exchange)?;
    let resume: Resume = from_json(head)?;
    let mut exchange = exchange.lock().unwrap_or_else(PoisonError::into_inner);
    let (step, records) = collecting(resume.level, || guarded(|| exchange.resume(resume, body)));
    let step = step.unwrap_or_else(|error| Step { end: Some(End::Failed { error }), ..Step::default() });
    Ok((Step { records, ..step }, exchange.body()))
}

extern "C" fn drop(handle: Handle) -> Frame {
    let (dropped, records) = collecting(Level::Info, || guarded(|| table::take(handle).map(std::mem::drop)));
    let error = dropped.and_then(std::convert::identity).err();
    frame(&Receipt { error, records }, Vec::new())
}

fn opened(open: impl FnOnce() -> Result<Opened>) -> imgshare_abi::Opened {
    let (opened, records) = collecting(Level::Info, || guarded(open));
    let (handle, error) = match opened.and_then(std::convert::identity) {
        Ok(opened) => (table::put(opened), None),
        Err(error) => (Handle::NONE, Some(error)),
    };
    imgshare_abi::Opened { handle, frame: frame(&Receipt { error, records }, Vec::new()) }
}

fn frame(head: &impl Serialize, body: Vec<u8>) -> Frame {
    // A step with a signed request fits in: growing to its size would copy it three times.
    let mut text = Vec::with_capacity(1024);
    // Plain data of our own always has a JSON form; what is no JSON is refused by the host with a sentence of its own.
    let _ = serde_json::to_writer(&mut text, head);
    Frame::new(text, body)
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    imgshare_protocol::read_json(bytes).map_err(|error| {
        Error::new(ErrorKind::Malformed, format!("a message of the host is not understood: {error}"))
    })
}

fn json(value: &impl Serialize) -> Result<Json> {
    Json::of(value)
        .map_err(|error| Error::new(ErrorKind::Malformed, format!("a result has no JSON form: {error}")))
}
