//! The host over really built libraries, and its HTTP client over real sockets. Each module is named after what it
//! promises.

mod authors;
mod cancelled;
mod concurrent;
mod http;
mod listening;
mod older_and_newer;
mod pacing;
mod panics;
mod raw;
mod records;
mod refused;
mod retries;
mod secrets;
mod side_by_side;
mod stage;
mod tokens;
mod world;
