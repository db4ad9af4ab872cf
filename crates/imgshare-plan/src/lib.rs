//! Desired and actual state to a plan; pure
