//! The provider's exchanges, over clouds that answer as a test says.

mod changes;
mod cloud;
mod expiry;
mod listing;
mod logins;
mod places;
mod receiving;
mod shares;
mod wire;
