//! WitnessPaths: how a rollout gets into each situation, to each moment and through each transition.
//!
//! Nothing is worked out here. Releases, silences, flawed evidence and absent people are tried at every
//! instant of the policy, each is played, and its history says where it led.

use std::collections::BTreeMap;

use serde_json::json;
use sim_core::effect::{Anchor, Course, Cycle};
use sim_core::engine::{SimDuration, SimTime};
use sim_core::{Experiment, Outcome, Run, Seed};

use super::driver::{fault, named};
use super::single_fault::healed;
use super::{FaultSpace, Kind};
use crate::catalogue::{Entry, Injection};
use crate::coverage::{Anchorage, Situation, moments, steps};
use crate::rehearsal::Rehearsal;

/// A stretch of time that a rollout spends in one situation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interval {
    /// The way on which it does.
    pub way: usize,
    /// When it begins.
    pub from: SimTime,
    /// When it ends.
    pub to: SimTime,
}

/// Paths through a policy, and what there is on them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct WitnessPaths {
    /// Each way: what goes wrong on it, and the world.
    pub paths: Vec<(Vec<Injection>, Seed)>,
    /// Where rollouts stay.
    pub intervals: BTreeMap<Situation, Vec<Interval>>,
    /// The moments that matter, each with its way.
    pub moments: BTreeMap<Anchorage, Vec<(usize, SimTime)>>,
    /// A way through each transition.
    pub transitions: BTreeMap<(Situation, Situation), usize>,
}

/// So many intervals are known of each situation, and so many moments of each kind.
const KNOWN: usize = 12;
/// A moment is one only where the rollout goes on for so long, so that something can follow it.
const ROOM: SimDuration = SimDuration::from_secs(1);
/// How long what leads somewhere lasts, in minutes; none means for good. Between them lie the windows of
/// the five documents.
const LENGTHS: [Option<u64>; 4] = [None, Some(4), Some(20), Some(90)];
/// How long what leads somewhere lasts where its length is no matter.
const SHORT: SimDuration = SimDuration::from_secs(20 * 60);
/// What leads into situations besides releases.
const LEADS: [&str; 13] = [
    "telemetry.missing",
    "telemetry.alert_path_down",
    "human.ack_late",
    "human.pause_forgotten",
    "controller.crash",
    "controller.failover",
    "env.autoscale",
    "human.typo_scope",
    "actuation.stuck_hosts",
    "actuation.slow_apply",
    "actuation.step_fails",
    "defect.kill_switch_noop",
    "evidence.incomplete",
];

impl WitnessPaths {
    /// Looks for ways in `space`, in worlds of the root seed.
    pub fn scout(space: &FaultSpace, root: u64) -> Self {
        let mut ways = Self::default();
        for (number, mut injections) in paths(space).into_iter().enumerate() {
            let seed = Seed {
                root,
                replication: number as u64,
            };
            healed(space, &mut injections);
            let rehearsal = Rehearsal {
                experiment: space.experiment.clone(),
                injections,
                seed,
            };
            if let Ok((experiment, run)) = rehearsal.scout(&space.grid) {
                ways.note(rehearsal, (&experiment, &run));
            }
        }
        ways
    }

    /// Notes where a rehearsal led, and keeps it where it led to anything that is not known well.
    fn note(&mut self, rehearsal: Rehearsal, (experiment, run): (&Experiment, &Run)) {
        let way = self.paths.len();
        let mut kept = false;
        let (mut here, mut since) = (Situation::Before, SimTime::ZERO);
        for step in steps(&run.history) {
            if step.now == here {
                continue;
            }
            let (from, to) = (since, step.at);
            kept |= self.stay(here, Interval { way, from, to });
            if step.now != Situation::Over(Outcome::Unfinished) {
                let known = self.transitions.len();
                self.transitions.entry((here, step.now)).or_insert(way);
                kept |= self.transitions.len() > known;
            }
            (here, since) = (step.now, step.at);
        }
        kept |= self.note_moments(way, experiment, run);
        if kept {
            self.paths.push((rehearsal.injections, rehearsal.seed));
        }
    }

    /// Notes the moments of a rollout behind which something can follow, and says whether any is not known well.
    fn note_moments(&mut self, way: usize, experiment: &Experiment, run: &Run) -> bool {
        let mut is_new = false;
        let end = run.history.iter().next_back();
        let end = end.map_or(SimTime::ZERO, |(at, _)| *at);
        for (anchor, at) in moments(experiment, run) {
            if at.saturating_add(ROOM) >= end {
                continue;
            }
            let known = self.moments.entry(anchor).or_default();
            if known.len() < KNOWN {
                known.push((way, at));
                is_new = true;
            }
        }
        is_new
    }

