//! `INV-GATE`: the rollout goes on only on readings that are good and that say enough.

use sim_core::Experiment;
use sim_core::engine::SimTime;
use sim_core::policy::gate::{Comparison, Flaw, Relation};
use sim_core::policy::{Gate, Judgement};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};
use super::reading::{Stated, read};
use super::stage_visit::{stage_name, visits};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-GATE",
    title: "a stage is left for the next one only when every criterion passes on adequate data at \
            that instant",
    source: "Rollout Wedge Policy, Observation Windows and Audit Trail (metric snapshot); RaptorQ \
             rollout policy, hold requirements; optimize rollout runbook, Exit criteria",
    unit: Some("% of the limit"),
    judge,
    untested: "no stage with criteria was left for the next one",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    for visit in visits(past) {
        let Some(rules) = visit.rules(&experiment.policy) else {
            continue;
        };
        let Some((left, before)) = visit.forward() else {
            continue;
        };
        for id in &rules.criteria {
            let mut gates = experiment.policy.gates.iter().enumerate();
            let Some((index, gate)) = gates.find(|(_, gate)| gate.id == *id) else {
                continue;
            };
            let word = last_word(before, index, left);
            match objection(gate, word.as_ref()) {
                None => match word.and_then(|word| margin(gate, word.value)) {
                    Some(left) => recorder.holds_by(left),
                    None => recorder.holds(),
                },
                Some(why) => {
                    let name = stage_name(experiment, visit.stage);
                    recorder.breaks(left, format!("{name} was left while gate `{id}` {why}"));
                }
            }
        }
    }
}

fn last_word(before: &[Line], index: usize, at: SimTime) -> Option<Stated> {
    let same_instant = before.iter().rev().take_while(|(when, _)| *when == at);
    same_instant
        .map(|(_, event)| event)
        .filter_map(Stated::of)
        .find(|(gate, _)| usize::from(*gate) == index)
        .map(|(_, stated)| stated)
}

/// Returns why a reading does not carry the decision to go on.
fn objection(gate: &Gate, word: Option<&Stated>) -> Option<String> {
    let Some(word) = word else {
        return Some("had not been read".to_owned());
    };
    if word.judgement != Judgement::Pass {
        return Some("did not pass".to_owned());
    }
    if let Some(flaw) = word.flaw {
        let read = read(gate, word);
        return Some(format!("passed on bad data ({}: {read})", flaw_short(flaw)));
    }
    if word.value.is_nan() {
        return Some("passed on a value that is not a number".to_owned());
    }
    if word.samples < gate.min_samples {
        return Some(format!(
            "passed on {} of {} samples",
            word.samples, gate.min_samples
        ));
    }
    // A window that judges for itself may let a value beyond the limit pass as chance.
    let beyond = !tolerates(gate) && is_beyond(&gate.breach, word);
    beyond.then(|| {
        let read = read(gate, word);
        format!("passed beyond its limit: {read}")
    })
}

/// Whether a value beyond the limit may pass: as chance, where the window judges for itself, as one of the failures that
/// it allows, and where the gate is joined with others and breaches together with them alone.
const fn tolerates(gate: &Gate) -> bool {
    gate.window.passes_beyond_limit() || gate.with.is_some()
}

/// Returns how far a passing value is from its limit, in per cent of the limit, where the limit is a number
/// of its own and a value beyond it cannot pass.
fn margin(gate: &Gate, value: f64) -> Option<f64> {
    let limit = gate.breach.limit.absolute()?;
    let compares = !tolerates(gate) && limit != 0.0 && value.is_finite();
    compares.then(|| ((limit - value) / limit * 100.0).abs())
}

/// Compares again: with the limit that is declared, and, where that is relative, with what the history says that it
/// came to.
fn is_beyond(breach: &Comparison, word: &Stated) -> bool {
    let (value, limit) = (word.value, breach.limit.absolute().unwrap_or(word.limit));
    match breach.is {
        Relation::Above => value > limit,
        Relation::AtLeast => value >= limit,
        Relation::Below => value < limit,
        Relation::AtMost => value <= limit,
    }
}

fn flaw_short(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Missing => "none at all",
        Flaw::Stale => "too old",
        Flaw::Nan => "not a number",
        Flaw::ZeroDenominator => "a denominator of zero",
        Flaw::TooFew => "too few samples",
    }
}
