//! How far what was seen of chance may lie from its law.

/// How far, in standard errors, a sample may lie from its law.
pub(super) const ERRORS: f64 = 4.0;
