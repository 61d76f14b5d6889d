//! What more gates than the policy's own would have read in the very rollout that was played.

use sim_core::engine::SimDuration;
use sim_core::policy::gate::{
    BadData, Comparison, Gate, Judgement, Limit, Measure, Population, Relation, Window,
};
use sim_core::policy::{Action, Class};
use sim_core::{Event, Experiment, Grid, History, Plan, Run, Seed, Watched};

/// Something to be read at every evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// The signal.
    pub signal: String,
    /// What is read of it.
    pub measure: Measure,
    /// Whose.
    pub population: Population,
    /// How far back a reading looks.
    pub over: SimDuration,
}

/// What the probes read while the rollout went forward, and how fine latencies were told apart.
#[derive(Clone, Debug)]
pub struct Probed {
    /// The readings of each probe, in its order.
    pub readings: Vec<Vec<Watched>>,
    /// For each probe on a latency, the milliseconds below which it only guesses.
    pub finest: Vec<Option<f64>>,
}

/// Plays the rollout of `experiment` under `seed` again with `probes` beside its gates; `played` is how
/// it was without them. A probe never holds anything up.
///
/// Returns none where the rollout was not the same: then what was read belongs to another one.
pub fn probe(
    experiment: &Experiment,
    seed: Seed,
    played: &Run,
    probes: &[Probe],
) -> Option<Probed> {
    let own = experiment.policy.gates.len();
    let watched = with_probes(experiment, probes);
    let grid = Grid::of(experiment).reaching(&watched);
    let (run, readings) = Plan::on(&watched, &grid).watch(seed);
    if own_history(&run.history, own).hash() != played.history.hash() {
        return None;
    }
    let of = |index: usize| {
        let all = readings.iter();
        all.filter(|reading| reading.gate == own + index)
            .copied()
            .collect()
    };
    let finest = |probe: &Probe| {
        let signals = experiment.telemetry.signals.iter();
        let mut numbered = signals.zip(0..);
        let place = numbered.find(|(signal, _)| signal.id == probe.signal);
        place.and_then(|(_, place)| grid.finest(place))
    };
    Some(Probed {
        readings: (0..probes.len()).map(of).collect(),
        finest: probes.iter().map(finest).collect(),
    })
}

fn with_probes(experiment: &Experiment, probes: &[Probe]) -> Experiment {
    let mut watched = experiment.clone();
    let policy = &mut watched.policy;
    // A name that is longer than all others is none of them.
    let gates = policy.gates.iter().map(|gate| gate.id.len());
    let classes = policy.classes.iter().map(|class| class.id.len());
    let prefix = "probe ".repeat(1 + gates.chain(classes).max().unwrap_or(0) / 6);
    policy.classes.push(Class {
        id: prefix.clone(),
        action: Action::Record,
        sign_off: None,
        at_most: None,
        no_new_starts: false,
    });
    for (index, probe) in probes.iter().enumerate() {
        let id = format!("{prefix}{index}");
        for stage in &mut policy.stages {
            // Triggers are read at each evaluation, criteria only when their stage is over.
            stage.triggers.push(id.clone());
        }
        policy.gates.push(gate(id, &prefix, probe));
    }
    watched
}

/// A gate that passes whatever it reads.
fn gate(id: String, class: &str, probe: &Probe) -> Gate {
    let pass = Judgement::Pass;
    Gate {
        id,
        signal: probe.signal.clone(),
        measure: probe.measure,
        population: probe.population,
        over: probe.over,
        breach: Comparison {
            is: Relation::Above,
            limit: Limit::Absolute(f64::INFINITY),
        },
        window: Window::Instant,
        min_samples: 0,
        on: BadData {
            missing: pass,
            stale: pass,
            nan: pass,
            zero_denominator: pass,
            too_few: pass,
        },
        keep: Vec::new(),
        with: None,
        lasting: None,
        already_red: None,
        class: Some(class.to_owned()),
    }
}

/// The history without what the probes said.
fn own_history(history: &History, own: usize) -> History {
    let mut kept = History::new();
    for &(at, event) in history {
        let probes = matches!(event, Event::Judged { gate, .. } if usize::from(gate) >= own);
        if !probes {
            kept.push(at, event);
        }
    }
    kept
}
