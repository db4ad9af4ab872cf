//! The nouns and the messages that cross the boundary
