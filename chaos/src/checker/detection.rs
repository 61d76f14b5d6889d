//! `INV-CAUGHT`: a release that fails plainly does not get on.

use sim_core::effect::{Change, Effect, SignalChange};
use sim_core::engine::SimTime;
use sim_core::policy::gate::Population;
use sim_core::policy::{Action, Gate, Judgement, Policy};
use sim_core::telemetry::SignalKind;
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};
use super::reading::{Stated, read, said};
use super::stage_visit::{Visit, stage_name, visits};

/// The invariant.
///
/// It is held against the world and not against the policy's own limits: a policy whose gates compare a
/// release with itself, whose triggers are words or whose stages watch nothing keeps every promise about
/// what it reads, and lets such a release through.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-CAUGHT",
    title: "no stage is left for the next one while the new version has failed plainly for users, \
            for as long as the stage lasts, and nothing hid it",
    source: "the purpose of every staged rollout; RaptorQ rollout policy, Stop Triggers; optimize \
             rollout runbook, Rollback triggers",
    unit: None,
    judge,
    untested: "no release failed plainly, or something else may have hidden it",
};

/// So many requests more than normal fail: three in ten, beyond every limit of the five documents and
/// beyond what chance does to a reading of a few dozen requests.
const PLAIN_SHARE: f64 = 0.3;
/// So many events for each host and hour that must not happen at all.
const PLAIN_EVENTS: f64 = 10.0;

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    for (index, effect) in effects(experiment) {
        if is_plain(experiment, effect)
            && let Some(from) = in_full(past, index, effect)
        {
            watch(experiment, past, (effect, from), recorder);
        }
    }
}

/// The effects with their numbers in the history: those of the release first, then the faults.
fn effects(experiment: &Experiment) -> impl Iterator<Item = (usize, &Effect)> {
    let all = experiment.release.iter().chain(&experiment.faults);
    all.enumerate()
}

/// Goes through the stages that were played while it failed.
fn watch(
    experiment: &Experiment,
    past: &[Line],
    (effect, from): (&Effect, SimTime),
    recorder: &mut CheckRecorder,
) {
    for visit in visits(past) {
        let Some((left, _)) = visit.forward() else {
            let mut since = visit.lines.iter().filter(|(at, _)| *at >= from);
            if since.any(|(_, event)| event.acts()) {
                recorder.holds();
            }
            continue;
        };
        let until = effect.course.until;
        let healed = until.is_some_and(|until| left >= SimTime::after(until));
        if !healed && fills(from, visit.entered, left) && !is_hidden(experiment, past, left) {
            let name = stage_name(experiment, visit.stage);
            let (id, why) = (&effect.id, why(experiment, &visit, effect, left));
            recorder.breaks(
                left,
                format!("{name} was left while `{id}` was failing users: {why}"),
            );
        }
    }
}

/// Why nothing kept the rollout in the stage: what each gate of the stage that reads the signal said last.
fn why(experiment: &Experiment, visit: &Visit<'_>, effect: &Effect, left: SimTime) -> String {
    let policy = &experiment.policy;
    let (Change::Add(change) | Change::Multiply(change)) = &effect.change else {
        return "no gate reads it".to_owned();
    };
    let signal = &change.signal;
    let Some(rules) = visit.rules(policy) else {
        return "there is no such stage".to_owned();
    };
    let reads = |(_, gate): &(usize, &Gate)| {
        gate.signal == *signal
            && (rules.triggers.contains(&gate.id) || rules.criteria.contains(&gate.id))
    };
    let said: Vec<String> = policy
        .gates
        .iter()
        .enumerate()
        .filter(reads)
        .map(|(index, gate)| told(policy, visit, (index, gate), left))
        .collect();
    if said.is_empty() {
        return format!("no gate of the stage reads `{signal}`");
    }
    said.join("; ")
}

/// What one gate did about it.
fn told(
    policy: &Policy,
    visit: &Visit<'_>,
    (index, gate): (usize, &Gate),
    left: SimTime,
) -> String {
    let (fired, last) = heard(visit, index, left);
    let Some((_, last)) = last else {
        return format!("gate `{}` said nothing new in it", gate.id);
    };
    let (judgement, read) = (last.judgement, read(gate, &last));
    let class = gate.class.as_ref().and_then(|class| policy.class(class));
    match class {
        Some(class) if fired => {
            format!(
                "{read}, fired, and class `{}` {}",
                class.id,
                does(class.action)
            )
        }
        Some(_) if judgement == Judgement::Breach => {
            format!(
                "{read}, breached, and its window `{}` had not fired",
                gate.window.word()
            )
        }
        _ => format!("{read} and {}", said(judgement)),
    }
}

