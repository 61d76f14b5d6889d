//! Rehearsed faults as files write them: which fault, at which moment, one after another or side by side.
//!
//! A moment ([`StartCondition`]) has exactly three forms: a time, an event of the rollout, or a state in which the rollout
//! is. A [`Step`] puts faults in order: a serial list begins each child when the one before has ended, a
//! parallel one begins all of them together. Both come to plain injections before anything is played.

mod form;
mod heal;
mod moment;
mod predicate;
mod resolve;
mod sequence;
mod stages;
mod start_condition;

pub use form::{Order, Planned, Step};
pub(crate) use heal::healed;
pub(crate) use resolve::injections;
pub(crate) use stages::Stages;
pub use start_condition::{After, Milestone, StartCondition};

#[cfg(test)]
mod tests;
