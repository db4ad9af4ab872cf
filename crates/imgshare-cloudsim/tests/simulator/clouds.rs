//! Several clouds in one scenario.
