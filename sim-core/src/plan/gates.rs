//! The gates of a plan, and everything that they ask of the store, each once.

use super::parts::{GatePlan, Source};
use super::resolve::position;
use crate::engine::SimDuration;
use crate::experiment::Experiment;
use crate::grid::{Grid, intervals};
use crate::policy::Gate;
use crate::policy::gate::{CountTest, Joined, Population};
use crate::telemetry::Query;

/// The plans of all gates; what they ask is added to `queries`.
pub(super) fn gates(
    experiment: &Experiment,
    grid: &Grid,
    queries: &mut Vec<Query>,
) -> Vec<GatePlan> {
    let all = 0..experiment.policy.gates.len();
    all.map(|gate| gate_plan(experiment, gate, grid.interval, queries))
        .collect()
}

fn gate_plan(
    experiment: &Experiment,
    index: usize,
    interval: SimDuration,
    queries: &mut Vec<Query>,
) -> GatePlan {
    let gates = &experiment.policy.gates;
    let gate = &gates[index];
    let signals = experiment.telemetry.signals.iter();
    let classes = || experiment.policy.classes.iter().map(|class| &class.id);
    let class = gate.class.as_ref();
    let signal = position("signal", &gate.signal, signals.map(|signal| &signal.id));
    let mut read = |population, over| {
        let query = Query {
            signal,
            population,
            measure: gate.measure,
            back: intervals(over, interval),
        };
        source(query, queries)
    };
    let reads = read(gate.population, gate.over);
    let refers_to = gate.breach.limit.refers_to();
    let refers_to = refers_to.map(|population| read(population, gate.over));
    let inner = gate.window.inner_look_back();
    GatePlan {
        joined: joined(gates, gate),
        signal,
        leader: leader(gates, index),
        class: class.map(|class| position("class", class, classes())),
        reads,
        refers_to,
        inner: inner.and_then(|over| match read(gate.population, over) {
            Source::Query(query) => Some((query, intervals(over, interval))),
            Source::Baseline => None,
        }),
        test: CountTest::new(gate),
    }
}

/// The places of the gates whose breaches are joined with this one's, and whether each is to breach.
fn joined(gates: &[Gate], gate: &Gate) -> Vec<(usize, bool)> {
    let place = |id: &str| position("gate", id, gates.iter().map(|gate| &gate.id));
    let wanted = gate.with.iter().flat_map(Joined::wanted);
    wanted.map(|(id, breach)| (place(id), breach)).collect()
}

fn leader(gates: &[Gate], index: usize) -> usize {
    let this = &gates[index];
    let judges_alike = |other: &Gate| {
        other.window.counts_a_run()
            && other.breach == this.breach
            && (other.over, other.min_samples, other.on) == (this.over, this.min_samples, this.on)
            && (other.measure, other.population) == (this.measure, this.population)
            && (&other.id, &other.signal) == (&this.id, &this.signal)
            && (&other.keep, &other.with) == (&this.keep, &this.with)
    };
    let found = gates[..index].iter().position(judges_alike);
    found
        .filter(|_| this.window.counts_a_run())
        .unwrap_or(index)
}

/// Returns where the answer to `query` comes from; a query that is new is added to `queries`.
fn source(query: Query, queries: &mut Vec<Query>) -> Source {
    if query.population == Population::CanaryBaseline {
        return Source::Baseline;
    }
    let known = queries.iter().position(|known| *known == query);
    Source::Query(known.unwrap_or_else(|| {
        queries.push(query);
        queries.len() - 1
    }))
}
