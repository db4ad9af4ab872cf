//! TOML text to desired state, with every problem at once