    /// Keeps the first intervals in a situation, which are the plainest, and of the others the longest.
    fn stay(&mut self, situation: Situation, stay: Interval) -> bool {
        let known = self.intervals.entry(situation).or_default();
        known.push(stay);
        if known.len() <= KNOWN {
            return true;
        }
        let length = |place: &usize| known[*place].to.saturating_since(known[*place].from);
        let shortest = (KNOWN / 2..known.len()).min_by_key(length);
        let gone = known.remove(shortest.unwrap_or(KNOWN));
        gone != stay
    }
}

/// What may lead somewhere, the plainest first.
fn paths(space: &FaultSpace) -> Vec<Vec<Injection>> {
    let anchors = space.anchors.iter().copied();
    let anchors: Vec<Anchor> = anchors.filter(|anchor| is_on_the_way(*anchor)).collect();
    let mut paths = vec![Vec::new(), Vec::new()];
    for lead in leads(space).iter().chain(&space.releases) {
        for from in &anchors {
            paths.extend(LENGTHS.iter().map(|minutes| {
                let lasts = minutes.map(SimDuration::from_mins);
                vec![at(
                    lead,
                    Course {
                        from: *from,
                        lasts,
                        ..Course::default()
                    },
                )]
            }));
        }
    }
    paths.extend(
        space
            .releases
            .iter()
            .flat_map(|release| two(space, release)),
    );
    paths
}

/// The start and what every rollout comes by.
fn is_on_the_way(anchor: Anchor) -> bool {
    matches!(
        anchor,
        Anchor::FirstExposure | Anchor::StageEntered(_) | Anchor::WindowOver(_)
    )
}

fn leads(space: &FaultSpace) -> Vec<Injection> {
    let known = LEADS.iter().filter(|name| space.kind(name).is_some());
    let plain = known.filter_map(|name| Entry::of(name));
    let plain = plain.map(|entry| named("lead", (entry.default)(), None));
    let evidence = space.experiment.policy.evidence.iter();
    let flawed = evidence.filter_map(|evidence| {
        let flawed = fault("evidence.incomplete", &[("evidence", json!(evidence.id))])?;
        Some(named("lead", flawed, None))
    });
    plain.chain(flawed).collect()
}

/// A release with something else: with nobody to answer, again in the next attempt, on and off, and with a
/// controller that goes down while the policy acts.
fn two(space: &FaultSpace, release: &Injection) -> Vec<Vec<Injection>> {
    let short = Some(SHORT);
    let other = |name: &str, course| {
        let entry = space.kind(name).map(|kind: &Kind| kind.entry)?;
        Some(named("lead", (entry.default)(), Some(course)))
    };
    let late = Course {
        after: space.window(),
        ..course_from(Anchor::FirstExposure, None)
    };
    let mut paths = repeated(space, release);
    for (name, course) in [
        ("telemetry.alert_path_down", Course::default()),
        ("human.pause_forgotten", Course::default()),
        ("controller.crash", course_from(Anchor::Rollback, None)),
        ("controller.crash", late),
        ("actuation.step_fails", Course::default()),
        ("defect.kill_switch_noop", Course::default()),
    ] {
        for lasts in [None, short] {
            let release = at(release, course_from(Anchor::FirstExposure, lasts));
            paths.extend(other(name, course).map(|other| vec![release, other]));
        }
    }
    paths
}

/// A release alone: again in the next attempt, and on and off.
fn repeated(space: &FaultSpace, release: &Injection) -> Vec<Vec<Injection>> {
    let again = Injection {
        id: "again".to_owned(),
        ..at(release, course_from(Anchor::Recovered, None))
    };
    let on_and_off = Course {
        cycle: Some(Cycle {
            on: SHORT,
            off: space.window().saturating_mul(3),
        }),
        ..course_from(Anchor::FirstExposure, None)
    };
    let short = course_from(Anchor::FirstExposure, Some(SHORT));
    vec![
        vec![at(release, short), again],
        vec![at(release, on_and_off)],
    ]
}

fn course_from(from: Anchor, lasts: Option<SimDuration>) -> Course {
    Course {
        from,
        lasts,
        ..Course::default()
    }
}

fn at(lead: &Injection, course: Course) -> Injection {
    Injection {
        at: Some(course),
        ..lead.clone()
    }
}
