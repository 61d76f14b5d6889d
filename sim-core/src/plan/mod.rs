//! The plan: an experiment with its names resolved, ready to be played many times.

mod gates;
mod parts;
mod resolve;
mod seed;

pub(crate) use parts::{Engine, GatePlan, Source, StageGate, StagePlan};
pub use seed::Seed;

use crate::engine::SimDuration;
use crate::environment::Setting;
use crate::experiment::Experiment;
use crate::faults::Effects;
use crate::grid::Grid;
use crate::harms::Harms;
use crate::policy::Action;
use crate::telemetry::{Mark, Query, SamplingPlan, SignalPlan};
use gates::gates;
use resolve::{effects, evidence, hidden_back, kept, signals, stages, tells_updates, units};

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
        let effects = effects(experiment);
        let signals = signals(experiment, &effects, grid);
        let scrape = experiment.telemetry.scrape_every;
        let mut queries = Vec::new();
        let mut plan = Self {
            gates: gates(experiment, grid, &mut queries),
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
            units: units(experiment),
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
