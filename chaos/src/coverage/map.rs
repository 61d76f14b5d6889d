//! The map: what can be reached in an experiment, and how much of it has been.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sim_core::Experiment;

use super::cell::why_never;
use super::seen::{Counts, cell, transition};
use super::{Anchorage, Coverage, Novelty, Situation, boundary, can_show, graph, pair, sometimes};
use crate::catalogue::{ENTRIES, Injection};

/// A fault in a situation.
pub type Cell = (Situation, &'static str);
/// One fault right after another, near a moment.
pub type AnchoredPair = (Anchorage, &'static str, &'static str);

/// What can be reached in an experiment, by the names that reports use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// The transitions from one situation to another.
    pub transitions: BTreeMap<String, (Situation, Situation)>,
    /// The situations in which each fault can show.
    pub cells: BTreeMap<String, Cell>,
    /// The faults that can show nowhere, and why.
    pub left_off: BTreeMap<&'static str, &'static str>,
    /// The pairs of faults near a moment.
    pub pairs: BTreeMap<String, AnchoredPair>,
    boundaries: BTreeSet<String>,
    sometimes: BTreeSet<String>,
}

impl Map {
    /// Draws the map of an experiment: by the policy's graph, by where each fault of the catalogue can
    /// show, and by what each gate can read.
    pub fn of(experiment: &Experiment) -> Self {
        let policy = &experiment.policy;
        let edges = graph::edges(experiment);
        let mut situations: BTreeSet<Situation> = edges.iter().map(|(from, _)| *from).collect();
        situations.insert(Situation::Before);
        let possible = sometimes::ALL.iter();
        let possible = possible.filter(|property| (property.applies)(experiment));
        let mut map = Self {
            transitions: edges
                .iter()
                .map(|edge| (transition(policy, *edge), *edge))
                .collect(),
            cells: BTreeMap::new(),
            left_off: BTreeMap::new(),
            pairs: pairs(experiment),
            boundaries: boundary::cells(policy),
            sometimes: possible.map(|property| property.name.to_owned()).collect(),
        };
        map.draw_cells(experiment, &situations);
        map
    }

    fn draw_cells(&mut self, experiment: &Experiment, situations: &BTreeSet<Situation>) {
        for entry in ENTRIES {
            let lowered = Injection::of(entry).lower(experiment).ok();
            let Some(own) = lowered.as_ref().and_then(|lowered| lowered.effects.first()) else {
                continue;
            };
            let before = self.cells.len();
            let possible = situations
                .iter()
                .filter(|situation| can_show(experiment, &own.change, **situation));
            self.cells.extend(possible.map(|situation| {
                let name = cell(&experiment.policy, *situation, entry.name);
                (name, (*situation, entry.name))
            }));
            if self.cells.len() == before {
                self.left_off.insert(entry.name, why_never(&own.change));
            }
        }
    }
}

fn pairs(experiment: &Experiment) -> BTreeMap<String, AnchoredPair> {
    let can_happen =
        |entry: &&crate::catalogue::Entry| Injection::of(entry).lower(experiment).is_ok();
    let faults: Vec<&str> = ENTRIES
        .iter()
        .filter(can_happen)
        .map(|entry| entry.name)
        .collect();
    let anchors = Anchorage::ALL
        .iter()
        .filter(|anchor| anchor.exists(experiment));
    let mut pairs = BTreeMap::new();
    for anchor in anchors {
        for first in &faults {
            let seconds = faults.iter().filter(|second| *second != first);
            pairs.extend(seconds.map(|second| {
                let name = pair::name(*anchor, first, second);
                (name, (*anchor, *first, *second))
            }));
        }
    }
    pairs
}

/// How much of one kind of thing was covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Reach {
    /// The kind, in the plural.
    pub of: &'static str,
    /// How many can be reached.
    pub reachable: u64,
    /// How many of them were.
    pub reached: u64,
    /// Those that were not, in the order of their names.
    pub missing: Vec<String>,
    /// How many more were seen that are not on the map: what only faults can do.
    pub beyond: u64,
}

impl Reach {
    fn of<'n>(
        of: &'static str,
        wanted: impl ExactSizeIterator<Item = &'n String>,
        seen: &Counts,
    ) -> Self {
        let reachable = wanted.len() as u64;
        let (reached, missing): (Vec<&String>, Vec<&String>) =
            wanted.partition(|name| seen.contains_key(*name));
        Self {
            of,
            reachable,
            reached: reached.len() as u64,
            missing: missing.into_iter().cloned().collect(),
            beyond: (seen.len() - reached.len()) as u64,
        }
    }

    /// Returns the share that was reached; 1 where there is nothing to reach.
    pub fn share(&self) -> f64 {
        if self.reachable == 0 {
            return 1.0;
        }
        self.reached as f64 / self.reachable as f64
    }
}

/// What was covered of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// How many runs it took.
    pub runs: u64,
    /// Transitions, cells, pairs, boundary cells and properties, in this order.
    pub reaches: [Reach; 5],
    /// What the runs say about the runs to come.
    pub novelty: Novelty,
}

impl Coverage {
    /// Holds what was covered against what can be.
    pub fn against(&self, map: &Map) -> Summary {
        let reaches = [
            Reach::of("transitions", map.transitions.keys(), &self.transitions),
            Reach::of("state x fault coverage", map.cells.keys(), &self.cells),
            Reach::of("event-pair coverage", map.pairs.keys(), &self.pairs),
            Reach::of("boundary cells", map.boundaries.iter(), &self.boundaries),
            Reach::of("reachability checks", map.sometimes.iter(), &self.sometimes),
        ];
        Summary {
            runs: self.runs,
            reaches,
            novelty: self.novelty(),
        }
    }
}
