//! Operations of many requests, over the built library, against clouds that follow a script.

mod changes;
mod cloud;
mod credentials;
mod listing;
mod receiving;
mod refusals;
