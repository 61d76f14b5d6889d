//! How controllers that people already run decide, each counted as it counts.
//!
//! Every room is one product, pinned to the version whose behaviour was observed by running it: its rules of counting as
//! pure functions and small state machines, without files, clocks or randomness. What they read (values, answers of
//! webhooks, readiness) and when they are woken comes from the caller; what they order is returned as data. Tests replay
//! recorded decisions of the real product.

pub mod argo;
pub mod flagger;
pub mod kayenta;
pub mod keys;
pub mod openslo;
pub mod pattern;
pub mod prometheus;
pub mod sloth;
pub mod splitters;
