//! Surveys the clouds and applies a plan, over the host.
//!
//! Decides nothing: what to read and what to change is `imgshare-plan`'s word. Never prints.

mod accept;
mod apply;
mod audit;
mod change;
mod clouds;
mod copies;
mod early;
mod events;
mod lanes;
mod listing;
mod outcomes;
mod reads;
mod receivers;
mod site;
mod stop;
mod survey;
mod write;

pub use apply::{Applying, Verify, apply, survey_and_apply};
pub use audit::{Audit, RunInfo};
pub use clouds::Clouds;
pub use copies::Patience;
pub use events::{CopyStep, Event, Observer, Silent};
pub use receivers::Receivers;
pub use stop::{Stop, was_stopped};
pub use survey::{list_images, survey};
