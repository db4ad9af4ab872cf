//! What people and programs see: the real binary with the real Tencent plugin, against a simulated cloud.
//!
//! Each transcript is a command, what it prints to stdout and stderr, and its exit code. Temporary paths, ports and
//! request ids are replaced by words in brackets. `SNAPSHOTS=overwrite cargo test -p imgshare` writes them anew.

mod apply;
mod check;
mod config;
mod documented;
mod drift;
mod gate;
mod help;
mod images;
mod interrupted;
mod partial;
mod pick;
mod plan;
mod providers;
mod saved;
mod simulated;
mod stage;
mod streams;
mod who;
mod wrong;
