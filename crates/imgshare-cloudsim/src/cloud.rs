//! What one simulated cloud adds to the shared core.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::http::{Reply, Request};
use crate::ids::{AccountId, ImageId, RegionId};
use crate::turn::Turn;
use crate::world::World;

/// The wire format and the rules of one cloud.
///
/// The core takes a request through `call` (what is it?), the fault rules, `authenticate` (who is it?), the rate
/// limits and `perform`; `render` writes every outcome.
pub(crate) trait Cloud: Send + Sync + 'static {
    /// The provider's name, as configs spell it.
    fn name(&self) -> &'static str;

    /// What is called, read without any check: faults and the journal need it also for calls that are refused.
    fn call(&self, request: &Request) -> Call;

    /// Who calls: the owner of the credential that really signed this request. The world remembers what may not be
    /// used twice.
    fn authenticate(
        &self,
        request: &Request,
        world: &mut World,
        now: Timestamp,
    ) -> Result<AccountId, Refusal>;

    /// Does what is asked; a refusal leaves the world as the cloud would leave it.
    fn perform(&self, turn: &mut Turn<'_>, request: &Request) -> Result<Map<String, Value>, Refusal>;

    /// Writes the outcome of a call on the wire.
    fn render(&self, call: &Call, outcome: Result<Map<String, Value>, Refusal>, request_id: &str) -> Reply;

    /// Whether a call changes nothing. Only such a call can show how things were a while ago.
    fn only_reads(&self, call: &Call) -> bool {
        call.action.starts_with("Describe")
    }

    /// The refusal of a caller who is too fast.
    fn throttled(&self) -> Refusal;

    /// The refusal that is the cloud's own fault.
    fn internal_error(&self) -> Refusal;

    /// An image id in the cloud's form, from a digest.
    fn image_id(&self, digest: &[u8; 32]) -> ImageId;

    /// Whether an image id has the cloud's form.
    fn is_image_id(&self, id: &ImageId) -> bool;

    /// The form of image ids, for people: "img- and eight characters".
    fn image_id_form(&self) -> &'static str;

    /// Every image state that the cloud knows, the one that can be shared first.
    fn states(&self) -> &'static [&'static str];

    /// The state of an image whose making has failed.
    fn failed_state(&self, id: &ImageId) -> &'static str;

    /// Those of the states in which an image is still being made.
    fn unfinished_states(&self) -> &'static [&'static str];
}

/// What is called: action, region, and the rest of the request that tells one call from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) action: String,
    pub(crate) region: RegionId,
    /// Everything that a repetition of the same call repeats: no time, no nonce, no signature.
    pub(crate) subject: Vec<u8>,
}

/// A documented "no": the cloud's code and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
    /// What the answer says beside code and message.
    pub(crate) details: Map<String, Value>,
}

impl Refusal {
    pub(crate) fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), details: Map::new() }
    }

    pub(crate) fn with_detail(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}
