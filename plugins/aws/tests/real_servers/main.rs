//! The program on moto, which checks signatures and rights, and on MiniStack, which keeps accounts apart. What boto3
//! reads is what counts.
//!
//! `cargo xtask test --real-servers` runs these.

mod copies;
mod keys;
mod ministack;
mod moto;
mod receivers;
mod refusals;
mod sharing;
mod snapshots;
