//! Test support for providers and for the host
