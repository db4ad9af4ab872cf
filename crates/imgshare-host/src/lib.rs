//! Finds, checks and loads provider plugins, and does for them what they ask: HTTP, waiting, files, environment.
//!
//! Never decides anything about images or accounts.
//!
//! ```text
//! folder -> Candidate -> Passport or Refusal -> Plugin -> Provider -> one exchange for each operation
//! ```

mod bounds;
mod credentials;
mod exchange;
pub mod http;
mod library;
mod once;
mod pace;
mod provider;
mod records;
mod redact;
mod retry;
mod world;

pub use credentials::{CredentialProblem, resolve_credentials};
pub use library::{Candidate, LIBRARY_SUFFIX, Passport, Plugin, Refusal, RefusalKind, Shelf};
pub use pace::{Calls, Pacing};
pub use provider::{Ended, Host, Provider};
pub use redact::Redactor;
pub use retry::RetryPolicy;
pub use world::{System, World};
