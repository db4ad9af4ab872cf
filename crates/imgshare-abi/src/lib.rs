//! The frozen boundary between host and plugin
