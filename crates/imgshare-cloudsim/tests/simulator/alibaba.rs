//! The simulated Alibaba Cloud.

pub(crate) mod client;
mod copies;
mod errors;
mod listing;
mod sharing;
mod signatures;
mod wire;
