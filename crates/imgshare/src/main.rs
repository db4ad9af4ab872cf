//! Share machine images across clouds, from one TOML file.

fn main() {}
