//! The engine over a really built plugin and a made-up cloud that lives in memory.

mod acceptance;
mod apply;
mod at_once;
mod audit;
mod cloud;
mod parcel;
#[path = "../fixtures/parcel/cloud.rs"]
mod parcel_cloud;
mod receivers;
mod snapshots;
mod stage;
mod stop;
mod survey;
