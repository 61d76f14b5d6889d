//! Rare events: probabilities that no affordable number of rollouts would show, by multilevel
//! splitting of whole rollouts.
//!
//! A rollout is copied each time it comes nearer to being taken back, and the copies are played on
//! under seeds of their own ([`super::splitting`]). What is nearer is told by the gates' own windows.
//! A wrong idea of nearness costs precision, never truth; that nothing went wrong is checked by a
//! second estimate with other levels, and against plain simulation where both can count.

mod check;
mod estimate;
mod ladder;
mod summary;

pub use check::{Checked, Easier, Soundness};
pub use estimate::{RareProbability, RareStudy, SplittingEffort};
pub use ladder::Ladder;
pub use summary::rare_report;
