//! Finds, checks and loads plugins, and does for them what they ask
