//! The frozen boundary between host and plugin: version 1.
//!
//! Bytes in, bytes out: a JSON head and a raw body (`imgshare-protocol`). Nothing here ever grows. A second version is
//! a second root type with a symbol of its own beside this one, and the host looks for the newest first.
//!
//! This is the only crate that names `abi_stable`; why, and the way out, stands in `docs/decisions/0001-abi-stable.md`.

use abi_stable::StableAbi;
use abi_stable::library::{LibraryError, RootModule};
use abi_stable::sabi_types::VersionStrings;
use abi_stable::std_types::{RSlice, RVec};

/// The boundary version that this crate describes.
pub const VERSION: u32 = 1;

/// The symbol under which a library exports its root.
pub const ROOT_SYMBOL: &str = "imgshare_root_v1";

/// Names a provider or an exchange to the plugin that opened it. A number, so that a wrong one is an error and never a
/// wild pointer. Zero: none.
#[repr(transparent)]
#[derive(StableAbi, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Handle(pub u64);

impl Handle {
    /// No handle: opening failed.
    pub const NONE: Self = Self(0);
}

/// One message: a JSON head and the bytes that it refers to.
#[repr(C)]
#[derive(StableAbi, Clone, Debug)]
pub struct Frame {
    head: RVec<u8>,
    body: RVec<u8>,
}

impl Frame {
    /// Takes both parts without copying.
    pub fn new(head: Vec<u8>, body: Vec<u8>) -> Self {
        Self { head: head.into(), body: body.into() }
    }

    /// The JSON head.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The bytes behind it.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// What opening something gives: a handle, or none and the reason in the frame.
#[repr(C)]
#[derive(StableAbi, Clone, Debug)]
pub struct Opened {
    /// [`Handle::NONE`] when it failed.
    pub handle: Handle,
    /// Log records, and the error if there is one.
    pub frame: Frame,
}

/// Bytes that are lent for the length of one call.
pub type Bytes<'a> = RSlice<'a, u8>;

/// The root: five functions. The plugin catches every panic of its own inside them.
#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = RootRef)))]
#[sabi(missing_field(panic))]
pub struct Root {
    /// What the provider is and can do.
    pub describe: extern "C" fn() -> Frame,
    /// Opens a provider for one cloud of the config.
    pub connect: extern "C" fn(config: Bytes<'_>) -> Opened,
    /// Opens an exchange: one operation of that provider, not begun yet.
    pub start: extern "C" fn(provider: Handle, operation: Bytes<'_>) -> Opened,
    /// Goes on with an exchange, as far as it can without an answer.
    pub resume: extern "C" fn(exchange: Handle, head: Bytes<'_>, body: Bytes<'_>) -> Frame,
    /// Ends a provider or an exchange, wherever it stands.
    #[sabi(last_prefix_field)]
    pub drop: extern "C" fn(handle: Handle) -> Frame,
}

impl RootModule for RootRef {
    abi_stable::declare_root_module_statics! {RootRef}
    const BASE_NAME: &'static str = "imgshare_provider";
    const NAME: &'static str = "imgshare provider";
    // The boundary's own version, not this crate's: a release must not make old plugins unloadable.
    const VERSION_STRINGS: VersionStrings = VersionStrings::new("1.0.0");
}

/// Why a library's root was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was built with an abi_stable of another kind: nothing in it can be trusted.
    OtherAbi(String),
    /// It exports a root, but of another layout. The text has hundreds of lines.
    OtherLayout(String),
    /// Its root could not be made.
    NoRoot(String),
}

/// What the root symbol of a library points at.
pub type RootHeader = abi_stable::library::AbiHeaderRef;

/// Checks the layout of a library's root and returns it. The library must stay loaded for ever after.
///
/// # Errors
///
/// Says why the library cannot be used; none of its functions has been called then, except its root's constructor.
pub fn root(header: RootHeader) -> Result<RootRef, Refusal> {
    let header = header.upgrade().map_err(|error| Refusal::OtherAbi(error.to_string()))?;
    header.init_root_module::<RootRef>().map_err(|error| match error {
        LibraryError::AbiInstability(_) | LibraryError::IncompatibleVersionNumber { .. } => {
            Refusal::OtherLayout(error.to_string())
        }
        other => Refusal::NoRoot(other.to_string()),
    })
}

/// What the export macro of the SDK needs. Not for anybody else.
#[doc(hidden)]
pub mod export {
    pub use abi_stable::library::{CheckTypeLayout, LibHeader, RootModuleResult};

    use super::{Root, RootRef};
    use abi_stable::prefix_type::PrefixTypeTrait;

    /// Runs the constructor of a root; a panic in it becomes an error.
    pub fn load(make: fn() -> RootRef) -> RootModuleResult {
        abi_stable::library::__call_root_module_loader(make)
    }

    /// Gives a root its place for ever: libraries are never unloaded.
    pub fn leak(root: Root) -> RootRef {
        root.leak_into_prefix()
    }
}
