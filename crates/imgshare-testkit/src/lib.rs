//! Test support for providers and for the host: built libraries, a scripted cloud, a world that stands still, clouds with
//! a memory, and the conformance suite.
//!
//! Never talks to a network beyond loopback. A helper that cannot do its job panics and says why: a test that needs it has failed.
//!
//! A provider's `tests/conformance.rs` is this:
//!
//! ```no_run
//! # fn a_test() {
//! imgshare_testkit::conformance::run(&imgshare_testkit::library("acme"));
//! # }
//! ```

pub mod captures;
pub mod conformance;
pub mod double;
pub mod exchanges;
mod folder;
mod in_process;
mod library;
pub mod real;
mod script;
pub mod vectors;
mod world;

use std::sync::Arc;

use imgshare_host::{Candidate, Host, Pacing, Redactor, RetryPolicy};

pub use folder::PluginFolder;
pub use futures_util::future::BoxFuture;
pub use imgshare_host::http::HttpRequest;
pub use imgshare_host::{Ended, Plugin, Provider, http};
pub use in_process::InProcess;
pub use library::{library, library_with_flags};
pub use script::{Answer, Script};
pub use world::FakeWorld;

/// Builds a package of the workspace and loads a copy of its library: static state and all else in it is this copy's
/// own.
///
/// # Panics
///
/// When it cannot be built or is refused.
pub fn load(package: &str) -> Plugin {
    let folder = PluginFolder::with(&[package]);
    let plugin = Candidate::at(&folder.file(package)).load();
    plugin.unwrap_or_else(|refusal| panic!("{package} is refused: {refusal}"))
}

/// A host whose plugins see this cloud and this world, and nothing else.
pub fn host(cloud: &Arc<Script>, world: &Arc<FakeWorld>) -> Host {
    Host {
        transport: cloud.clone(),
        world: world.clone(),
        redactor: Arc::new(Redactor::default()),
        retry: RetryPolicy::default(),
        requests_in_flight_max: 64,
        pacing: Pacing::default(),
    }
}
