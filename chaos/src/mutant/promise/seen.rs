//! `INV-SEEN` and `INV-KEEP`: what is delivered is looked at within one evaluation, and what a gate compares
//! with is not lost.

use sim_core::effect::{Change, Misread, Misreading};
use sim_core::engine::SimTime;
use sim_core::policy::gate::{Limit, Population};
use sim_core::policy::{Gate, Judgement, Policy};
use sim_core::{Event, Experiment};

use super::notes::{NotedEvent, Notes};
use crate::checker::Stated;
use crate::coverage::Situation;

pub(super) const SEEN: &str = "INV-SEEN";
pub(super) const KEEP: &str = "INV-KEEP";

pub(super) fn judge(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    seen(experiment, lines, notes);
    keeps(experiment, lines, notes);
}

/// A gate whose reading is moved beyond a limit of its own while its stage is watched says so within one
/// interval of the controller.
fn seen(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    let (policy, mut situation) = (&experiment.policy, Situation::Before);
    let (mut words, mut awaited) = (vec![None; policy.gates.len()], Vec::new());
    for &(at, event) in lines {
        late(policy, &awaited, at, notes);
        situation = situation.after(&event);
        let Situation::Watching(stage) = situation else {
            awaited.clear();
            continue;
        };
        match event {
            Event::Judged {
                gate, judgement, ..
            } => {
                let gate = usize::from(gate);
                if let Some(word) = words.get_mut(gate) {
                    *word = Some(judgement);
                }
                awaited.retain(|(known, _)| *known != gate);
            }
            Event::ControllerStopped => awaited.clear(),
            Event::EffectBegan { effect } => {
                let is_fine = |gate: &usize| words[*gate] == Some(Judgement::Pass);
                let moved = moved(experiment, effect, stage).filter(is_fine);
                awaited.extend(moved.map(|gate| (gate, at)));
            }
            _ => {}
        }
    }
}

fn late(policy: &Policy, awaited: &[(usize, SimTime)], at: SimTime, notes: &mut Notes) {
    for (gate, since) in awaited {
        if at > since.saturating_add(policy.evaluate_every) {
            let name = &policy.gates[*gate].id;
            notes.breaks(SEEN, *since, format!("`{name}` was looked at too late"));
        }
    }
}

/// The gates of a stage that an effect moves beyond their limits for longer than an interval.
fn moved(experiment: &Experiment, effect: u16, stage: u16) -> impl Iterator<Item = usize> {
    let policy = &experiment.policy;
    let place = usize::from(effect).checked_sub(experiment.release.len());
    let effect = place.and_then(|place| experiment.faults.get(place));
    let misread = effect.and_then(|effect| match &effect.change {
        Change::Misread(misread) if effect.course.cycle.is_none() => Some((effect, misread)),
        _ => None,
    });
    let watched = policy.stages.get(usize::from(stage));
    let moves = move |gate: &Gate| {
        let ((effect, misread), stage) = misread.zip(watched)?;
        let Misreading::Constant(value) = misread.reads else {
            return None;
        };
        let own = reads(gate, misread) && stage.triggers.contains(&gate.id);
        let long = effect
            .course
            .lasts
            .is_none_or(|lasts| lasts > policy.evaluate_every);
        let absolute = matches!(gate.breach.limit, Limit::Absolute(_));
        let beyond = gate.breach.judge(value, 0.0, Judgement::Hold) == Judgement::Breach;
        (own && long && absolute && beyond).then_some(())
    };
    let gates = policy.gates.iter().enumerate();
    gates.filter_map(move |(place, gate)| moves(gate).map(|()| place))
}

/// Whether it is what a gate reads that is misread.
fn reads(gate: &Gate, misread: &Misread) -> bool {
    misread.of.signal.as_ref() == Some(&gate.signal)
        && misread.of.population == Some(gate.population)
        && misread
            .measure
            .is_none_or(|measure| measure == gate.measure)
}

/// A gate that compares with the canary's first stage has something to compare with from then on.
fn keeps(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    let gates = &experiment.policy.gates;
    let mut compared = vec![false; gates.len()];
    for &(at, event) in lines {
        let Some((gate, stated)) = Stated::of(&event) else {
            continue;
        };
        let place = usize::from(gate);
        let Some(gate) = gates.get(place) else {
            continue;
        };
        let refers = gate.breach.limit.refers_to() == Some(Population::CanaryBaseline);
        let sound =
            stated.flaw.is_none() && stated.value.is_finite() && stated.samples >= gate.min_samples;
        if !refers || !sound {
            continue;
        }
        match stated.judgement {
            Judgement::Pass | Judgement::Breach => compared[place] = true,
            _ if compared[place] => {
                let name = &gate.id;
                let what = format!("`{name}` has nothing left to compare with");
                notes.breaks(KEEP, at, what);
            }
            _ => {}
        }
    }
}
