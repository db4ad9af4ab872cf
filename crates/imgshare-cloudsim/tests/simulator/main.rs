//! The simulator seen from outside: over loopback, as a client and as a test of a client meet it.

mod alibaba;
mod back_door;
mod captures;
mod client;
mod clouds;
mod copies;
mod faults;
mod in_process;
mod keys;
mod listing;
mod rates;
mod receivers;
mod scenarios;
mod sharing;
mod signatures;
mod stale;
mod ucloud;
mod wire_captures;
mod world;
