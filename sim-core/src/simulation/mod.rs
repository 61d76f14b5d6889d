//! A simulation: a plant and its controller, and the loop that lets happen what comes next.

mod family;
mod split;
#[cfg(test)]
mod tests;
mod watch;

pub use family::Family;
pub use watch::Watched;

use crate::controller::{ArgoController, Control, FlaggerController, NativeController};
use crate::effect::Change;
use crate::engine::{Key, SimTime};
use crate::history::Event;
use crate::plan::{Plan, Seed};
use crate::plant::{Plant, ScheduledEvent};
use crate::policy::RolloutPhase;
use crate::run::{Figures, Run};

/// One rollout while it is played, of one policy or of several that have decided alike so far.
#[derive(Clone)]
pub(crate) struct Simulation<'p, C = NativeController> {
    plant: Plant<'p>,
    controller: C,
}

/// Where a simulation stood before a step.
#[derive(Clone, Copy, Debug)]
struct StepStart {
    /// When the next evaluation was due.
    evaluation: SimTime,
    stage: usize,
    phase: RolloutPhase,
}

impl<'p> Simulation<'p> {
    pub fn new(plan: &'p Plan, seed: Seed) -> Self {
        Self {
            plant: Plant::new(plan, seed),
            controller: NativeController::new(plan),
        }
    }

    /// Lets gates find every value exactly, for those who read more of it than what gates say.
    pub const fn read_exactly(&mut self) {
        self.controller.read_exactly();
    }

    /// Plays the only member to the end, and keeps the history.
    ///
    /// # Panics
    /// When there are several.
    pub fn play(self) -> Run {
        self.play_with(&mut |_, _| ())
    }

    /// Plays to the end, and keeps a history without exact values.
    fn scout(mut self) -> Run {
        self.plant.recorder.keep_rough_history();
        self.play_out(&mut |_| ())
    }

    /// Plays as [`Simulation::play`] does, and shows the simulation after each step and where it stood before.
    fn play_with(mut self, seen: &mut dyn FnMut(&Self, StepStart)) -> Run {
        let members = self.controller.bank().members().len();
        assert_eq!(members, 1, "a history is that of one member");
        self.plant.recorder.keep_history();
        self.begin();
        while !self.is_over() {
            let state = self.controller.state();
            let before = StepStart {
                evaluation: self.controller.next_wake(),
                stage: state.stage,
                phase: state.phase,
            };
            self.step();
            seen(&self, before);
        }
        self.into_run()
    }
}

impl<'p, C: Control> Simulation<'p, C> {
    /// A rollout that `controller` steers.
    pub fn steered(plan: &'p Plan, seed: Seed, controller: C) -> Self {
        Self {
            plant: Plant::new(plan, seed),
            controller,
        }
    }

    /// Plays to the end, and keeps the history. `seen` is shown the controller after each step.
    pub fn play_steered(mut self, seen: &mut dyn FnMut(&mut C)) -> Run {
        self.plant.recorder.keep_history();
        self.play_out(seen)
    }

    fn play_out(mut self, seen: &mut dyn FnMut(&mut C)) -> Run {
        self.begin();
        while !self.is_over() {
            self.step();
            seen(&mut self.controller);
        }
        self.into_run()
    }

    /// What a rollout with a history has come to.
    fn into_run(self) -> Run {
        let figures = self.figures();
        let history = self.plant.recorder.into_history();
        Run {
            outcome: figures.outcome,
            exposure: figures.exposure,
            regression: figures.regression,
            detection: figures.detection,
            rollback: figures.rollback,
            harm: figures.harm,
            history: history.expect("it was kept from the beginning"),
        }
    }

