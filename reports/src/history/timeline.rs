//! From the history of a rollout to the story that can be drawn.

use sim_core::engine::SimTime;
use sim_core::policy::GuardDecision;
use sim_core::policy::gate::{Gate, MeasureUnit};
use sim_core::{Event, Experiment, Run, Watched};

use crate::history::events::rows;
use crate::result::EventRow;
use crate::result::Verdict;
use crate::result::{
    ExposureStep, MarkKind, ReadingPoint, Readings, StageSpan, Timeline, TimelineMark,
};

/// So many gates are shown: those that fired first, then those that were read most often.
const GATES: usize = 2;
/// So many things are marked; what comes later repeats.
const MARKS: usize = 24;

/// Returns the story of a rollout whose gates' readings were watched; names, verdict and command are
/// the caller's to fill in.
pub fn timeline_of(experiment: &Experiment, run: &Run, readings: &[Watched]) -> Timeline {
    let end = run
        .history
        .iter()
        .last()
        .map_or(SimTime::ZERO, |(at, _)| *at);
    Timeline {
        scenario: String::new(),
        seed: 0,
        replication: 0,
        outcome: run.outcome.word().to_owned(),
        verdict: Verdict::Inconclusive,
        reasons: Vec::new(),
        replay: String::new(),
        end_s: end.as_secs_f64(),
        stages: stages(experiment, run, end),
        exposure: exposure(run),
        readings: gates(experiment, run, readings),
        marks: marks(experiment, run),
    }
}

/// A stage lasts until the next is entered.
fn stages(experiment: &Experiment, run: &Run, end: SimTime) -> Vec<StageSpan> {
    let entered = run.history.iter().filter_map(|(at, event)| match event {
        Event::StageEntered { stage, .. } => Some((*at, usize::from(*stage))),
        _ => None,
    });
    let entered: Vec<_> = entered.collect();
    let ends = entered.iter().skip(1).map(|(at, _)| *at).chain([end]);
    let span = |((from, stage), to): (&(SimTime, usize), SimTime)| {
        let stage = &experiment.policy.stages[*stage];
        StageSpan {
            stage: stage.id.clone(),
            target_percent: f64::from(stage.target.ppm()) / 1e4,
            from_s: from.as_secs_f64(),
            to_s: to.as_secs_f64(),
        }
    };
    entered.iter().zip(ends).map(span).collect()
}

fn exposure(run: &Run) -> Vec<ExposureStep> {
    let step = |(at, event): &(SimTime, Event)| match event {
        Event::Exposure { reached } => Some(ExposureStep {
            t_s: at.as_secs_f64(),
            percent: f64::from(reached.ppm()) / 1e4,
        }),
        _ => None,
    };
    let steps: Vec<_> = run.history.iter().filter_map(step).collect();
    extremes(&steps, |step| step.percent)
}

/// A list as it is if it is short, else the smallest and the largest of each of 120 parts, in order:
/// a drawing of it looks the same.
fn extremes<T: Copy>(all: &[T], value: impl Fn(&T) -> f64) -> Vec<T> {
    const PARTS: usize = 120;
    if all.len() <= 2 * PARTS {
        return all.to_vec();
    }
    let place = |chunk: &[T]| {
        let by = |a: &&(usize, &T), b: &&(usize, &T)| value(a.1).total_cmp(&value(b.1));
        let numbered: Vec<_> = chunk.iter().enumerate().collect();
        let low = numbered.iter().min_by(by).expect("no part is empty").0;
        let high = numbered.iter().max_by(by).expect("no part is empty").0;
        let mut kept = vec![chunk[low.min(high)]];
        if low != high {
            kept.push(chunk[low.max(high)]);
        }
        kept
    };
    let parts = all.chunks(all.len().div_ceil(PARTS));
    let mut kept: Vec<T> = parts.flat_map(place).collect();
    // Where it ends is where it settles.
    kept.extend(all.last());
    kept
}

