//! Text for people, readable on 80 columns.

pub(crate) mod block;
pub(crate) mod check;
pub(crate) mod conformance;
mod copies;
pub(crate) mod drift;
pub(crate) mod error;
mod estimate;
mod flow;
mod hunks;
pub(crate) mod images;
pub(crate) mod label;
pub(crate) mod plan;
pub(crate) mod providers;
mod receivers;
pub(crate) mod report;
mod sites;
pub(crate) mod style;
mod trouble;
