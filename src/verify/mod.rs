//! The simulator checks itself: cases whose answers are known without it.
//!
//! Two kinds of cases are read. A **closed-form case** (`.json`) states the inputs of a small model
//! and the exact answers; it is simulated through the parts that a policy uses, and each quantity is
//! judged by how many standard errors it lies off. A **recorded decision** (`.jsonl`, one a line)
//! states what a real system decided; it must be reproduced to the last field. Recorded decisions of controllers
//! (Argo Rollouts, Flagger, Kayenta, Prometheus) and recorded splits of proxies and feature flags go through the rooms of
//! the package `controllers`.
//!
//! What cannot be judged is named and counted, never skipped.

mod case;
mod closed_form;
mod effort;
mod estimate;
mod files;
mod gz;
mod judge;
mod kinds;
mod peers;
mod presets;
mod recorded;
mod samples;
mod share;
mod text;
mod trials;
mod verification;

pub use effort::Effort;
pub use files::{Options, Unreadable, verify};
pub use text::{case_text, summary_text};
pub use verification::{CaseResult, CaseStatus, QuantityResult, Verification};
