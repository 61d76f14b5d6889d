//! Whether the reading that decided was older than the stage that it decided about.

use chaos::ablation::Showing;
use reports::figure::{clock, span};
use sim_core::engine::{SimDuration, SimTime};
use sim_core::history::Event;

/// A stay in a stage: which, and from when.
type Stay = (u16, SimTime);

/// Says that a reading on which a stage was left, or not acted upon, covers time before the stage was entered, and
/// what users suffered in that rollout. Nothing where every reading lies within its stage.
pub fn old_reading(whole: &Showing) -> Option<String> {
    let at = whole.finding.at?;
    let (stage, entered) = stay(whole, at)?;
    let policy = &whole.experiment.policy;
    let rules = policy.stages.get(usize::from(stage))?;
    let lag = whole.experiment.telemetry.lag;
    let read = policy
        .gates
        .iter()
        .filter(|gate| rules.criteria.contains(&gate.id) || rules.triggers.contains(&gate.id));
    let newest = at.elapsed().saturating_sub(lag);
    let oldest = |over: SimDuration| newest.saturating_sub(over);
    let old = read.filter(|gate| oldest(gate.over) < entered.elapsed());
    let gate = old.max_by_key(|gate| gate.over)?;
    let time = |time: SimDuration| clock(time.as_secs_f64());
    let how = how_old(newest, entered);
    let minutes = whole.harm.exposed_error_minutes;
    Some(format!(
        "The reading of gate `{}` that decided at {} covers {} to {}, and stage `{}` was entered at {} ({} before): {how}. \
         Users suffered {minutes:.2} error-minutes in this rollout.",
        gate.id,
        time(at.elapsed()),
        time(oldest(gate.over)),
        time(newest),
        rules.id,
        time(entered.elapsed()),
        span(at.saturating_since(entered).as_secs_f64()),
    ))
}

fn how_old(newest: SimDuration, entered: SimTime) -> &'static str {
    if newest <= entered.elapsed() {
        "it is older than its stage"
    } else {
        "it reaches back before its stage"
    }
}

/// The stage in which the rollout was right before `at`.
fn stay(whole: &Showing, at: SimTime) -> Option<Stay> {
    let before = whole.history.iter().take_while(|(when, _)| *when <= at);
    let entries = before.filter_map(|(when, event)| match event {
        Event::StageEntered { stage, .. } => Some((*stage, *when)),
        _ => None,
    });
    // A stage that is entered at the very instant is the one that follows.
    let entries: Vec<Stay> = entries.collect();
    let earlier = entries.iter().rev().find(|(_, when)| *when < at);
    earlier.or(entries.last()).copied()
}
