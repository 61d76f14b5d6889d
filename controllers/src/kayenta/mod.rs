//! Kayenta (commit a69573b): the NetflixACAJudge.
//!
//! [`judge()`] compares samples of a baseline and a canary metric by metric and scores them; [`schedule`] says when it
//! is asked and what follows. [`Mode`] is `COMPAT` (as the real judge) or `FIXED`; [`differences`] says which quirk a
//! judgement rests on.

pub mod brent;
pub mod classify;
pub mod form;
mod judge;
pub mod keys;
pub mod mann_whitney;
pub mod mode;
pub mod normal;
mod order;
pub mod rows;
pub mod sample;
pub mod schedule;
pub mod score;

pub use classify::{Classified, Label, Test};
pub use form::{CanaryConfig, JUDGE, RANDOM_JUDGE, ScoreThresholds};
pub use judge::{Difference, Exception, Judgement, Noise, Pair, differences, judge};
pub use mode::{Mode, Repair};
pub use score::{Score, Verdict};