    /// What it is played on.
    pub const fn plant(&self) -> &Plant<'p> {
        &self.plant
    }

    /// What it is steered by.
    pub const fn controller(&self) -> &C {
        &self.controller
    }

    /// Starts the rollout.
    pub fn begin(&mut self) {
        self.controller.begin(&mut self.plant);
    }

    /// Goes its own way, and hands back those that part.
    fn part(&mut self, parting: C::Parting) -> Vec<Self> {
        let parted = self.controller.part(&mut self.plant, parting);
        let apart = |(plant, controller)| Self { plant, controller };
        parted.into_iter().map(apart).collect()
    }

    /// Lets happen what comes next. Members that decide differently part: each group but the largest is handed back
    /// in a simulation of its own.
    pub fn step(&mut self) -> Vec<Self> {
        let horizon = SimTime::after(self.plant.plan.experiment.horizon);
        // What is due at the instant of an evaluation comes first: the evaluation sees it.
        let wake = self.controller.next_wake();
        let planned = self.plant.agenda.next_by(wake);
        let next = planned.unwrap_or(wake);
        let parting = if next > horizon {
            self.plant.advance_to(horizon);
            self.plant.end_at_horizon();
            None
        } else if planned.is_some() {
            let (at, event) = self.plant.agenda.pop().expect("it was peeked");
            self.plant.advance_to(at);
            self.handle(event)
        } else {
            self.plant.advance_to(next);
            self.controller.wake(&mut self.plant)
        };
        let parted = parting.map_or_else(Vec::new, |parting| self.part(parting));
        self.plant.flush_manifested();
        parted
    }

    fn handle(&mut self, event: ScheduledEvent) -> Option<C::Parting> {
        self.plant.catch_up();
        if self.controller.postpones(&mut self.plant, event) {
            return None;
        }
        match event {
            ScheduledEvent::HostsReturn { effect } => self.plant.hosts_return(effect.into()),
            ScheduledEvent::HostsLost { effect } => self.plant.lose_hosts(effect.into()),
            ScheduledEvent::StrayDone => self.plant.stray_done(),
            ScheduledEvent::EffectBegins { effect } => return self.effect_begins(effect),
            event => return self.controller.hear(&mut self.plant, event),
        }
        None
    }

    fn effect_begins(&mut self, effect: u16) -> Option<C::Parting> {
        self.plant.record(Event::EffectBegan { effect });
        let index = usize::from(effect);
        if !self.plant.may_happen(index) {
            self.plant.never_comes(index);
            return None;
        }
        match &self.plant.plan.effects[index].effect.change {
            Change::HostsLost { .. } => self.plant.lose_hosts(index),
            Change::StrayUpdates { .. } => self.plant.stray_updates(index),
            Change::ControllerDown { .. } => {
                return self.tell(ScheduledEvent::ControllerStops { effect });
            }
            Change::Promote => return self.tell(ScheduledEvent::Promotes { effect }),
            _ => {}
        }
        None
    }

    fn tell(&mut self, event: ScheduledEvent) -> Option<C::Parting> {
        self.controller.hear(&mut self.plant, event)
    }

    /// Draws what has not happened yet under another key, and what has happened to its end under the
    /// old one.
    pub fn reseed(&mut self, key: Key) {
        self.plant.reseed(key);
    }

    /// Whether the rollout has ended.
    pub const fn is_over(&self) -> bool {
        self.plant.ending.outcome().is_some()
    }

    /// What the rollout has come to.
    ///
    /// # Panics
    /// When it has not ended.
    pub fn figures(&self) -> Figures {
        self.plant.figures()
    }
}

impl Plan {
    /// Plays the rollout once.
    pub fn play(&self, seed: Seed) -> Run {
        if let Some(argo) = ArgoController::new(self) {
            return Simulation::steered(self, seed, argo).play_steered(&mut |_| ());
        }
        if let Some(flagger) = FlaggerController::new(self) {
            return Simulation::steered(self, seed, flagger).play_steered(&mut |_| ());
        }
        Simulation::new(self, seed).play()
    }

    /// Plays the rollout once, to learn what happens and when: quantiles are not searched any further than gates
    /// need, so a value in the history is any on the same side of each limit. A search that plays thousands of
    /// rollouts for their turns only pays for no more.
    pub fn scout(&self, seed: Seed) -> Run {
        if self.experiment.decider.is_native() {
            return Simulation::new(self, seed).scout();
        }
        self.play(seed)
    }

    /// Plays the same rollout and keeps what its gates read at every evaluation.
    pub fn watch(&self, seed: Seed) -> (Run, Vec<Watched>) {
        let mut taken = Vec::new();
        if let Some(mut argo) = ArgoController::new(self) {
            argo.keep_readings();
            let played = Simulation::steered(self, seed, argo);
            let run = played.play_steered(&mut |argo| taken.extend(argo.take_readings()));
            return (run, self.watched(taken));
        }
        if let Some(mut flagger) = FlaggerController::new(self) {
            flagger.keep_readings();
            let played = Simulation::steered(self, seed, flagger);
            let run = played.play_steered(&mut |flagger| taken.extend(flagger.take_readings()));
            return (run, self.watched(taken));
        }
        Simulation::new(self, seed).watch()
    }
}
