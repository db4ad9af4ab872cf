//! The example files and the reference page say what the reader knows.
