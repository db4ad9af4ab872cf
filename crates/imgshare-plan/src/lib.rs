//! Desired and actual state to a plan, outcomes to a report.
//!
//! Every decision of the product is made here: which images a rule selects, the union of rules, modes, the fence,
//! limits, batches, and what is blocked and why. Never does I/O and never reads the clock: the time is a parameter,
//! a read that failed is a value.
//!
//! ```text
//! Desired --Survey::queries--> listings --Survey::needs_shares, needs_snapshots--> Actual --diff--> Plan --(apply)--> Outcomes --> Report
//! ```

mod acceptance;
mod actual;
mod batch;
mod copy;
mod diff;
mod estimate;
mod exit;
mod fingerprint;
mod image_rules;
mod known_shares;
mod outcome;
mod plan;
mod received;
mod report;
mod rules;
mod scope;
mod select;
mod selector;
mod snapshots;
mod survey;
mod together;
mod verify;
mod view;
mod wanted;

pub use acceptance::{AcceptanceKey, AcceptanceOutcome, PlannedAcceptance, Unaccepted};
pub use actual::{Actual, ActualImage, SharesPool, SharesRead};
pub use batch::Batching;
pub use copy::{CopyKey, CopyOutcome, CopySeen, CopySnapshots, CopyState, PlannedCopy};
pub use diff::{EarlyAdditions, EarlyChange, diff, questions};
pub use exit::ExitStatus;
pub use image_rules::ImageRules;
pub use known_shares::{AccountSet, KnownShares};
pub use outcome::{Outcome, Shortfall, Verification};
pub use plan::{
    AccountLabel, Blocked, BlockedKind, ChangeKey, ChangeState, Estimate, Foreign, ImageName, PLAN_FORMAT,
    Plan, PlannedChange, Summary, Unreadable,
};
pub use received::{Question, Received, ReceivedTally, received};
pub use report::{
    AcceptanceTally, CopyTally, Failure, Report, ReportedAcceptance, ReportedChange, ReportedCopy,
    SnapshotTally, Tally,
};
pub use scope::{Bounds, Scope};
pub use select::{Selected, selected_by};
pub use selector::Ineligible;
pub use survey::{Listings, Survey};
pub use verify::verify_change;
