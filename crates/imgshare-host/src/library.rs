//! From a file in a folder to a loaded plugin.

mod inspect;
mod load;
mod passport;
mod permissions;
mod refusal;
mod shelf;

pub use load::Plugin;
pub use passport::Passport;
pub use refusal::{Refusal, RefusalKind};
pub use shelf::{Candidate, Shelf};

/// How the names of plugin files end on this system.
pub const LIBRARY_SUFFIX: &str = std::env::consts::DLL_SUFFIX;