/// Whether a gate fired before its stage was left, and what it said last.
fn heard(visit: &Visit<'_>, index: usize, left: SimTime) -> (bool, Option<(u16, Stated)>) {
    let mine = |number: u16| usize::from(number) == index;
    let until = || visit.lines.iter().take_while(|(at, _)| *at <= left);
    let fired =
        until().any(|(_, event)| matches!(event, Event::Triggered { gate, .. } if mine(*gate)));
    let stated = until().filter_map(|(_, event)| Stated::of(event));
    let last = stated.filter(|(number, _)| mine(*number)).last();
    (fired, last)
}

const fn does(action: Action) -> &'static str {
    match action {
        Action::Record => "only records it",
        Action::Pause => "pauses",
        Action::StepBack => "steps back",
        Action::NextRung => "takes the next rung",
        Action::Kill => "throws the kill switch",
        Action::Rollback => "rolls back",
    }
}

/// Whether what began at `from` fills nine tenths of the stay at least: hosts are exposed a little later than
/// the stage is entered.
fn fills(from: SimTime, entered: SimTime, left: SimTime) -> bool {
    let (clean, stay) = (
        from.saturating_since(entered),
        left.saturating_since(entered),
    );
    from < left && clean.saturating_mul(10) <= stay
}

/// Whether users of the new version feel it plainly wherever they are, from some instant on.
fn is_plain(experiment: &Experiment, effect: &Effect) -> bool {
    let everywhere = effect.hosts.is_none() && effect.only.is_none() && effect.cured_by.is_empty();
    let course = &effect.course;
    let for_good = course.lasts.is_none() && course.cycle.is_none() && course.strength >= 1.0;
    let (change, factor) = match &effect.change {
        Change::Add(change) => (change, false),
        Change::Multiply(change) => (change, true),
        _ => return false,
    };
    everywhere && for_good && is_large(experiment, change, factor)
}

fn is_large(experiment: &Experiment, change: &SignalChange, factor: bool) -> bool {
    if change.population != Population::Canary {
        return false;
    }
    let mut signals = experiment.telemetry.signals.iter();
    let Some(signal) = signals.find(|signal| signal.id == change.signal && signal.harms_users)
    else {
        return false;
    };
    let more = |base: f64| {
        if factor {
            base * (change.by - 1.0)
        } else {
            change.by
        }
    };
    match signal.kind {
        SignalKind::Ratio { base, .. } | SignalKind::RatioOfRuns { base, .. } => {
            more(base) >= PLAIN_SHARE
        }
        SignalKind::Count { per_host_hour, .. } => {
            per_host_hour == 0.0 && more(per_host_hour) >= PLAIN_EVENTS
        }
        _ => false,
    }
}

/// Returns from when on it fails in full.
fn in_full(past: &[Line], index: usize, effect: &Effect) -> Option<SimTime> {
    let began = past.iter().find_map(|(at, event)| match event {
        Event::EffectBegan { effect } if usize::from(*effect) == index => Some(*at),
        _ => None,
    });
    began.map(|began| began.saturating_add(effect.course.ramp))
}

/// Whether something had begun until then that is not about the release: what distorts data, stops
/// controllers or lets people overrule them may hide the worst release from the best policy.
fn is_hidden(experiment: &Experiment, past: &[Line], until: SimTime) -> bool {
    let before = past.iter().take_while(|(at, _)| *at <= until);
    let mut begun = before.filter_map(|(_, event)| match event {
        Event::EffectBegan { effect } | Event::EffectShowed { effect } => {
            Some(usize::from(*effect))
        }
        _ => None,
    });
    begun.any(|index| {
        let mut at = effects(experiment).skip(index);
        at.next()
            .is_none_or(|(_, effect)| may_hide(experiment, &effect.change))
    })
}

fn may_hide(experiment: &Experiment, change: &Change) -> bool {
    match change {
        Change::Add(change) | Change::Multiply(change) => change.population != Population::Canary,
        Change::CounterReset(_) => experiment.telemetry.resets_unhandled,
        Change::FlawedEvidence { .. }
        | Change::KillSwitchNoop
        | Change::SwitchSlow { .. }
        | Change::Commands(_)
        | Change::SlowHosts { .. }
        | Change::UpdatesFail { .. }
        | Change::FalseAcks { .. }
        | Change::Runbook(_)
        | Change::StepFails { .. }
        | Change::StepPartial { .. }
        | Change::SameContent { .. }
        | Change::StandbyAbsent => false,
        _ => true,
    }
}
