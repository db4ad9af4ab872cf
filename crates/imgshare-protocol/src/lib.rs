//! The nouns of imgshare and the messages that cross the boundary between host and plugin.
//!
//! Never does I/O. Everything here is plain data with a JSON form.
//!
//! # How messages evolve
//!
//! The functions of the boundary are frozen (`imgshare-abi`); these messages are what grows. Three rules keep an
//! older plugin working in a newer host and the other way round:
//!
//! * a field that a reader does not know is ignored;
//! * a new field has a default;
//! * every enum has an `Unknown` arm, into which a word falls that the reader does not know yet.

mod capability;
mod desired;
mod error;
mod flat;
mod ids;
mod image;
mod json;
mod operation;
mod selection;
mod step;
mod time;

pub use capability::*;
pub use desired::*;
pub use error::*;
pub use ids::*;
pub use image::*;
pub use json::*;
pub use operation::*;
pub use selection::*;
pub use step::*;
pub use time::*;
