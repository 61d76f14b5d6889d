//! The policy form: what a rollout policy says, as plain data, and the pure functions that read it.
//!
//! A [`Policy`] is a table. Nothing in this folder knows hosts, queues, clocks or random draws: gates
//! judge numbers that somebody hands them, windows remember judgements, and [`decide()`] turns a state
//! and an observation into a [`Decision`].

mod calendar;
mod decide;
mod decided_by;
mod evidence;
pub mod gate;
mod ladder;
mod paper;
mod promise;
mod recovery;
mod rollback;
mod rollout_policy;
mod stage;
mod trigger;
mod waiver;

pub use calendar::{Calendar, Day, Freeze};
pub use decide::{Decision, Observation, RolloutPhase, RolloutState, decide};
pub use decided_by::{DecidedBy, ExecGuard, GuardDecision, GuardFault, GuardFaults, GuardProtocol};
pub use evidence::{Evidence, EvidenceFlaw, EvidenceState};
pub use gate::{AlreadyRed, Gate, Judgement};
pub use ladder::{Ladder, Rung};
pub use paper::{AuditField, Codes, Governance, MessageSection, PacketField, Paper};
pub use promise::{HarmBudget, Name, Promise};
pub use recovery::Recovery;
pub use rollback::{KillSwitch, RevertHosts, Rollback, Step, StepEffect};
pub use rollout_policy::{Advances, BlastRadius, Increment, Policy, Profile, Rounding};
pub use stage::{ApprovalLimit, ObservationStart, Ramp, Stage, Unanswered};
pub use trigger::{Action, Class};
pub use waiver::{WaivedGap, Waiver, WaiverRefusal};
