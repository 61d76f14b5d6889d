//! `INV-NOFALSE`: nothing is rolled back without a reason that the history shows.

use sim_core::effect::Change;
use sim_core::engine::SimTime;
use sim_core::policy::gate::Population;
use sim_core::policy::{Action, GuardDecision, Judgement};
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-NOFALSE",
    title: "no rollback begins without a trigger on a breach, flawed evidence, an exceeded blast \
            radius, a guard's word or a kill in the same stage, nor for errors of the old version alone",
    source: "Rollout Control-Plane Contract, Auto-Fallback Policy; optimize rollout runbook, \
             Rollback Triggers",
    unit: None,
    judge,
    untested: "nothing was rolled back",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let mut words = vec![None; experiment.policy.gates.len()];
    let (mut cause, mut blamed) = (false, None);
    for &(at, event) in past {
        match event {
            Event::StageEntered { .. } => (cause, blamed) = (false, None),
            Event::Judged {
                gate, judgement, ..
            } => {
                if let Some(word) = words.get_mut(usize::from(gate)) {
                    *word = Some(judgement);
                }
            }
            Event::Triggered { gate, action, .. } if action > Action::Record => {
                let founded = is_founded(experiment, usize::from(gate), &words);
                match innocent(experiment, past, usize::from(gate), at) {
                    Some(why) if founded => blamed = Some(why),
                    _ => cause |= founded,
                }
            }
            _ if is_cause(&event) => cause = true,
            Event::RollbackBegan => {
                judge_cause(at, cause, blamed.take(), recorder);
                cause = false;
            }
            _ => {}
        }
    }
}

/// Whether an event is a cause of a rollback by itself.
const fn is_cause(event: &Event) -> bool {
    matches!(
        event,
        Event::EvidenceFlawed { .. }
            | Event::BlastExceeded { .. }
            | Event::LadderExhausted
            | Event::Unanswered { .. }
            | Event::GuardAnswered {
                decision: GuardDecision::Rollback,
                ..
            }
            | Event::KillThrown
    )
}

/// Whether a rollback that begins has a cause, and one that says something against the release.
fn judge_cause(at: SimTime, cause: bool, blamed: Option<String>, recorder: &mut CheckRecorder) {
    match blamed {
        _ if cause => recorder.holds(),
        Some(why) => recorder.breaks(at, why),
        None => recorder.breaks(at, "a rollback began without a cause"),
    }
}

/// Why a gate that fired says nothing against the release: it reads the old version as well, which fails while
/// nothing is wrong with the new one.
fn innocent(experiment: &Experiment, past: &[Line], gate: usize, at: SimTime) -> Option<String> {
    let gate = experiment.policy.gates.get(gate)?;
    if !matches!(gate.population, Population::Fleet | Population::Control) {
        return None;
    }
    let old_version_fails = is_of_the_old_version(experiment, past, &gate.signal, at);
    old_version_fails.then(|| {
        format!(
            "a rollback began for errors of the old version: gate `{}` reads {} as well, and nothing was wrong \
             with the new one",
            gate.id,
            match gate.population {
                Population::Fleet => "the whole fleet",
                _ => "the control",
            }
        )
    })
}

/// Whether what changes a signal by then is at work in the old version alone.
fn is_of_the_old_version(
    experiment: &Experiment,
    past: &[Line],
    signal: &str,
    at: SimTime,
) -> bool {
    let all = experiment.release.iter().chain(&experiment.faults);
    let begun = |index: usize| {
        let before = past.iter().take_while(|(when, _)| *when <= at);
        let mut events = before.map(|(_, event)| event);
        events.any(
            |event| matches!(event, Event::EffectBegan { effect } if usize::from(*effect) == index),
        )
    };
    let mut fails = [false, false];
    for (index, effect) in all.enumerate() {
        let (Change::Add(change) | Change::Multiply(change)) = &effect.change else {
            continue;
        };
        if change.signal == signal && begun(index) {
            let old_alone = change.population == Population::Control;
            fails[usize::from(!old_alone)] = true;
        }
    }
    fails == [true, false]
}

/// A gate may fire only on a breach, or, where its window remembers more than the last reading, on any.
fn is_founded(experiment: &Experiment, gate: usize, words: &[Option<Judgement>]) -> bool {
    let Some(rules) = experiment.policy.gates.get(gate) else {
        return false;
    };
    match words[gate] {
        Some(Judgement::Breach) => true,
        Some(_) => rules.window.may_fire_on_a_pass(),
        None => false,
    }
}
