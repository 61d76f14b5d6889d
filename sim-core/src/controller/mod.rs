//! The controller: virtual time meets the policy.
//!
//! Each file applies one kind of decision: stages go forward, retreats go back, ladders go down, people
//! are asked. None of them decides: decisions come from [`crate::policy::decide()`].

mod command;
mod distort;
mod evaluate;
mod evidence;
mod kill;
mod ladder;
mod look;
mod members;
mod outage;
mod overrule;
mod people;
mod queue;
mod recovery;
mod retreat;
mod stage;
mod testing;

pub(crate) use look::{Answers, GateMemory, Sight};
pub(crate) use members::Members;
pub(crate) use people::People;
pub(crate) use retreat::Retreat;
