//! What people and programs see: the real binary with the real Tencent plugin, against a simulated cloud.
//!
//! Each transcript is a command, what it prints to stdout and stderr, and its exit code. Temporary paths, ports and
//! request ids are replaced by words in brackets. `SNAPSHOTS=overwrite cargo test -p imgshare` writes them anew. What is for authors of
//! providers is done in a workshop: a shell with cargo and without a network.

mod acceptance;
mod apply;
mod check;
mod checkout;
mod config;
mod conformance;
mod copied_again;
mod copies;
mod copying;
mod documented;
mod drift;
mod gate;
#[cfg(unix)]
mod guide;
mod help;
mod images;
mod interrupted;
mod lock;
mod new_provider;
#[cfg(unix)]
mod one_new_folder;
#[path = "../../../imgshare-engine/tests/fixtures/parcel/cloud.rs"]
mod parcel_cloud;
mod parcels;
mod partial;
mod pick;
mod plan;
mod providers;
mod receivers_in_trouble;
mod saved;
mod simulated;
mod stage;
mod streams;
#[cfg(unix)]
mod tiny_cloud;
mod verified;
mod who;
#[cfg(unix)]
mod workshop;
mod wrong;
