//! Simulated clouds on loopback or without a socket, for tests and for `imgshare demo` and `imgshare simulator`.
//!
//! Each cloud speaks its real wire format over plain HTTP: it checks real signatures, pages, filters, limits and
//! refuses as the real one is documented to. Nothing here ever calls a real cloud, and no plugin needs this crate.
//! State lives in memory and is thrown away at the end.
//!
//! A [`Scenario`] says what is in the world, which limits hold and what goes wrong; [`serve`] puts it on loopback
//! and returns a [`Running`] handle. Whoever holds the handle can look ([`Running::state`]) and meddle
//! ([`Running::meddle`]); other processes do the same over HTTP: `GET /_simulator/state` and
//! `POST /_simulator/NAME` with a [`Meddling`] as JSON, for instance
//! `POST /_simulator/remove-share {"image": "img-6pb6lrmy", "account": "100000000002"}`.
//!
//! ```
//! # async fn example() -> Result<(), imgshare_cloudsim::ServeError> {
//! use imgshare_cloudsim::{Scenario, serve};
//!
//! let running = serve(Scenario::demo(), "127.0.0.1:0".parse().expect("a socket address")).await?;
//! let endpoint = running.endpoint("tencent").expect("the demo has this cloud");
//! assert!(endpoint.starts_with("http://127.0.0.1:"));
//! running.stop().await;
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(example()).unwrap();
//! ```
//!
//! Tests need no socket: [`Clouds::exchange`] hands a [`Request`] to a cloud and gives what would have come over the
//! wire, a [`Delivery`]: a whole answer, a cut body, a flood, a reset connection. It is the same code that [`serve`]
//! puts on loopback. All waiting is tokio's, so that it works in paused time too; [`TokioClock`] keeps the clouds' clock in
//! step with that.
//!
//! The core (world, faults, rates, journal, serving) knows no cloud; a cloud is one module that implements the
//! crate's `Cloud` trait: [`tencent`], [`alibaba`], [`ucloud`].

mod admin;
pub mod alibaba;
mod body;
mod clock;
mod cloud;
mod clouds;
mod copying;
mod digest;
mod faults;
mod form;
mod hash;
mod http;
mod ids;
mod journal;
mod json;
mod meddle;
mod rates;
mod running;
mod scenario;
mod secret;
mod server;
mod sim;
mod snapshot;
pub mod tencent;
mod turn;
pub mod ucloud;
mod world;

pub use clock::{Clock, ManualClock, SystemClock, TokioClock};
pub use clouds::{Clouds, ScenarioError};
pub use copying::CopyRule;
pub use faults::{FaultKind, FaultRule, Trigger};
pub use http::{Delivery, MalformedRequest, Reply, Request};
pub use ids::{AccountId, ImageId, RegionId};
pub use meddle::{Meddling, MeddlingError};
pub use running::Running;
pub use scenario::{
    AccountsScenario, DEMO_SECRET_ID, DEMO_SECRET_KEY, DemoCredential, ImageScenario, ImageSeries, Redundant,
    RegionScenario, Scenario, demo_credentials,
};
pub use secret::Secret;
pub use server::{ServeError, serve, serve_at, serve_clouds};
pub use world::{Obstacle, ReceiverKey};
