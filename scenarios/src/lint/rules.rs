//! The table of rules.

use super::Rule;
use super::{
    ageless_evidence, blast_below_target, blast_vacuous, blind_evidence, blind_soak, brief_standby,
    careless_recovery, dead_gate, dead_kill_switch, early_baseline, early_leave, empty_window,
    endless_step_back, estimate_over_deadline, fails_open, few_samples, hasty_staleness,
    hostless_stage, idle_class, idle_gate, idle_rollback, idle_stage, late_gate, no_deadline,
    no_hysteresis, odd_limit, other_increment, overlapping_looks, own_baseline, partial_completion,
    peeking, refused_waiver, rounded_beyond_blast, runs_a_program, short_observation,
    silent_trigger, single_stage, slow_detection, unlikely_deadline, unreachable_completion,
    unread_key, unwatched_blast, weaker_later_stage, weight_not_reached, wide_critical_start,
    wide_first_stage,
};
use crate::CodeEntry;

/// All rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    empty_window::RULE,
    slow_detection::RULE,
    blast_below_target::RULE,
    blast_vacuous::RULE,
    wide_first_stage::RULE,
    wide_critical_start::RULE,
    single_stage::RULE,
    short_observation::RULE,
    estimate_over_deadline::RULE,
    no_hysteresis::RULE,
    fails_open::RULE,
    few_samples::RULE,
    weaker_later_stage::RULE,
    idle_class::RULE,
    idle_gate::RULE,
    dead_gate::RULE,
    unreachable_completion::RULE,
    dead_kill_switch::RULE,
    careless_recovery::RULE,
    blind_evidence::RULE,
    ageless_evidence::RULE,
    refused_waiver::RULE,
    blind_soak::RULE,
    no_deadline::RULE,
    unlikely_deadline::RULE,
    idle_stage::RULE,
    idle_rollback::RULE,
    early_baseline::RULE,
    hasty_staleness::RULE,
    hostless_stage::RULE,
    rounded_beyond_blast::RULE,
    overlapping_looks::RULE,
    unwatched_blast::RULE,
    silent_trigger::RULE,
    other_increment::RULE,
    peeking::RULE,
    partial_completion::RULE,
    odd_limit::RULE,
    endless_step_back::RULE,
    early_leave::RULE,
    late_gate::RULE,
    own_baseline::RULE,
    unread_key::RULE,
    weight_not_reached::RULE,
    brief_standby::RULE,
    runs_a_program::RULE,
];

/// What the findings about scenarios and worlds mean, in the order of their codes.
pub fn doubts() -> impl Iterator<Item = &'static CodeEntry> {
    super::world::ENTRIES.iter().chain(super::scenario::ENTRIES)
}

/// Returns the rule with this code or name.
pub fn named(code_or_name: &str) -> Option<&'static Rule> {
    let same = |rule: &&Rule| {
        rule.name == code_or_name || rule.entry.code.eq_ignore_ascii_case(code_or_name)
    };
    RULES.iter().find(same)
}
