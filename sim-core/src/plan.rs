//! The plan: an experiment with its names resolved, ready to be played many times.

use crate::effect::{Change, Effect};
use crate::engine::{Key, SimDuration};
use crate::experiment::Experiment;
use crate::policy::gate::{Measure, Population};
use crate::run::Run;
use crate::telemetry::{Bins, Noise, Signal, SignalKind};
use crate::traffic::{Arrivals, Split};
use crate::world::World;

/// Where the randomness of one rollout comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seed {
    /// The root seed of the study.
    pub root: u64,
    /// The number of the replication.
    pub replication: u64,
}

/// An experiment whose names have been resolved to indices.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The experiment.
    pub experiment: Experiment,
    pub(crate) gates: Vec<GatePlan>,
    pub(crate) stages: Vec<StagePlan>,
    pub(crate) signals: Vec<SignalPlan>,
    pub(crate) effects: Vec<EffectPlan>,
    pub(crate) prerequisites: Vec<usize>,
    /// The number of things that exposure is counted in: hosts, or parts per million of requests.
    pub(crate) units: u32,
    pub(crate) has_data_effects: bool,
    /// The interval in which samples are drawn: a scrape interval, or several where no gate can tell.
    pub(crate) interval: SimDuration,
    /// The scrapes that an interval stands for.
    pub(crate) scrapes_each: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct GatePlan {
    pub signal: usize,
    pub class: Option<usize>,
    pub reference: Option<Population>,
    /// How many intervals one reading looks back.
    pub back: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct StagePlan {
    /// The gates that are read in the stage, each once.
    pub watched: Vec<Watch>,
    pub entry: Vec<usize>,
    pub hold: Vec<usize>,
    pub approval: Option<usize>,
    /// The units that the stage's target means.
    pub units: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch {
    pub gate: usize,
    pub criterion: bool,
    pub trigger: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct SignalPlan {
    /// The longest look-back of any gate on the signal, in intervals.
    pub reach: u64,
    /// The effects on the signal's level, by index.
    pub effects: Vec<usize>,
    /// The bins of a latency of which a gate reads quantiles.
    pub bins: Option<Bins>,
}

#[derive(Clone, Debug)]
pub(crate) struct EffectPlan {
    pub effect: Effect,
    pub cured_by_rungs: Vec<usize>,
    pub cured_by_kill: bool,
}

impl Plan {
    /// Resolves the names of `experiment`.
    ///
    /// # Panics
    /// When a name does not resolve. Files are checked, with places and advice, before they become
    /// an experiment; a name that fails here is a mistake of the program.
    pub fn new(experiment: &Experiment) -> Self {
        let units = units(experiment);
        let effects = effects(experiment);
        let has_data_effects = effects
            .iter()
            .any(|plan| is_data_effect(&plan.effect.change));
        let scrape = experiment.telemetry.scrape_every;
        let interval = if has_data_effects {
            scrape
        } else {
            interval(experiment)
        };
        Self {
            gates: gates(experiment, interval),
            stages: stages(experiment, units),
            signals: signals(experiment, &effects, interval),
            prerequisites: evidence(experiment, &experiment.policy.prerequisites),
            has_data_effects,
            interval,
            scrapes_each: interval.as_nanos() / scrape.as_nanos(),
            effects,
            units,
            experiment: experiment.clone(),
        }
    }

    /// Plays the rollout once.
    pub fn play(&self, seed: Seed) -> Run {
        World::new(self, Key::for_replication(seed.root, seed.replication)).play()
    }
}

fn position(what: &str, name: &str, mut names: impl Iterator<Item = impl AsRef<str>>) -> usize {
    names
        .position(|known| known.as_ref() == name)
        .unwrap_or_else(|| panic!("the experiment has no {what} called {name:?}"))
}

fn units(experiment: &Experiment) -> u32 {
    match experiment.traffic.split {
        Split::ByHost => experiment.fleet.hosts,
        Split::ByRequest | Split::StickyUsers { .. } => 1_000_000,
    }
}

fn gates(experiment: &Experiment, interval: SimDuration) -> Vec<GatePlan> {
    let signals = &experiment.telemetry.signals;
    let classes = &experiment.policy.classes;
    let resolve = |gate: &crate::policy::Gate| GatePlan {
        signal: position(
            "signal",
            &gate.signal,
            signals.iter().map(|signal| &signal.id),
        ),
        class: gate
            .class
            .as_ref()
            .map(|class| position("class", class, classes.iter().map(|class| &class.id))),
        reference: gate.breach.limit.refers_to(),
        back: intervals(gate.over, interval),
    };
    experiment.policy.gates.iter().map(resolve).collect()
}

fn evidence(experiment: &Experiment, ids: &[String]) -> Vec<usize> {
    let known = &experiment.policy.evidence;
    ids.iter()
        .map(|id| position("evidence", id, known.iter().map(|item| &item.id)))
        .collect()
}

fn stages(experiment: &Experiment, units: u32) -> Vec<StagePlan> {
    let policy = &experiment.policy;
    let roles = || experiment.operators.iter().map(|operator| &operator.role);
    let resolve = |stage: &crate::policy::Stage| StagePlan {
        watched: watched(experiment, stage),
        entry: evidence(experiment, &stage.entry),
        hold: evidence(experiment, &stage.hold),
        approval: stage
            .approval
            .as_ref()
            .map(|role| position("role", role, roles())),
        units: policy.rounding.apply(stage.target, units.into()) as u32,
    };
    policy.stages.iter().map(resolve).collect()
}

fn watched(experiment: &Experiment, stage: &crate::policy::Stage) -> Vec<Watch> {
    let gates = &experiment.policy.gates;
    for id in stage.criteria.iter().chain(&stage.triggers) {
        position("gate", id, gates.iter().map(|gate| &gate.id));
    }
    let watch = |(gate, known): (usize, &crate::policy::Gate)| {
        let criterion = stage.criteria.contains(&known.id);
        let trigger = stage.triggers.contains(&known.id);
        (criterion || trigger).then_some(Watch {
            gate,
            criterion,
            trigger,
        })
    };
    gates.iter().enumerate().filter_map(watch).collect()
}

fn effects(experiment: &Experiment) -> Vec<EffectPlan> {
    let rungs = experiment
        .policy
        .ladder
        .iter()
        .flat_map(|ladder| &ladder.rungs);
    let rungs: Vec<&str> = rungs.map(|rung| rung.id.as_str()).collect();
    let switch = experiment
        .policy
        .kill_switch
        .as_ref()
        .map(|switch| switch.id.as_str());
    let resolve = |effect: &Effect| EffectPlan {
        cured_by_rungs: (0..rungs.len())
            .filter(|rung| effect.cured_by.iter().any(|cure| cure == rungs[*rung]))
            .collect(),
        cured_by_kill: effect
            .cured_by
            .iter()
            .any(|cure| Some(cure.as_str()) == switch),
        effect: effect.clone(),
    };
    experiment
        .release
        .iter()
        .chain(&experiment.faults)
        .map(resolve)
        .collect()
}

/// Returns how many intervals a look-back time covers: the newest sample alone where it is zero, and
/// nothing where it is shorter than an interval.
pub(crate) fn intervals(over: SimDuration, interval: SimDuration) -> u64 {
    if over.is_zero() {
        1
    } else {
        over.as_nanos() / interval.as_nanos()
    }
}

fn signals(
    experiment: &Experiment,
    effects: &[EffectPlan],
    interval: SimDuration,
) -> Vec<SignalPlan> {
    let plan = |signal: &Signal| {
        let gates = || {
            experiment
                .policy
                .gates
                .iter()
                .filter(|gate| gate.signal == signal.id)
        };
        let back = |gate: &crate::policy::Gate| {
            let canary = [Some(gate.population), gate.breach.limit.refers_to()];
            let baseline = canary.contains(&Some(Population::CanaryBaseline));
            let first = experiment.policy.stages[0].observe;
            intervals(
                if baseline {
                    gate.over.max(first)
                } else {
                    gate.over
                },
                interval,
            )
        };
        SignalPlan {
            reach: gates().map(back).max().unwrap_or_default(),
            effects: (0..effects.len())
                .filter(|index| changes_level(&effects[*index].effect.change, &signal.id))
                .collect(),
            bins: bins(&signal.kind, gates()),
        }
    };
    experiment.telemetry.signals.iter().map(plan).collect()
}

fn bins<'g>(
    kind: &SignalKind,
    gates: impl Iterator<Item = &'g crate::policy::Gate>,
) -> Option<Bins> {
    let SignalKind::Latency { parts, cap } = kind else {
        return None;
    };
    let quantiles = gates.filter_map(|gate| match gate.measure {
        Measure::Quantile(q) => Some(q),
        _ => None,
    });
    quantiles
        .reduce(f64::min)
        .map(|lowest| Bins::new(parts, *cap, lowest))
}

fn changes_level(change: &Change, signal: &str) -> bool {
    match change {
        Change::Add(change) | Change::Multiply(change) | Change::Shock(change) => {
            change.signal == signal
        }
        _ => false,
    }
}

fn is_data_effect(change: &Change) -> bool {
    matches!(
        change,
        Change::Outage(_)
            | Change::Nan(_)
            | Change::CounterReset(_)
            | Change::Lag { .. }
            | Change::Freeze(_)
    )
}

/// The longest interval, up to a minute, that no gate of the experiment can look inside of.
///
/// Evaluations, look-back times and the lag must be whole multiples of it, and what is drawn must
/// add up: sums of binomial, Poisson and normal samples are of the same kind, whereas bursts,
/// intra-class correlation and slow movements would change with the length of the interval.
fn interval(experiment: &Experiment) -> SimDuration {
    let telemetry = &experiment.telemetry;
    let scrape = telemetry.scrape_every;
    let policy = &experiment.policy;
    let newest_alone = policy.gates.iter().any(|gate| gate.over.is_zero());
    let bursts = matches!(
        experiment.traffic.arrivals,
        Arrivals::NegativeBinomial { .. }
    );
    if newest_alone || bursts || !telemetry.signals.iter().all(adds_up) {
        return scrape;
    }
    let looks = policy
        .gates
        .iter()
        .map(|gate| gate.over)
        .chain([telemetry.lag]);
    let common = looks
        .map(SimDuration::as_nanos)
        .fold(policy.evaluate_every.as_nanos(), gcd);
    let minute = SimDuration::from_mins(1);
    let longest = SimDuration::from_nanos(common);
    let fits = longest <= minute && common % scrape.as_nanos() == 0;
    if fits { longest } else { scrape }
}

fn adds_up(signal: &Signal) -> bool {
    let steady = signal.noise == Noise::default();
    steady
        && match signal.kind {
            SignalKind::Ratio { correlation, .. } | SignalKind::RatioOfRuns { correlation, .. } => {
                correlation == 0.0
            }
            SignalKind::Count { size, .. } => size.is_none(),
            SignalKind::Gauge { .. } | SignalKind::Latency { .. } => true,
        }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
