//! Text for people, readable on 80 columns.

pub(crate) mod error;
pub(crate) mod label;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod style;
