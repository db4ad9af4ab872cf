//! The host over really built libraries, and its HTTP client over real sockets. Each module is named after what it
//! promises.

mod cancelled;
mod concurrent;
mod listening;
mod panics;
mod records;
mod refused;
mod retries;
mod secrets;
mod side_by_side;
mod stage;
mod tokens;
