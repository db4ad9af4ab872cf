//! The host over really built libraries, and its HTTP client over real sockets. Each module is named after what it
//! promises.

mod listening;
mod panics;
mod refused;
mod side_by_side;
mod stage;
