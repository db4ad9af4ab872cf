//! The program on Keystone and Glance themselves. What openstacksdk reads is what counts.
//!
//! `cargo xtask test --real-servers` runs these.

mod acceptance;
mod glance;
mod logins;
mod refusals;
mod sharing;
