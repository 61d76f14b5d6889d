//! A trigger whose window is longer than the observation of its stage.

use sim_core::engine::SimDuration;

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
        let fills = gate.window.fires_after(every);
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
