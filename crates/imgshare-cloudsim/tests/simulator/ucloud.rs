//! The simulated UCloud.