/// What the gates read that matter most for this rollout.
fn gates(experiment: &Experiment, run: &Run, readings: &[Watched]) -> Vec<Readings> {
    let fired = run.history.iter().filter_map(|(_, event)| match event {
        Event::Triggered { gate, .. } => Some(usize::from(*gate)),
        _ => None,
    });
    let mut shown: Vec<usize> = Vec::new();
    let mut values = vec![0_u64; experiment.policy.gates.len()];
    let valued = readings.iter().filter(|reading| reading.value.is_some());
    valued.for_each(|reading| values[reading.gate] += 1);
    let mut read: Vec<_> = values.into_iter().zip(0..).collect();
    // A line needs two points.
    read.retain(|(count, _)| *count > 1);
    read.sort_by_key(|(count, gate)| (std::cmp::Reverse(*count), *gate));
    for gate in fired.chain(read.into_iter().map(|(_, gate)| gate)) {
        if !shown.contains(&gate) {
            shown.push(gate);
        }
    }
    let of = |gate: usize| readings_of(&experiment.policy.gates[gate], gate, readings);
    shown.into_iter().take(GATES).map(of).collect()
}

fn readings_of(gate: &Gate, index: usize, readings: &[Watched]) -> Readings {
    let unit = match gate.measure.unit() {
        MeasureUnit::Share => "fraction",
        MeasureUnit::Milliseconds => "ms",
        MeasureUnit::PerHostHour | MeasureUnit::Number => "",
    };
    let limit = gate.breach.limit.absolute();
    let point = |reading: &Watched| ReadingPoint {
        t_s: reading.at.as_secs_f64(),
        value: reading.value.filter(|value| value.is_finite()),
        limit: reading.limit.filter(|at| limit.is_none() && at.is_finite()),
    };
    let own: Vec<_> = readings
        .iter()
        .filter(|reading| reading.gate == index)
        .map(point)
        .collect();
    Readings {
        gate: gate.id.clone(),
        unit: unit.to_owned(),
        limit,
        points: extremes(&own, |point| point.value.unwrap_or(f64::NEG_INFINITY)),
    }
}

/// Faults, triggers and actions; the same thing twice in a row is one.
fn marks(experiment: &Experiment, run: &Run) -> Vec<TimelineMark> {
    let words = rows(experiment, &run.history);
    let mut marks: Vec<TimelineMark> = Vec::new();
    for ((_, event), row) in run.history.iter().zip(words) {
        let Some(kind) = kind(event) else { continue };
        let EventRow { t_s, detail, .. } = row;
        let repeats = marks
            .last()
            .is_some_and(|mark| mark.kind == kind && mark.text == detail);
        if !repeats && (marks.len() < MARKS || kind == MarkKind::End) {
            marks.push(TimelineMark {
                t_s,
                kind,
                text: detail,
            });
        }
    }
    marks
}

const fn kind(event: &Event) -> Option<MarkKind> {
    Some(match event {
        Event::EffectBegan { .. }
        | Event::ControllerStopped
        | Event::HostsLost { .. }
        | Event::StandbyAbsent
        | Event::Unanswered { .. }
        | Event::AlreadyRed { .. }
        | Event::WorkLost { lost: 1.., .. }
        | Event::GuardAnswered { fault: Some(_), .. }
        | Event::LadderExhausted => MarkKind::Fault,
        Event::GuardAnswered {
            decision: GuardDecision::Pause | GuardDecision::Rollback,
            ..
        }
        | Event::Triggered { .. }
        | Event::BlastExceeded { .. }
        | Event::EvidenceFlawed { .. } => MarkKind::Trigger,
        Event::Refused { .. }
        | Event::Paused { .. }
        | Event::SteppedBack { .. }
        | Event::RollbackBegan
        | Event::Reverted
        | Event::RungTaken { .. }
        | Event::KillThrown
        | Event::KillEffective
        | Event::Recovered { .. }
        | Event::FixAwaited
        | Event::Overruled { .. }
        | Event::ControllerStarted { .. } => MarkKind::Action,
        Event::Ended { .. } => MarkKind::End,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_keeps_its_peaks_its_dips_and_its_end() {
        let mut all: Vec<f64> = (0..10_000).map(|at| f64::from(at % 7)).collect();
        all[4_321] = 900.0;
        all[7_654] = -900.0;
        all[9_999] = 3.25;
        let kept = extremes(&all, |value| *value);
        assert!(kept.len() <= 241, "{}", kept.len());
        assert!(kept.contains(&900.0) && kept.contains(&-900.0));
        assert_eq!(kept.last(), Some(&3.25));
        let short = &all[..240];
        assert_eq!(extremes(short, |value| *value), short);
    }
}
