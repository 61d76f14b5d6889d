//! Rollout wedges in three readings: the checker script's, the merge gate's and the document's.
//!
//! The three disagree (the script lets a first target of 26 % pass, the gate looks at the first
//! stage's radius alone, and so on); [`disagreements`] lists where.

mod as_written;
mod duration;
mod findings;
mod merge_gate;
mod readings;
mod reference_checker;
#[cfg(test)]
mod tests;
mod verdict;
mod words;

pub use as_written::{AsWritten, as_written};
pub use duration::total_rollout_hours;
pub use findings::findings;
pub use merge_gate::merge_gate;
pub use readings::{Disagreement, Reader, Readings, disagreements};
pub use reference_checker::reference_checker;
pub use verdict::WedgeVerdict;
