//! The simulator seen from outside: over loopback, as a client and as a test of a client meet it.

mod back_door;
mod client;
mod copies;
mod faults;
mod listing;
mod rates;
mod scenarios;
mod sharing;
mod signatures;
mod wire_captures;
mod world;
