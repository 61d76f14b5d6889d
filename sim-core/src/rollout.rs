//! A rollout that can be stopped, copied and played on with other luck.

use crate::engine::SimTime;
use crate::plan::{Plan, Seed};
use crate::policy::Action;
use crate::run::Figures;
use crate::simulation::Simulation;

/// A rollout under way, without a history.
///
/// It is made for splitting: a copy that is played on under another seed is another rollout with the
/// same past, drawn from the same law.
///
/// # Example
///
/// ```no_run
/// # fn example(plan: &sim_core::Plan, seed: sim_core::Seed, other: sim_core::Seed) {
/// let mut rollout = plan.begin(seed);
/// while rollout.progress() < 0.5 && rollout.step() {}
/// let mut twin = rollout.clone();
/// twin.reseed(other);
/// while twin.step() {}
/// assert!(twin.figures().is_some());
/// # }
/// ```
#[derive(Clone)]
pub struct Rollout<'p>(Simulation<'p>);

impl Plan {
    /// Begins a rollout that is played step by step.
    pub fn begin(&self, seed: Seed) -> Rollout<'_> {
        let mut simulation = Simulation::new(self, seed);
        // How near a rollout is to being taken back is measured with every value.
        simulation.read_exactly();
        simulation.begin();
        Rollout(simulation)
    }
}

impl Rollout<'_> {
    /// Lets happen what comes next; says no once the rollout has ended.
    pub fn step(&mut self) -> bool {
        if !self.0.is_over() {
            self.0.step();
        }
        !self.0.is_over()
    }

    /// What the rollout has come to; none while it is under way.
    pub fn figures(&self) -> Option<Figures> {
        self.0.is_over().then(|| self.0.figures())
    }

    /// The time of the rollout.
    pub fn now(&self) -> SimTime {
        self.0.plant().now()
    }

    /// How near the rollout has come to being taken back: 1 once something acted on the release or
    /// took it back, before that the progress of the trigger gate of the stage that is nearest to
    /// firing, and at least 0.
    ///
    /// It goes up and down. It is no probability; it only says which of two rollouts is nearer.
    pub fn progress(&self) -> f64 {
        let (plant, controller) = (self.0.plant(), self.0.controller());
        let rolls_back = plant.conditions.faults.first_rollback().is_some();
        if plant.recorder.detected().is_some() || rolls_back {
            return 1.0;
        }
        let plan = plant.plan;
        let policy = &plan.experiment.policy;
        let nearness = |gate: usize| {
            let class = plan.gates[gate].class?;
            let acts = policy.classes[class].action > Action::Pause;
            let memory = controller.bank().memory(gate);
            let (value, breach) = (memory.reading.value, &policy.gates[gate].breach);
            acts.then(|| memory.tracker.progress(plant.now(), value, breach))
        };
        let watched = &plan.stages[controller.state().stage].watched;
        let triggers = watched.iter().filter(|watch| watch.trigger);
        let gates = &plan.members[0];
        triggers
            .filter_map(|watch| nearness(gates[watch.place]))
            .fold(0.0, f64::max)
    }

    /// Draws everything that has not happened yet from another seed.
    ///
    /// What has happened is drawn to its end first: a sample of the past that nobody has looked at
    /// would otherwise no longer belong to the arrivals and movements that others were drawn with.
    pub fn reseed(&mut self, seed: Seed) {
        self.0.reseed(seed.key());
    }
}
