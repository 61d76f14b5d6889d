//! The native controller: it plays a policy as the policy form has it.
//!
//! Each file applies one kind of decision: stages go forward, rollbacks go back, ladders go down, people
//! are asked. None of them decides: decisions come from [`crate::policy::decide()`].

mod control;
mod evaluate;
mod evaluator_faults;
mod guarded;
mod kill;
mod ladder;
mod manual_override;
mod outage;
mod people;
mod recovery;
mod rollback;
mod rollback_progress;
mod rollback_step;
mod stage;
mod standstill;
mod state;

pub(crate) use state::NativeController;
use state::SplitDecision;
