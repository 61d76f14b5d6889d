//! What an effect aims at: signals of the world, and steps, stages, gates, rungs and people of a policy.

use sim_core::effect::Anchor;
use sim_core::effect::{AnswerChange, Change, DataChange, Effect, Slip, Standing};
use sim_core::policy::{Policy, StepEffect};
use sim_core::telemetry::SignalKind;

use super::names::Names;
use super::problem::Problem;
use crate::World;
use crate::diagnostic::quote::quote;

/// Checks that what an effect names is there, and can show it. `roles` are those of the people who are there.
pub(super) fn check(
    path: &str,
    effect: &Effect,
    (policy, world, roles): (&Policy, &World, &[&str]),
) -> Vec<Problem> {
    let at = format!("{path}.change");
    let mut problems = signal_of(&at, &effect.change, world);
    problems.extend(step_of(&at, &effect.change, policy));
    problems.extend(means_of(&at, &effect.change, policy));
    problems.extend(part_of(&at, &effect.change, policy, roles));
    problems.extend(slip_of(&at, &effect.change, policy));
    problems.extend(anchor_of(path, effect, policy));
    problems.extend(cures(path, effect, policy));
    problems
}

/// The signals of a world, by their names.
pub(super) fn signals(world: &World) -> Names<'_> {
    Names::new(
        "signal",
        world
            .telemetry
            .signals
            .iter()
            .map(|signal| signal.id.as_str()),
    )
}

fn signal_of(path: &str, change: &Change, world: &World) -> Vec<Problem> {
    let Some((word, name)) = named_signal(change) else {
        return Vec::new();
    };
    let path = format!("{path}.{word}.signal");
    let mut signals_of_world = world.telemetry.signals.iter();
    let known = signals_of_world.find(|known| known.id == name);
    let unfit = known.and_then(|known| unfit(&path, change, &known.kind, &name));
    signals(world)
        .resolve(path, &name)
        .into_iter()
        .chain(unfit)
        .collect()
}

/// Why a change cannot happen to a signal of this kind.
fn unfit(path: &str, change: &Change, kind: &SignalKind, name: &str) -> Option<Problem> {
    let name = quote(name);
    let problem = |message: String| Problem::error("CM163", path, message);
    match (change, kind) {
        (Change::CounterReset(_), SignalKind::Gauge { .. }) => Some(problem(format!(
            "{name} is a gauge and has no counter to reset"
        ))),
        (Change::Add(_) | Change::Multiply(_) | Change::Shock(_), SignalKind::Updates) => {
            let message = format!("{name} tells how updates end, which no effect changes");
            Some(problem(message).help("write `fleet: {update: {fails: ...}}`"))
        }
        (Change::Add(_), SignalKind::Latency { .. }) => {
            let message = format!("{name} is a latency, to which nothing can be added");
            let problem = problem(message)
                .reason("its distribution gets wider with its level, so that it grows by a factor");
            Some(problem.help("write `multiply:` with a factor, such as `by: 1.5`"))
        }
        _ => None,
    }
}

/// The signal that a change names, and the key under which it does.
fn named_signal(change: &Change) -> Option<(&'static str, String)> {
    let data = |word: &'static str, data: &'_ DataChange| (word, data.signal.clone());
    let (word, signal) = match change {
        Change::Add(signal) => ("add", Some(signal.signal.clone())),
        Change::Multiply(signal) => ("multiply", Some(signal.signal.clone())),
        Change::Shock(signal) => ("shock", Some(signal.signal.clone())),
        Change::Outage(change) => data("outage", change),
        Change::Nan(change) => data("nan", change),
        Change::CounterReset(change) => data("counter-reset", change),
        Change::Freeze(change) => data("freeze", change),
        Change::Lag { signal, .. } => ("lag", signal.clone()),
        Change::Thin(part) => data("thin.of", &part.of),
        Change::DropScrapes(part) => data("drop-scrapes.of", &part.of),
        Change::Duplicate(part) => data("duplicate.of", &part.of),
        Change::Straggle(late) => data("straggle.of", &late.of),
        Change::Mislabel(label) => ("mislabel", label.signal.clone()),
        Change::Misread(misread) => data("misread.of", &misread.of),
        Change::ShiftWindow { of, .. } => data("shift-window.of", of),
        _ => return None,
    };
    signal.map(|name| (word, name))
}

