//! What rehearsals have covered: counts by name, which merge in any order.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sim_core::engine::{RunningHash, SimTime};
use sim_core::{Event, Outcome};

use super::{Novelty, Situation, Step, boundary, pair, sometimes, steps};
use crate::rehearsal::{Rehearsal, Rehearsed};

/// How many runs had something, by its name.
pub(super) type Counts = BTreeMap<String, u64>;

/// What the rehearsals so far have covered. Two of them merge in any order to the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Coverage {
    /// How many runs were taken in.
    pub runs: u64,
    /// Transitions from one situation to another.
    pub(super) transitions: Counts,
    /// Situations in which a fault showed.
    pub(super) cells: Counts,
    /// Pairs of faults near an anchor.
    pub(super) pairs: Counts,
    /// Values and breaches at the edge.
    pub(super) boundaries: Counts,
    /// Properties that should hold sometimes.
    pub(super) sometimes: Counts,
    /// Ways through the policy, by their hash.
    ways: Counts,
}

impl Coverage {
    /// Takes a rehearsal in; returns how much of it no rehearsal had covered before.
    pub fn note(&mut self, rehearsal: &Rehearsal, rehearsed: &Rehearsed) -> u64 {
        let policy = &rehearsed.experiment.policy;
        let lines: Vec<Step<'_>> = steps(&rehearsed.run.history).collect();
        let transitions = transitions(policy, &lines);
        let faults = Faults::new(rehearsal, rehearsed);
        let begun = faults.begun(&lines);
        let sometimes = sometimes::ALL.iter();
        let sometimes = sometimes
            .filter(|property| {
                (property.applies)(&rehearsed.experiment) && (property.holds)(&lines)
            })
            .map(|property| property.name.to_owned());
        self.runs += 1;
        count(&mut self.ways, [way(&transitions)]);
        count(&mut self.transitions, transitions)
            + count(&mut self.cells, faults.cells(&lines))
            + count(
                &mut self.pairs,
                pair::pairs(&rehearsed.experiment, &rehearsed.run, &begun),
            )
            + count(
                &mut self.boundaries,
                boundary::reached(policy, &rehearsed.run),
            )
            + count(&mut self.sometimes, sometimes)
    }

    /// Adds what another one has covered; returns how much of it was new.
    pub fn merge(&mut self, other: &Self) -> u64 {
        self.runs += other.runs;
        add(&mut self.ways, &other.ways);
        add(&mut self.transitions, &other.transitions)
            + add(&mut self.cells, &other.cells)
            + add(&mut self.pairs, &other.pairs)
            + add(&mut self.boundaries, &other.boundaries)
            + add(&mut self.sometimes, &other.sometimes)
    }

    /// Whether some rehearsal took the transition of this name.
    pub fn has_transition(&self, name: &str) -> bool {
        self.transitions.contains_key(name)
    }

    /// Whether a fault showed in the situation, as the cell of this name says.
    pub fn has_cell(&self, name: &str) -> bool {
        self.cells.contains_key(name)
    }

    /// Whether the anchored pair of this name began.
    pub fn has_pair(&self, name: &str) -> bool {
        self.pairs.contains_key(name)
    }

    /// Returns how many things have been covered at least once.
    pub fn covered(&self) -> u64 {
        let kinds = [
            &self.transitions,
            &self.cells,
            &self.pairs,
            &self.boundaries,
            &self.sometimes,
        ];
        kinds.iter().map(|counts| counts.len() as u64).sum()
    }

    /// Returns what the runs say about the runs to come.
    pub fn novelty(&self) -> Novelty {
        Novelty {
            runs: self.runs,
            ways: self.ways.len() as u64,
            once: self.ways.values().filter(|count| **count == 1).count() as u64,
        }
    }
}

/// Counts each name once; returns how many are new.
fn count(counts: &mut Counts, names: impl IntoIterator<Item = String>) -> u64 {
    let mut news = 0;
    for name in names {
        let known = counts.entry(name).or_insert(0);
        news += u64::from(*known == 0);
        *known += 1;
    }
    news
}

fn add(counts: &mut Counts, other: &Counts) -> u64 {
    let mut news = 0;
    for (name, more) in other {
        let known = counts.entry(name.clone()).or_insert(0);
        news += u64::from(*known == 0);
        *known += more;
    }
    news
}

fn transitions(policy: &sim_core::policy::Policy, lines: &[Step<'_>]) -> BTreeSet<String> {
    let mut before = Situation::Before;
    let mut transitions = BTreeSet::new();
    for step in lines {
        let after = step.now;
        if after != before && after != Situation::Over(Outcome::Unfinished) {
            transitions.insert(transition(policy, (before, after)));
        }
        before = after;
    }
    transitions
}

/// Returns the name of a transition.
pub(super) fn transition(
    policy: &sim_core::policy::Policy,
    (from, to): (Situation, Situation),
) -> String {
    format!("{} -> {}", from.name(policy), to.name(policy))
}

/// Returns the name of a cell.
pub(super) fn cell(policy: &sim_core::policy::Policy, situation: Situation, fault: &str) -> String {
    format!("{fault} while {}", situation.name(policy))
}

fn way(transitions: &BTreeSet<String>) -> String {
    let mut hash = RunningHash::new();
    for transition in transitions {
        hash.text(transition);
    }
    format!("{:016x}", hash.finish())
}

/// The faults of a rehearsal by the numbers of their effects.
struct Faults<'r> {
    rehearsed: &'r Rehearsed,
    names: BTreeMap<u16, &'static str>,
}

impl<'r> Faults<'r> {
    fn new(rehearsal: &Rehearsal, rehearsed: &'r Rehearsed) -> Self {
        let experiment = &rehearsed.experiment;
        let effects = experiment.release.iter().chain(&experiment.faults);
        let name = |(index, effect): (usize, &sim_core::effect::Effect)| {
            let mut injections = rehearsal.injections.iter();
            let of = injections.find(|injection| injection.id == effect.id)?;
            Some((index as u16, of.fault.name()))
        };
        let names = effects.enumerate().filter_map(name).collect();
        Self { rehearsed, names }
    }

    /// When which fault began.
    fn begun(&self, lines: &[Step<'_>]) -> Vec<(SimTime, &'static str)> {
        let begun = |step: &Step<'_>| match step.event {
            Event::EffectBegan { effect } => Some((step.at, *self.names.get(effect)?)),
            _ => None,
        };
        lines.iter().filter_map(begun).collect()
    }

    /// The situations in which faults showed: before and after the instant at which they did, because an
    /// instant may hold a whole decision.
    fn cells(&self, lines: &[Step<'_>]) -> BTreeSet<String> {
        let policy = &self.rehearsed.experiment.policy;
        let shown = lines.iter().filter_map(|step| match step.event {
            Event::EffectShowed { effect } => Some((step, *self.names.get(effect)?)),
            _ => None,
        });
        shown
            .flat_map(|(step, fault)| [step.then, step.now].map(|at| cell(policy, at, fault)))
            .collect()
    }
}
