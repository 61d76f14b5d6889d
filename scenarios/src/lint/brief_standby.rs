//! A standby that is gone before anything can have been noticed.

use sim_core::engine::SimDuration;
use sim_core::policy::gate::{SustainMode, Window};
use sim_core::policy::{Gate, StepEffect};

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM245",
        title: "the standby is gone before any gate can fire",
        explanation: "A shift back needs an old version that is still there. It is let go so long after the new one has taken \
                      over; a gate that looks every minute, or that waits for its window, fires later than that.",
    },
    name: "brief-standby",
    source: "Argo Rollouts, BlueGreen strategy: scaleDownDelaySeconds is 30 where nothing is said",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let rollback = &subject.policy.rollback;
    let shifts = |step: &sim_core::policy::Step| step.effect == StepEffect::ShiftTraffic;
    let (Some(standby), None) = (rollback.standby, rollback.keeps) else {
        return Vec::new();
    };
    let Some(last) = subject.policy.stages.last() else {
        return Vec::new();
    };
    let triggers = subject
        .gates()
        .map(|(_, gate)| gate)
        .filter(|gate| last.triggers.contains(&gate.id));
    let first = triggers
        .map(|gate| fires_after(gate, subject.policy.evaluate_every))
        .min();
    let Some(first) = first.filter(|first| rollback.steps.iter().any(shifts) && standby < *first)
    else {
        return Vec::new();
    };
    let message = format!(
        "the old version is gone after {standby}, and no trigger of `{}` fires within {first}",
        last.id
    );
    let problem = Problem::warning("CM245", "rollback.standby", message);
    vec![problem.help("keep it for longer than the slowest gate that is to take the release back, or write `keeps: 1`")]
}

/// The least time from the first bad request until the gate can fire.
fn fires_after(gate: &Gate, every: SimDuration) -> SimDuration {
    let looks = match gate.window {
        Window::Consecutive(count) => every.saturating_mul(count.into()),
        Window::Sustained(sustain) if sustain.mode == SustainMode::Every => sustain.over,
        _ => every,
    };
    looks
        .max(every)
        .saturating_add(gate.lasting.unwrap_or_default())
}
