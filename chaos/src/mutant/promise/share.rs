//! `INV-SHARE`, `INV-RAMP` and `INV-REACT`: as many hosts as declared, as fast as declared, and no more
//! than allowed for longer than it takes to notice.

use sim_core::engine::{Share, SimDuration, SimTime};
use sim_core::policy::{Ramp, Rounding};
use sim_core::traffic::Split;
use sim_core::{Event, Experiment};

use super::notes::{NotedEvent, Notes};
use crate::coverage::Situation;

pub(super) const SHARE: &str = "INV-SHARE";
pub(super) const RAMP: &str = "INV-RAMP";
pub(super) const REACT: &str = "INV-REACT";

pub(super) fn judge(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    hosts(experiment, lines, notes);
    ramps(experiment, lines, notes);
    blast(experiment, lines, notes);
}

/// How many units there are: hosts, or parts per million of the requests.
fn units(experiment: &Experiment) -> u64 {
    match experiment.traffic.split {
        Split::ByHost => experiment.fleet.hosts.into(),
        _ => 1_000_000,
    }
}

fn hosts(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    // A splitter in between makes another share of the target, and not the policy.
    if !matches!(experiment.traffic.split, Split::ByHost | Split::ByRequest) {
        return;
    }
    for (at, event) in lines {
        let Event::StageEntered { stage, hosts, .. } = event else {
            continue;
        };
        let Some(rules) = experiment.policy.stages.get(usize::from(*stage)) else {
            continue;
        };
        let exact = units(experiment) * u64::from(rules.target.ppm());
        let wanted = match experiment.policy.rounding {
            Rounding::Down => exact / 1_000_000,
            Rounding::Up => exact.div_ceil(1_000_000),
            Rounding::Nearest => (exact + 500_000) / 1_000_000,
        };
        if u64::from(*hosts) != wanted {
            let name = &rules.id;
            let detail = format!("stage `{name}` means {hosts} units, {wanted} are declared");
            notes.breaks(SHARE, *at, detail);
        }
    }
}

/// Each wave of a linear ramp adds no more than its step, and no sooner than its pause after the last.
fn ramps(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    let (mut ramp, mut reached) = (None::<(Share, SimDuration)>, Share::ZERO);
    let mut last = None::<SimTime>;
    let one = 1_000_000 / units(experiment).max(1) as u32 + 1;
    for &(at, event) in lines {
        match event {
            Event::StageEntered { stage, .. } => {
                let rules = experiment.policy.stages.get(usize::from(stage));
                ramp = rules.and_then(|rules| match rules.ramp {
                    Ramp::Linear { step, every } => Some((step, every)),
                    _ => None,
                });
                last = None;
            }
            Event::Exposure { reached: now } => {
                if let Some((step, every)) = ramp.filter(|_| now > reached) {
                    let rise = now.ppm() - reached.ppm();
                    let early = last.is_some_and(|last| at < last.saturating_add(every));
                    if rise > step.ppm() + one || early {
                        notes.breaks(RAMP, at, format!("{now} were reached faster than declared"));
                    }
                    last = Some(at);
                }
                reached = now;
            }
            Event::Converged { .. } | Event::RollbackBegan | Event::HostsLost { .. } => ramp = None,
            _ => {}
        }
    }
}

fn blast(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    let radius = experiment.policy.blast_radius;
    let Some(radius) = radius.filter(|radius| radius.enforced) else {
        return;
    };
    let (mut situation, mut beyond) = (Situation::Before, None::<SimTime>);
    let patience = experiment.policy.evaluate_every.saturating_mul(2);
    for &(at, event) in lines {
        if let Some(since) = beyond.filter(|since| at > since.saturating_add(patience)) {
            notes.breaks(
                REACT,
                since,
                "more was reached than allowed and nobody reacted",
            );
        }
        situation = situation.after(&event);
        let active = matches!(
            situation,
            Situation::Climbing(_) | Situation::Watching(_) | Situation::Asking(_)
        );
        match event {
            _ if !active => beyond = None,
            Event::Exposure { reached } if reached > radius.max => {
                beyond.get_or_insert(at);
            }
            Event::Exposure { .. } | Event::ControllerStopped => beyond = None,
            _ => {}
        }
    }
}
