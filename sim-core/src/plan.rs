//! The plan: an experiment with its names resolved, ready to be played many times.

use std::sync::Arc;

use controllers::argo::run::AnalysisRun;

use crate::decider::{ArgoDecider, ArgoRun, ArgoRunner, Decider, FlaggerDecider, GuardHandle};
use crate::effect::{Change, Effect};
use crate::engine::Key;
use crate::engine::SimDuration;
use crate::environment::Setting;
use crate::experiment::Experiment;
use crate::faults::{EffectPlan, Effects};
use crate::grid::{Grid, intervals};
use crate::harms::Harms;
use crate::policy::gate::{CountTest, Joined, Population};
use crate::policy::{Action, Gate};
use crate::telemetry::{Mark, Motion, Query, SamplingPlan, Signal, SignalKind, SignalPlan};
use crate::traffic::Split;

/// Where the randomness of one rollout comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seed {
    /// The root seed of the study.
    pub root: u64,
    /// The number of the replication.
    pub replication: u64,
}

/// What sets the key of a study apart from those of its rollouts.
const STUDY: u64 = 0x5011_7731_0000_0000;

impl Seed {
    /// The key of one rollout.
    pub(crate) fn key(self) -> Key {
        Key::for_replication(self.root, self.replication)
    }

    /// The key of what stays the same over all rollouts of a study: who its users are.
    pub(crate) fn study(self) -> Key {
        Key::for_replication(self.root ^ STUDY, 0)
    }
}

/// An experiment whose names have been resolved to indices.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The experiment.
    pub experiment: Experiment,
    pub(crate) gates: Vec<GatePlan>,
    /// Who decides, made ready.
    pub(crate) engine: Engine,
    /// Everything that gates ask of the store, each once.
    pub(crate) queries: Vec<Query>,
    /// For each of them, the limits that its answer is compared with; nothing where the value itself matters.
    pub(crate) marks: Vec<Vec<Mark>>,
    /// For each member, the gate that stands at each place of the policy's list.
    pub(crate) members: Vec<Vec<usize>>,
    pub(crate) stages: Vec<StagePlan>,
    pub(crate) signals: Vec<SignalPlan>,
    pub(crate) effects: Effects,
    pub(crate) prerequisites: Vec<usize>,
    /// The number of things that exposure is counted in: hosts, or parts per million of requests.
    pub(crate) units: u32,
    pub(crate) harms: Harms,
    /// The interval in which samples are drawn: a scrape interval, or several where no gate can tell.
    pub(crate) interval: SimDuration,
    /// The number of past intervals to which anybody can look back.
    pub(crate) kept: usize,
    /// By how many intervals faults on the data's way can make the newest sample older that is seen.
    pub(crate) hidden_back: u64,
    /// Whether a signal tells how updates end.
    pub(crate) tells_updates: bool,
    /// The scrapes that an interval stands for.
    pub(crate) scrapes_each: u64,
}

/// Who decides, with all that is read of it once.
#[derive(Clone, Debug)]
pub(crate) enum Engine {
    Native,
    /// The Rollout, and for each of its runs the analysis before it has begun.
    Argo(Arc<ArgoDecider>, Arc<Vec<Option<AnalysisRun>>>),
    Flagger(Arc<FlaggerDecider>),
    Guard(GuardHandle),
}

