//! What the author of an imgshare provider sees.
//!
//! A provider is an ordinary async trait and one export line. It has no socket, clock, runtime, thread or file of its
//! own: what it needs it asks of the [`Context`], and the host does it.
//!
//! ```
//! use imgshare_sdk::*;
//!
//! struct Acme;
//!
//! impl Provider for Acme {
//!     fn describe() -> Description {
//!         Description { display_name: "Acme Cloud".into(), ..Description::default() }
//!     }
//!
//!     fn connect(_config: Connect) -> Result<Self> {
//!         Ok(Acme)
//!     }
//!
//!     async fn list_images(&self, cx: &Context, query: ImageQuery) -> Result<Page<Image>> {
//!         let request = Request::get(format!("https://api.acme.example/{}/images", query.region));
//!         let names: Vec<String> = cx.send(request).await?.json()?;
//!         let image = |name: String| Image { id: name.clone().into(), name, ..Image::default() };
//!         Ok(Page { items: names.into_iter().map(image).collect(), next: vec![] })
//!     }
//!
//!     async fn read_shares(&self, _cx: &Context, _image: &ImageRef) -> Result<Shares> {
//!         Ok(Shares::none())
//!     }
//!
//!     async fn change_shares(&self, _cx: &Context, _change: &Change) -> Result<Changed> {
//!         Err(Error::new(ErrorKind::Unsupported, "acme has no sharing"))
//!     }
//! }
//!
//! export_provider!(Acme);
//! ```
//!
//! What most clouds need besides, each in a module of one topic:
//!
//! - [`credentials`]: finding the owner's keys, and saying where they are or are not
//! - [`endpoint`]: the addresses that a config names, and regions in a host's name
//! - [`settings`]: reading `[clouds.X.settings]`
//! - [`signing`] and [`time`]: what signatures are made of, as pure functions
//! - [`answer`], [`codes`] and [`Response`]: what a cloud says, and its error codes by what the user can do about them
//! - [`paging`]: which pages of a listing are still to be asked for
//! - [`copying`] and [`progress`]: keys, tags and tokens of copies, and how far a cloud is with one
//! - [`change_batches`]: changing accounts in batches, past the bad ones
//!
//! `docs/writing-a-provider.md` leads from nothing to a working provider.

pub mod answer;
mod boundary;
pub mod codes;
mod context;
pub mod copying;
pub mod credentials;
pub mod endpoint;
mod exchange;
mod guard;
mod http;
mod isolate;
mod kept;
mod object;
pub mod paging;
mod passport;
pub mod progress;
mod provider;
pub mod receiving;
mod records;
mod secret;
pub mod settings;
pub mod signing;
mod table;
pub mod time;

pub use context::Context;
pub use futures_util::future::{join_all, try_join_all};
pub use futures_util::{join, try_join};
pub use http::{Request, Response};
pub use imgshare_protocol::*;
pub use isolate::{AccountCalls, change_batches, change_isolating};
pub use object::Object;
pub use provider::Provider;
pub use secret::Secret;

/// Compiles what the author's guide shows.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/writing-a-provider.md")]
mod guide {}

/// What [`export_provider!`] needs. Not for anybody else.
#[doc(hidden)]
pub mod export {
    pub use crate::boundary::{Named, root};
    pub use crate::passport::{PASSPORT_BYTES, Passport, encode};
    pub use imgshare_abi::RootRef;
    pub use imgshare_abi::export::*;
}

/// Exports a [`Provider`] from a `cdylib` crate. Use it once, at the top level of the crate.
///
/// The provider's name and version are the crate's.
#[macro_export]
macro_rules! export_provider {
    ($provider:ty) => {
        #[allow(
            unsafe_code,
            non_upper_case_globals,
            reason = "exported symbols have the names and the form that the host looks for"
        )]
        const _: () = {
            // The host reads this before any code of the library runs.
            #[unsafe(no_mangle)]
            #[used]
            #[cfg_attr(target_os = "linux", unsafe(link_section = ".imgshare_passport"))]
            #[cfg_attr(target_os = "macos", unsafe(link_section = "__DATA,__imgshare"))]
            #[cfg_attr(windows, unsafe(link_section = ".imgpass"))]
            static imgshare_passport_v1: [u8; $crate::export::PASSPORT_BYTES] =
                $crate::export::encode(&$crate::export::Passport {
                    name: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    panic: if cfg!(panic = "abort") { "abort" } else { "unwind" },
                });

            impl $crate::export::Named for $provider {
                const NAME: &'static str = env!("CARGO_PKG_NAME");
                const VERSION: &'static str = env!("CARGO_PKG_VERSION");
            }

            extern "C" fn load() -> $crate::export::RootModuleResult {
                $crate::export::load(|| $crate::export::leak($crate::export::root::<$provider>()))
            }

            // SAFETY: `load` makes its root with `leak`, which gives a `RootRef`, the type named here.
            #[unsafe(no_mangle)]
            static imgshare_root_v1: $crate::export::LibHeader = unsafe {
                $crate::export::LibHeader::from_constructor::<$crate::export::RootRef>(
                    load,
                    $crate::export::CheckTypeLayout::Yes,
                )
            };
        };
    };
}
