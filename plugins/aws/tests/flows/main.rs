//! Operations of many requests, over the built library, against clouds that follow a script.

mod changes;
mod cloud;
mod copies;
mod credentials;
mod encrypted;
mod endpoints;
#[path = "../double/form.rs"]
mod form;
mod listing;
mod profiles;
mod receiving;
mod services;
mod snapshots;
