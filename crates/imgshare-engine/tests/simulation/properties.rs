//! What is always true, sentence by sentence. Each panics with what it found.

mod copies;
mod ends;
mod failed_copies;
mod report;
mod safety;
mod secrets;

pub(crate) use copies::*;
pub(crate) use ends::*;
pub(crate) use failed_copies::*;
pub(crate) use report::*;
pub(crate) use safety::*;
pub(crate) use secrets::*;
