//! Surveys the clouds and applies a plan, over the host.
//!
//! Decides nothing: what to read and what to change is `imgshare-plan`'s word. Never prints.

mod apply;
mod audit;
mod clouds;
mod events;
mod listing;
mod stop;
mod survey;

pub use apply::{Applying, Verify, apply};
pub use audit::{Audit, RunInfo};
pub use clouds::Clouds;
pub use events::{Event, Observer, Silent};
pub use stop::Stop;
pub use survey::{list_images, survey};
