//! The documents that commands print: what is in them, as data. Text and JSON are made from the same ones.

pub(crate) mod check;
pub(crate) mod conformance;
pub(crate) mod images;
pub(crate) mod providers;
pub(crate) mod who;

/// The version of the documents' JSON form.
pub(crate) const FORMAT: u32 = 1;
