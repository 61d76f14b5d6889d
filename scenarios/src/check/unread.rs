//! Keys that every effect may have and that some effects do not read.

use sim_core::effect::{Change, CommandTrouble, Course, Effect, Misreading};

use super::problem::Problem;

const BY_HOST: &str = "only changes of signals, outages and late or disobeyed commands differ from host to host; a \
                       share of the samples is lost with `thin`";
const ONCE: &str = "it happens once, at one instant";
const EARLY: &str = "waivers are judged once, before the rollout begins";
pub(super) const WHOLE: &str = "it is there or it is not, and never by half";

/// Finds the keys of an effect that it does not read.
pub(super) fn check(path: &str, effect: &Effect) -> Vec<Problem> {
    let given = rules(&effect.change, effect)
        .into_iter()
        .filter(|(_, unread, _)| *unread);
    let problem = |(key, _, reason): (&str, bool, &'static str)| {
        let path = format!("{path}.{key}");
        let problem = Problem::error("CM163", path, "the effect does not read this");
        problem.reason(reason).help("leave it out")
    };
    given.map(problem).collect()
}

/// Every key that some changes do not read: whether this one is given and unread, and why.
fn rules(change: &Change, effect: &Effect) -> [(&'static str, bool, &'static str); 15] {
    let course = &effect.course;
    let (momentary, whole) = (is_momentary(change), is_all_or_nothing(change));
    let sudden = momentary
        || matches!(
            change,
            Change::HostsLost { .. } | Change::ControllerDown { .. }
        );
    let early = matches!(change, Change::AcceptWaivers);
    let (some, of) = (effect.hosts.is_some(), effect.hosts_of.is_some());
    [
        ("hosts", some && !differs_by_host(change), BY_HOST),
        ("hosts-of", of && !differs_by_host(change), BY_HOST),
        ("hosts-of", of && some, "it has `hosts` of its own"),
        ("course.ramp", !course.ramp.is_zero() && sudden, ONCE),
        (
            "course.ramp",
            !course.ramp.is_zero() && !sudden && whole,
            WHOLE,
        ),
        ("course.strength", is_partly(course) && whole, WHOLE),
        ("course.lasts", course.lasts.is_some() && momentary, ONCE),
        ("course.cycle", course.cycle.is_some() && momentary, ONCE),
        (
            "course.cycle",
            course.cycle.is_some() && matches!(change, Change::ControllerDown { .. }),
            "it goes down once",
        ),
        (
            "change",
            matches!(change, Change::FlawedEvidence { .. }),
            "it says when flawed evidence has shown and makes none: list it under `evidence:`",
        ),
        ("course.lasts", course.lasts.is_some() && early, EARLY),
        ("course.until", course.until.is_some() && early, EARLY),
        ("course.cycle", course.cycle.is_some() && early, EARLY),
        ("cured-by", !effect.cured_by.is_empty() && early, EARLY),
        ("only", effect.only.is_some() && early, EARLY),
    ]
}

pub(super) fn is_partly(course: &Course) -> bool {
    course.strength > 0.0 && course.strength < 1.0
}

/// Whether some hosts can show it and others not.
fn differs_by_host(change: &Change) -> bool {
    match change {
        Change::Add(_) | Change::Multiply(_) | Change::Outage(_) => true,
        Change::Commands(change) => matches!(
            change.trouble,
            CommandTrouble::Late(_) | CommandTrouble::Stuck
        ),
        _ => false,
    }
}

const fn is_momentary(change: &Change) -> bool {
    matches!(
        change,
        Change::CounterReset(_) | Change::StrayUpdates { .. } | Change::Promote
    )
}

/// Whether it works the same at every strength above 0.
pub(super) fn is_all_or_nothing(change: &Change) -> bool {
    match change {
        Change::Commands(change) => !matches!(change.trouble, CommandTrouble::Lost { .. }),
        Change::Misread(misread) => matches!(
            misread.reads,
            Misreading::Constant(_) | Misreading::Infinite
        ),
        Change::Outage(_)
        | Change::Nan(_)
        | Change::CounterReset(_)
        | Change::Lag { .. }
        | Change::Freeze(_)
        | Change::StepFails { .. }
        | Change::StepPartial { .. }
        | Change::SameContent { .. }
        | Change::KillSwitchNoop
        | Change::StandbyAbsent
        | Change::ShiftWindow { .. }
        | Change::SkipBeats { .. }
        | Change::Clock { .. }
        | Change::MaskTriggers { .. }
        | Change::PassGates { .. }
        | Change::ControllerDown { .. }
        | Change::FixForward { .. }
        | Change::SwitchSlow { .. }
        | Change::Runbook(_)
        | Change::Answers(_)
        | Change::Promote
        | Change::FlawedEvidence { .. }
        | Change::AcceptWaivers => true,
        _ => false,
    }
}
