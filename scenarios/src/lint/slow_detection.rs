//! A trigger whose window is longer than the observation of its stage.

use sim_core::engine::SimDuration;
use sim_core::policy::gate::{EProcessWindow, SustainMode, Window};

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM202",
        title: "a trigger fires later than its stage ends",
        explanation: "A window that needs longer to fill than the stage is observed lets the stage \
                      pass before the trigger can fire.",
    },
    name: "slow-detection",
    source: "seed systems, 2.3: detection within 3 s for a trigger over a sliding window of 60 s",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let every = subject.policy.evaluate_every;
    let late = |(path, gate): (String, &sim_core::policy::Gate)| {
        let triggers = |stage: &&sim_core::policy::Stage| stage.triggers.contains(&gate.id);
        let stages = subject.policy.stages.iter().filter(triggers);
        let shortest = stages.min_by_key(|stage| stage.observe)?;
        let fills = fills_after(&gate.window, every);
        let arrives = subject.arrives_after().unwrap_or(SimDuration::ZERO);
        let needs = fills.saturating_add(arrives);
        // Where nothing arrives in time, whatever the window, there is a finding of its own.
        let late = needs > shortest.observe && arrives <= shortest.observe;
        late.then(|| {
            let message = if arrives.is_zero() {
                format!("the window needs {fills} of breach to fill")
            } else {
                format!(
                    "the window fires {needs} after a regression: {arrives} until data arrive, {fills} to fill"
                )
            };
            let reason = format!(
                "stage `{}` is observed for {}",
                shortest.id, shortest.observe
            );
            Problem::warning("CM202", format!("{path}.window"), message)
                .reason(reason)
                .help("shorten the window, or observe the stage for longer")
        })
    };
    subject.gates().filter_map(late).collect()
}

/// The time from the first breaching evaluation to the one that fires.
fn fills_after(window: &Window, every: SimDuration) -> SimDuration {
    let evaluations = |count: u32| every.saturating_mul(u64::from(count));
    match window {
        Window::Consecutive(count) => evaluations(count.saturating_sub(1)),
        Window::Sustained(sustain) => match sustain.mode {
            SustainMode::Every | SustainMode::Mean => sustain.over,
            SustainMode::AtLeast(count) => evaluations(count.saturating_sub(1)),
        },
        Window::Count(limits) => evaluations(limits.failures.unwrap_or(0)),
        Window::GroupSequential(test) => {
            SimDuration::from_nanos(test.over.as_nanos() / u64::from(test.looks.max(1)))
        }
        Window::EProcess(test) => evaluations(breaches_to_reject(test).saturating_sub(1)),
        // An instant needs no time; tests fire as soon as the evidence suffices, which may be at once.
        _ => SimDuration::ZERO,
    }
}

/// The number of breaches in a row that take the wealth from 1 to `1/alpha`.
fn breaches_to_reject(test: &EProcessWindow) -> u32 {
    let growth = 1.0 + test.bet * (1.0 - test.rate);
    let mut wealth = 1.0;
    let enough = |_: &u32| {
        wealth *= growth;
        wealth >= 1.0 / test.alpha
    };
    (1..=10_000).find(enough).unwrap_or(10_000)
}
