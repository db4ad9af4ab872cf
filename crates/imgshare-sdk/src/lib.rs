//! What the author of a provider plugin sees