impl Engine {
    fn of(decider: &Decider) -> Self {
        match decider {
            Decider::Native => Self::Native,
            Decider::Guard(guard) => Self::Guard(guard.clone()),
            Decider::Flagger(decider) => Self::Flagger(Arc::clone(decider)),
            Decider::Argo(decider) => {
                let prototype = |run: &ArgoRun| match &run.runner {
                    ArgoRunner::Analysis { spec, .. } => Some(AnalysisRun::new(spec)),
                    ArgoRunner::Opaque { .. } => None,
                };
                let prototypes = decider.runs.iter().map(prototype).collect();
                Self::Argo(Arc::clone(decider), Arc::new(prototypes))
            }
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct GatePlan {
    pub signal: usize,
    pub class: Option<usize>,
    /// The first gate that judges as this one does, if both windows count nothing but breaches in a row;
    /// otherwise the gate itself.
    pub leader: usize,
    /// Where the value comes from, and what a relative limit refers to.
    pub reads: Source,
    pub refers_to: Option<Source>,
    /// The look-back inside the look-back that some windows have: a query of its own, and its length in
    /// intervals.
    pub inner: Option<(usize, u64)>,
    /// The test of a window that takes every request, as it is before it has taken any.
    pub test: Option<CountTest>,
    /// The gates whose breaches are joined with this one's, and whether each is to breach.
    pub joined: Vec<(usize, bool)>,
}

/// Where a reading comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The store answers the query of this number.
    Query(usize),
    /// What the canary showed when its first stage ended.
    Baseline,
}

#[derive(Clone, Debug)]
pub(crate) struct StagePlan {
    /// The places of the gates that are read in the stage, each once.
    pub watched: Vec<StageGate>,
    pub entry: Vec<usize>,
    pub hold: Vec<usize>,
    pub approval: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct StageGate {
    /// The place in the policy's list of gates.
    pub place: usize,
    pub criterion: bool,
    pub trigger: bool,
}

impl Plan {
    /// Resolves the names of `experiment`.
    ///
    /// # Panics
    /// When a name does not resolve. Files are checked, with places and advice, before they become
    /// an experiment; a name that fails here is a mistake of the program.
    pub fn new(experiment: &Experiment) -> Self {
        Self::on(experiment, &Grid::of(experiment))
    }

    /// Resolves the names of `experiment`, to be played on `grid`: its own, or one that it has in common
    /// with others.
    ///
    /// # Panics
    /// When a name does not resolve, as in [`Plan::new`].
    pub fn on(experiment: &Experiment, grid: &Grid) -> Self {
        let one_of_each = (0..experiment.policy.gates.len()).collect();
        Self::of_members(experiment, vec![one_of_each], grid)
    }

    /// Resolves the names of `experiment`, whose gates hold those of every member: for each place of the
    /// members' own lists the gates that stand there, one after the other.
    pub(crate) fn of_members(
        experiment: &Experiment,
        members: Vec<Vec<usize>>,
        grid: &Grid,
    ) -> Self {
        let units = units(experiment);
        let effects = effects(experiment);
        let signals = signals(experiment, &effects, grid);
        let scrape = experiment.telemetry.scrape_every;
        let mut queries = Vec::new();
        let gates = &experiment.policy.gates;
        let mut plan = Self {
            gates: (0..gates.len())
                .map(|gate| gate_plan(experiment, gate, grid.interval, &mut queries))
                .collect(),
            engine: Engine::of(&experiment.decider),
            queries,
            marks: Vec::new(),
            stages: stages(experiment, &members[0]),
            members,
            harms: Harms::of(experiment, &signals, &effects),
            signals,
            prerequisites: evidence(experiment, &experiment.policy.prerequisites),
            kept: kept(experiment, grid, &effects),
            hidden_back: hidden_back(experiment, grid, &effects),
            interval: grid.interval,
            tells_updates: tells_updates(experiment),
            scrapes_each: grid.interval.as_nanos() / scrape.as_nanos(),
            effects: Effects::new(effects),
            units,
            experiment: experiment.clone(),
        };
        plan.marks = plan.marks();
        plan
    }

    /// What the environment is made of.
    pub(crate) fn setting(&self) -> Setting<'_> {
        Setting {
            traffic: &self.experiment.traffic,
            starts: self.experiment.starts(),
            fleet: &self.experiment.fleet,
            units: self.units,
            interval: self.interval,
            kept: self.kept,
        }
    }

    /// What sampling needs to know.
    pub(crate) fn sampling(&self) -> SamplingPlan<'_> {
        SamplingPlan {
            telemetry: &self.experiment.telemetry,
            signals: &self.signals,
            effects: &self.effects,
            hosts: self.experiment.fleet.hosts,
            interval: self.interval,
            hidden_back: self.hidden_back,
            scrapes_each: self.scrapes_each,
        }
    }

    /// The place in the members' own lists at which a gate stands.
    ///
    /// # Panics
    /// When no member has the gate.
    pub(crate) fn place_of(&self, gate: u16) -> u16 {
        let mut members = self.members.iter();
        let place = members.find_map(|own| own.iter().position(|it| *it == usize::from(gate)));
        place.expect("a gate that acted is one of a member's") as u16
    }

    /// What a firing gate's class does, its class and the gate; none where the gate has no class.
    pub(crate) fn acts_on(&self, gate: usize) -> Option<(Action, usize, usize)> {
        let class = self.gates[gate].class?;
        let action = self.experiment.policy.classes[class].action;
        Some((action, class, gate))
    }
}

/// Data that are frozen are read again however old they are, so that with a store that freezes nothing is
/// forgotten.
fn kept(experiment: &Experiment, grid: &Grid, effects: &[EffectPlan]) -> usize {
    let freezes = |plan: &EffectPlan| matches!(plan.effect.change, Change::Freeze(_));
    if effects.iter().any(|plan| !plan.inert && freezes(plan)) {
        return usize::MAX;
    }
    let reach = grid.reach.iter().max().copied().unwrap_or_default();
    let lag = experiment.telemetry.lag.as_nanos() / grid.interval.as_nanos();
    // A step of a recording is shared out by the exposure in all of its intervals.
    let signals = experiment.telemetry.signals.iter();
    let steps = signals.filter_map(|signal| Some(signal.recording.as_ref()?.step));
    let step = intervals(steps.max().unwrap_or_default(), grid.interval);
    let back = hidden_back(experiment, grid, effects);
    reach
        .saturating_add(lag)
        .saturating_add(back)
        .saturating_add(step + 1) as usize
}

/// What lags, shifted windows and stragglers add up to, and the age at which an old sample is not read any
/// more; nothing where no fault is on the data's way.
fn hidden_back(experiment: &Experiment, grid: &Grid, effects: &[EffectPlan]) -> u64 {
    let by = |plan: &EffectPlan| match &plan.effect.change {
        _ if plan.inert => None,
        Change::Lag { by, .. } | Change::ShiftWindow { by, .. } => Some(*by),
        Change::Straggle(straggling) => Some(straggling.by),
        change => change.is_about_data().then_some(SimDuration::ZERO),
    };
    let older = effects
        .iter()
        .filter_map(by)
        .reduce(SimDuration::saturating_add);
    let Some(older) = older else { return 0 };
    let stale = experiment.telemetry.stale_after;
    let back = older.saturating_add(stale).as_nanos() / grid.interval.as_nanos();
    back.saturating_add(2)
}

fn position(what: &str, name: &str, mut names: impl Iterator<Item = impl AsRef<str>>) -> usize {
    names
        .position(|known| known.as_ref() == name)
        .unwrap_or_else(|| panic!("the experiment has no {what} called {name:?}"))
}

fn tells_updates(experiment: &Experiment) -> bool {
    let mut signals = experiment.telemetry.signals.iter();
    signals.any(|signal| signal.kind == SignalKind::Updates)
}

fn units(experiment: &Experiment) -> u32 {
    match experiment.traffic.split {
        Split::ByHost => experiment.fleet.hosts,
        _ => 1_000_000,
    }
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
    let inner = gate.window.inner_look_back();
    let joined = gate.with.iter().flat_map(Joined::wanted);
    let joined = joined.map(|(id, breach)| {
        let place = position("gate", id, gates.iter().map(|gate| &gate.id));
        (place, breach)
    });
    GatePlan {
        joined: joined.collect(),
        signal,
        leader: leader(gates, index),
        class: class.map(|class| position("class", class, classes())),
        reads: read(gate.population, gate.over),
        refers_to: gate
            .breach
            .limit
            .refers_to()
            .map(|population| read(population, gate.over)),
        inner: inner.and_then(|over| match read(gate.population, over) {
            Source::Query(query) => Some((query, intervals(over, interval))),
            Source::Baseline => None,
        }),
        test: CountTest::new(gate),
    }
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

fn evidence(experiment: &Experiment, ids: &[String]) -> Vec<usize> {
    let known = &experiment.policy.evidence;
    ids.iter()
        .map(|id| position("evidence", id, known.iter().map(|item| &item.id)))
        .collect()
}

fn stages(experiment: &Experiment, member: &[usize]) -> Vec<StagePlan> {
    let policy = &experiment.policy;
    let roles = || experiment.operators.iter().map(|operator| &operator.role);
    let resolve = |stage: &crate::policy::Stage| StagePlan {
        watched: watched(experiment, member, stage),
        entry: evidence(experiment, &stage.entry),
        hold: evidence(experiment, &stage.hold),
        approval: stage
            .approval
            .as_ref()
            .map(|role| position("role", role, roles())),
    };
    policy.stages.iter().map(resolve).collect()
}

/// Returns the places of the stage's gates in a member's list; names are alike for all members.
fn watched(
    experiment: &Experiment,
    member: &[usize],
    stage: &crate::policy::Stage,
) -> Vec<StageGate> {
    let gates = &experiment.policy.gates;
    for id in stage.criteria.iter().chain(&stage.triggers) {
        position("gate", id, gates.iter().map(|gate| &gate.id));
    }
    let watch = |(place, gate): (usize, &usize)| {
        let criterion = stage.criteria.contains(&gates[*gate].id);
        let trigger = stage.triggers.contains(&gates[*gate].id);
        (criterion || trigger).then_some(StageGate {
            place,
            criterion,
            trigger,
        })
    };
    member.iter().enumerate().filter_map(watch).collect()
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
    let all = || experiment.release.iter().chain(&experiment.faults);
    let place = |name: &String| all().position(|effect| effect.id == *name);
    let resolve = |(index, effect): (usize, &Effect)| EffectPlan {
        hosts_of: effect.hosts_of.as_ref().and_then(place).unwrap_or(index),
        cured_by_rungs: (0..rungs.len())
            .filter(|rung| effect.cured_by.iter().any(|cure| cure == rungs[*rung]))
            .collect(),
        cured_by_kill: effect
            .cured_by
            .iter()
            .any(|cure| Some(cure.as_str()) == switch),
        // Without the effect that it belongs to there are no hosts that could show it.
        inert: effect.is_inert()
            || effect
                .hosts_of
                .as_ref()
                .is_some_and(|of| place(of).is_none()),
        effect: effect.clone(),
    };
    all().enumerate().map(resolve).collect()
}

fn signals(experiment: &Experiment, effects: &[EffectPlan], grid: &Grid) -> Vec<SignalPlan> {
    let telemetry = &experiment.telemetry;
    let plan = |(index, signal): (usize, &Signal)| SignalPlan {
        reach: grid.reach[index],
        effects: (0..effects.len())
            .filter(|index| changes_level(&effects[*index].effect.change, &signal.id))
            .filter(|index| !effects[*index].inert)
            .collect(),
        law: grid.laws[index].clone(),
        motion: Arc::new(Motion::new(&signal.noise, telemetry.starts_in_week)),
    };
    let signals = telemetry.signals.iter();
    signals.enumerate().map(plan).collect()
}

fn changes_level(change: &Change, signal: &str) -> bool {
    match change {
        Change::Add(change) | Change::Multiply(change) | Change::Shock(change) => {
            change.signal == signal
        }
        _ => false,
    }
}
