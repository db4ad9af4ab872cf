//! Where `http://` may go.

use std::net::IpAddr;

/// Whether this host is this machine: a loopback address, or the name that stands for one.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for host in ["127.0.0.1", "127.8.8.8", "localhost", "[::1]", "::1"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["10.0.0.1", "localhost.example", "127.0.0.1.example", "0.0.0.0", "[::]"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
