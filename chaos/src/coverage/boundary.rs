//! Boundary cells: values right below, at and right above a limit, and breaches that just fill a window
//! or just do not.

use std::collections::BTreeSet;

use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::gate::{Limit, Measure};
use sim_core::policy::{Gate, Judgement, Policy};
use sim_core::{Event, Run};

/// How near to a limit is right below or above it, as a part of the limit; a count is next to its limit
/// when it differs by one.
const NEXT_TO: f64 = 1e-3;

/// The places of a value relative to a limit.
const PLACES: [&str; 3] = [
    "right below its limit",
    "at its limit",
    "right above its limit",
];
/// The ends of a run of breaches.
const ENDS: [&str; 2] = ["one beat short of its window", "its window full"];

/// Returns every boundary cell of a policy: of the gates that some stage watches.
pub(super) fn cells(policy: &Policy) -> BTreeSet<String> {
    let mut cells = BTreeSet::new();
    for gate in &policy.gates {
        let listed = |list: &[String]| list.contains(&gate.id);
        let watched = policy
            .stages
            .iter()
            .any(|stage| listed(&stage.criteria) || listed(&stage.triggers));
        if watched && has_places(gate) {
            cells.extend(PLACES.iter().map(|place| name(gate, place)));
        }
        let fires = policy.stages.iter().any(|stage| listed(&stage.triggers));
        if fires && filled_after(gate, policy.evaluate_every).is_some() {
            cells.extend(ENDS.iter().map(|end| name(gate, end)));
        }
    }
    cells
}

/// Returns the boundary cells that a run was in.
pub(super) fn reached(policy: &Policy, run: &Run) -> BTreeSet<String> {
    let mut reached = Reached {
        policy,
        cells: BTreeSet::new(),
        breached_since: vec![None; policy.gates.len()],
    };
    for (at, event) in &run.history {
        match *event {
            Event::Judged {
                gate,
                value,
                flaw,
                judgement,
                ..
            } => {
                if flaw.is_none() {
                    reached.valued(gate, value);
                }
                reached.judged(gate, judgement, *at);
            }
            Event::Triggered { gate, .. } => reached.triggered(gate),
            _ => {}
        }
    }
    reached.cells
}

/// The cells of a run so far, and since when each gate breaches.
struct Reached<'p> {
    policy: &'p Policy,
    cells: BTreeSet<String>,
    breached_since: Vec<Option<SimTime>>,
}

impl Reached<'_> {
    fn valued(&mut self, gate: u16, value: f64) {
        let gate = self.policy.gates.get(usize::from(gate));
        if let Some(gate) = gate.filter(|gate| has_places(gate)) {
            let place = place(gate, value).map(|place| name(gate, place));
            self.cells.extend(place);
        }
    }

    fn judged(&mut self, index: u16, judgement: Judgement, at: SimTime) {
        let index = usize::from(index);
        let Some(gate) = self.policy.gates.get(index) else {
            return;
        };
        if judgement == Judgement::Breach {
            self.breached_since[index].get_or_insert(at);
        } else if let Some(since) = self.breached_since[index].take() {
            let full = filled_after(gate, self.policy.evaluate_every);
            // One beat more, this one, would have filled it.
            if full.is_some_and(|full| at.saturating_since(since) >= full) {
                self.cells.insert(name(gate, ENDS[0]));
            }
        }
    }

    fn triggered(&mut self, index: u16) {
        let index = usize::from(index);
        if let Some(gate) = self.policy.gates.get(index) {
            self.breached_since[index] = None;
            if filled_after(gate, self.policy.evaluate_every).is_some() {
                self.cells.insert(name(gate, ENDS[1]));
            }
        }
    }
}

fn name(gate: &Gate, what: &str) -> String {
    format!("{}: {what}", gate.id)
}

/// A limit that moves, or one of 0 for what is never less, has no places around it.
fn has_places(gate: &Gate) -> bool {
    match gate.breach.limit {
        Limit::Absolute(limit) => limit != 0.0 || gate.measure == Measure::Count,
        _ => false,
    }
}

fn place(gate: &Gate, value: f64) -> Option<&'static str> {
    let limit = gate.breach.limit.absolute()?;
    let next_to = match gate.measure {
        Measure::Count => 1.0,
        _ => limit.abs() * NEXT_TO,
    };
    let distance = value - limit;
    if distance == 0.0 {
        return Some(PLACES[1]);
    }
    let side = if distance < 0.0 { PLACES[0] } else { PLACES[2] };
    (distance.abs() <= next_to).then_some(side)
}

/// How long a breach lasts from its first evaluation to the one that fires; none for windows that are no
/// runs.
fn filled_after(gate: &Gate, evaluate_every: SimDuration) -> Option<SimDuration> {
    let run = gate.window.run_length(evaluate_every);
    run.filter(|run| !run.is_zero())
}
