//! What a cloud answered to a call that it did.

use crate::{Region, Result};

/// An answer, and by what the cloud knows the call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer<T> {
    /// The answer itself.
    pub value: T,
    /// The cloud's id of the call; empty when it gave none.
    pub request_id: String,
}

impl<T> Answer<T> {
    /// The same, after a line in the log: whether the call was done or refused, its request id, and the cloud's code.
    ///
    /// # Errors
    ///
    /// The one that was read.
    pub fn logged(read: Result<Self>, action: &str, region: &Region) -> Result<Self> {
        match &read {
            Ok(Self { request_id, .. }) => tracing::debug!(action, %region, request_id, "done"),
            Err(error) => {
                let request_id = error.request_id.as_deref().unwrap_or_default();
                let code = error.code.as_deref().unwrap_or("none");
                tracing::debug!(action, %region, request_id, code, "refused");
            }
        }
        read
    }

    /// The request id, if there is one.
    pub fn some_request_id(&self) -> Option<String> {
        Some(self.request_id.clone()).filter(|id| !id.is_empty())
    }
}
