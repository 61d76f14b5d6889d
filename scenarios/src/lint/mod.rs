//! Lint: what can be said about a policy without playing it.
//!
//! One file a rule, and [`RULES`] lists them. A rule looks at values and returns problems; a finding
//! is a warning: the policy can be played, and it will probably not do what was meant. A valid
//! waiver silences the rule that it names, an expired or refused one is a finding itself.

mod ageless_evidence;
mod binomial;
mod blast_below_target;
mod blast_vacuous;
mod blind_evidence;
mod blind_soak;
mod brief_standby;
mod careless_recovery;
mod dead_gate;
mod dead_kill_switch;
mod early_baseline;
mod early_leave;
mod empty_window;
mod endless_step_back;
mod estimate_over_deadline;
mod fails_open;
mod few_samples;
mod hasty_staleness;
mod hostless_stage;
mod idle_class;
mod idle_gate;
mod idle_rollback;
mod idle_stage;
mod late_gate;
mod no_deadline;
mod no_hysteresis;
mod normal;
mod odd_limit;
mod other_increment;
mod overlapping_looks;
mod own_baseline;
mod partial_completion;
mod peeking;
mod refused_waiver;
mod rounded_beyond_blast;
mod rule;
mod rules;
mod run;
mod runs_a_program;
mod scenario;
mod short_observation;
mod silent_trigger;
mod single_stage;
mod slow_detection;
mod subject;
#[cfg(test)]
mod tests;
mod unlikely_deadline;
mod unreachable_completion;
mod unread_key;
mod unwatched_blast;
mod weaker_later_stage;
mod weight_not_reached;
mod wide_critical_start;
mod wide_first_stage;
mod world;

pub use binomial::samples_for;
pub(crate) use odd_limit::percent;
pub use rule::Rule;
pub use rules::{RULES, doubts, named};
pub use run::lint;
pub use scenario::scenario;
pub(crate) use subject::Subject;
pub use world::world;
