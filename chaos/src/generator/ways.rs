//! Ways: how a rollout gets into each situation, to each moment and through each transition.
//!
//! Nothing is worked out here. Releases, silences, flawed evidence and absent people are tried at every
//! instant of the policy, each is played, and its history says where it led.

use std::collections::BTreeMap;

use serde_json::json;
use sim_core::effect::{Anchor, Course, Cycle};
use sim_core::engine::{SimDuration, SimTime};
use sim_core::{Outcome, Seed};

use super::alone::healed;
use super::driver::{fault, named};
use super::{Kind, Terrain};
use crate::catalogue::{Entry, Injection};
use crate::coverage::{Anchorage, Situation, moments, steps};
use crate::rehearsal::{Rehearsal, Rehearsed};

/// A stretch of time that a rollout spends in one situation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stay {
    /// The way on which it does.
    pub way: usize,
    /// When it begins.
    pub from: SimTime,
    /// When it ends.
    pub to: SimTime,
}

/// Ways through a policy, and what there is on them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ways {
    /// Each way: what goes wrong on it, and the world.
    pub roads: Vec<(Vec<Injection>, Seed)>,
    /// Where rollouts stay.
    pub stays: BTreeMap<Situation, Vec<Stay>>,
    /// The moments that matter, each with its way.
    pub moments: BTreeMap<Anchorage, Vec<(usize, SimTime)>>,
    /// A way through each transition.
    pub transitions: BTreeMap<(Situation, Situation), usize>,
}

/// So many stays are known of each situation, and so many moments of each kind.
const KNOWN: usize = 12;
/// A moment is one only where the rollout goes on for so long, so that something can follow it.
const ROOM: SimDuration = SimDuration::from_secs(1);
/// How long what leads somewhere lasts, in minutes; none means for good. Between them lie the windows of
/// the five documents.
const LENGTHS: [Option<u64>; 4] = [None, Some(4), Some(20), Some(90)];
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

impl Ways {
    /// Looks for ways in `terrain`, in worlds of the root seed.
    pub fn scout(terrain: &Terrain, root: u64) -> Self {
        let mut ways = Self::default();
        for (number, mut injections) in roads(terrain).into_iter().enumerate() {
            let seed = Seed {
                root,
                replication: number as u64,
            };
            healed(terrain, &mut injections);
            let rehearsal = Rehearsal {
                experiment: terrain.experiment.clone(),
                injections,
                seed,
            };
            if let Ok(played) = rehearsal.play_beside(&terrain.grid) {
                ways.note(rehearsal, &played);
            }
        }
        ways
    }

    /// Notes where a rehearsal led, and keeps it where it led to anything that is not known well.
    fn note(&mut self, rehearsal: Rehearsal, played: &Rehearsed) {
        let way = self.roads.len();
        let mut kept = false;
        let (mut here, mut since) = (Situation::Before, SimTime::ZERO);
        for step in steps(&played.run.history) {
            if step.now == here {
                continue;
            }
            kept |= self.stay(
                here,
                Stay {
                    way,
                    from: since,
                    to: step.at,
                },
            );
            if step.now != Situation::Over(Outcome::Unfinished) {
                let known = self.transitions.len();
                self.transitions.entry((here, step.now)).or_insert(way);
                kept |= self.transitions.len() > known;
            }
            (here, since) = (step.now, step.at);
        }
        let end = played.run.history.iter().next_back();
        let end = end.map_or(SimTime::ZERO, |(at, _)| *at);
        for (anchor, at) in moments(&played.experiment, &played.run) {
            if at.saturating_add(ROOM) >= end {
                continue;
            }
            let known = self.moments.entry(anchor).or_default();
            if known.len() < KNOWN {
                known.push((way, at));
                kept = true;
            }
        }
        if kept {
            self.roads.push((rehearsal.injections, rehearsal.seed));
        }
    }

    /// Keeps the first stays in a situation, which are the plainest, and of the others the longest.
    fn stay(&mut self, situation: Situation, stay: Stay) -> bool {
        let known = self.stays.entry(situation).or_default();
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
fn roads(terrain: &Terrain) -> Vec<Vec<Injection>> {
    let anchors: Vec<Anchor> = terrain
        .anchors
        .iter()
        .copied()
        .filter(|anchor| is_on_the_way(*anchor))
        .collect();
    let mut roads = vec![Vec::new(), Vec::new()];
    for lead in leads(terrain).iter().chain(&terrain.releases) {
        for from in &anchors {
            roads.extend(LENGTHS.iter().map(|minutes| {
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
    roads.extend(
        terrain
            .releases
            .iter()
            .flat_map(|release| two(terrain, release)),
    );
    roads
}

/// The start and what every rollout comes by.
fn is_on_the_way(anchor: Anchor) -> bool {
    matches!(
        anchor,
        Anchor::FirstExposure | Anchor::StageEntered(_) | Anchor::WindowOver(_)
    )
}

fn leads(terrain: &Terrain) -> Vec<Injection> {
    let known = LEADS.iter().filter(|name| terrain.kind(name).is_some());
    let plain = known.filter_map(|name| Entry::of(name));
    let plain = plain.map(|entry| named("lead", (entry.default)(), None));
    let evidence = terrain.experiment.policy.evidence.iter();
    let flawed = evidence.filter_map(|evidence| {
        let flawed = fault("evidence.incomplete", &[("evidence", json!(evidence.id))])?;
        Some(named("lead", flawed, None))
    });
    plain.chain(flawed).collect()
}

/// A release with something else: with nobody to answer, again in the next attempt, on and off, and with a
/// controller that goes down while the policy acts.
fn two(terrain: &Terrain, release: &Injection) -> Vec<Vec<Injection>> {
    let window = terrain.window();
    let from = |from, lasts| Course {
        from,
        lasts,
        ..Course::default()
    };
    let minutes = SimDuration::from_mins(20);
    let short = Some(minutes);
    let other = |name: &str, course| {
        let entry = terrain.kind(name).map(|kind: &Kind| kind.entry)?;
        Some(named("lead", (entry.default)(), Some(course)))
    };
    let again = Injection {
        id: "again".to_owned(),
        ..at(release, from(Anchor::Recovered, None))
    };
    let on_and_off = Course {
        cycle: Some(Cycle {
            on: minutes,
            off: window.saturating_mul(3),
        }),
        ..from(Anchor::FirstExposure, None)
    };
    let late = Course {
        after: window,
        ..from(Anchor::FirstExposure, None)
    };
    let mut roads = vec![
        vec![at(release, from(Anchor::FirstExposure, short)), again],
        vec![at(release, on_and_off)],
    ];
    for (name, course) in [
        ("telemetry.alert_path_down", Course::default()),
        ("human.pause_forgotten", Course::default()),
        ("controller.crash", from(Anchor::Rollback, None)),
        ("controller.crash", late),
        ("actuation.step_fails", Course::default()),
        ("defect.kill_switch_noop", Course::default()),
    ] {
        for lasts in [None, short] {
            let release = at(release, from(Anchor::FirstExposure, lasts));
            roads.extend(other(name, course).map(|other| vec![release, other]));
        }
    }
    roads
}

fn at(lead: &Injection, course: Course) -> Injection {
    Injection {
        at: Some(course),
        ..lead.clone()
    }
}