fn step_of(path: &str, change: &Change, policy: &Policy) -> Option<Problem> {
    let (word, name) = match change {
        Change::StepFails { step, .. } => ("step-fails", step),
        Change::StepPartial { step, .. } => ("step-partial", step),
        Change::SameContent { step } => ("same-content", step),
        _ => return None,
    };
    let path = format!("{path}.{word}.step");
    let steps = &policy.rollback.steps;
    let Some(step) = steps.iter().find(|step| step.id == *name) else {
        return Names::new("rollback step", steps.iter().map(|step| step.id.as_str()))
            .resolve(path, name);
    };
    let (fits, lacks, words) = fitting_step(word, &step.effect)?;
    (!fits).then(|| {
        Problem::error("CM163", path, format!("{} {lacks}", quote(name)))
            .help(format!("name a step whose effect is {words}"))
    })
}

/// Whether a step does what fails partly, what it lacks otherwise, and the effects that do.
fn fitting_step(word: &str, effect: &StepEffect) -> Option<(bool, &'static str, &'static str)> {
    let reverts = matches!(effect, StepEffect::RevertHosts(_));
    match word {
        "same-content" => Some((
            reverts || *effect == StepEffect::RestoreConfig,
            "restores no configuration",
            "`restore-config` or `revert-hosts`",
        )),
        "step-partial" => Some((
            reverts || *effect == StepEffect::ShiftTraffic,
            "takes no hosts back, so that it cannot reach a part of them",
            "`revert-hosts` or `shift-traffic`",
        )),
        _ => None,
    }
}

fn means_of(path: &str, change: &Change, policy: &Policy) -> Option<Problem> {
    let idle = matches!(change, Change::KillSwitchNoop) && policy.kill_switch.is_none();
    idle.then(|| {
        Problem::error(
            "CM163",
            path,
            "the policy has no kill switch that could fail",
        )
    })
}

/// The stage, the gate or the people that a change names.
fn part_of(path: &str, change: &Change, policy: &Policy, roles: &[&str]) -> Option<Problem> {
    match change {
        Change::MaskTriggers { stage: Some(name) } => {
            let known = policy.stages.iter().map(|stage| stage.id.as_str());
            Names::new("stage", known).resolve(format!("{path}.mask-triggers.stage"), name)
        }
        Change::PassGates { gate: Some(name) } => {
            let known = policy.gates.iter().map(|gate| gate.id.as_str());
            Names::new("gate", known).resolve(format!("{path}.pass-gates.gate"), name)
        }
        Change::Answers(AnswerChange {
            role: Some(name), ..
        }) => {
            let known = Names::new("operator's role", roles.iter().copied());
            known.resolve(format!("{path}.answers.role"), name)
        }
        _ => None,
    }
}

/// The steps that a slip names by their numbers.
fn slip_of(path: &str, change: &Change, policy: &Policy) -> Option<Problem> {
    let Change::Runbook(slip) = change else {
        return None;
    };
    let steps = policy.rollback.steps.len();
    let (word, named) = match *slip {
        Slip::Skips(step) => ("skips", vec![step]),
        Slip::Swaps { first, second } => ("swaps", vec![first, second]),
        Slip::Repeats(step) => ("repeats", vec![step]),
    };
    let path = format!("{path}.runbook.{word}");
    if let Some(number) = named.iter().find(|number| usize::from(**number) >= steps) {
        let message = format!("the rollback has no step number {number}");
        let problem = Problem::error("CM102", path, message).label("leads nowhere");
        return Some(problem.help(format!("steps count from 0, and there are {steps}")));
    }
    let idle = matches!(*slip, Slip::Swaps { first, second } if first == second)
        || word == "skips" && steps == 1;
    idle.then(|| {
        Problem::error("CM163", path, "the steps are taken as they are written")
            .help("name another step, or leave the effect out")
    })
}

/// The stage that the beginning of an effect names by its number.
fn anchor_of(path: &str, effect: &Effect, policy: &Policy) -> Option<Problem> {
    let (Anchor::StageEntered(number)
    | Anchor::WindowOver(number)
    | Anchor::State(Standing {
        stage: Some(number),
        ..
    })) = effect.course.from
    else {
        return None;
    };
    let stages = policy.stages.len();
    (usize::from(number) >= stages).then(|| {
        let message = format!("the policy has no stage number {number}");
        let problem = Problem::error("CM102", format!("{path}.course.from"), message);
        problem
            .label("leads nowhere")
            .reason("the effect would never begin")
            .help(format!("stages count from 0, and there are {stages}"))
    })
}

fn cures(path: &str, effect: &Effect, policy: &Policy) -> Vec<Problem> {
    let rungs = policy.ladder.iter().flat_map(|ladder| &ladder.rungs);
    let rungs = rungs.map(|rung| rung.id.as_str());
    let switch = policy.kill_switch.iter().map(|switch| switch.id.as_str());
    let known = Names::new("rung or kill switch", rungs.chain(switch));
    known.resolve_all(&format!("{path}.cured-by"), &effect.cured_by)
}
