//! Stages: the way forward, and one step back.

use crate::effect::{Anchor, State};
use crate::engine::SimDuration;
use crate::fleet::Toward;
use crate::history::{Event, Outcome, PauseReason, Request};
use crate::policy::{ObservationStart, Phase, Ramp, Stage};
use crate::world::{Happening, Then, World};

impl<'p> World<'p> {
    /// Starts the rollout: prerequisites first, then the first stage.
    pub fn begin(&mut self) {
        let plan = self.plan;
        self.record(Event::Started);
        self.anchor_comes(Anchor::Start, self.now);
        self.judge_waivers();
        if self.refused(&plan.prerequisites) {
            self.end(Outcome::Aborted);
            return;
        }
        self.enter_stage(0);
    }

    /// Enters stage `stage`, unless its entry evidence is flawed.
    pub fn enter_stage(&mut self, stage: usize) {
        let plan = self.plan;
        if self.refused(&plan.stages[stage].entry) {
            self.pause(PauseReason::Evidence);
            return;
        }
        self.forget_windows(false);
        self.set_stage(stage);
        self.next_increment();
    }

    fn set_stage(&mut self, stage: usize) {
        self.epoch += 1;
        self.state.stage = stage;
        self.state.phase = Phase::Active;
        self.state.entered = self.now;
        self.state.observed_since = None;
        self.state.asked = false;
        self.people.approved = false;
        self.goal = self.plan.stages[stage].units;
        self.taken_over = None;
        let target = self.declared().target;
        self.exposure.declared_max = self.exposure.declared_max.max(target);
        let (stage, hosts, attempt) = (stage as u16, self.goal, self.attempt);
        self.record(Event::StageEntered {
            stage,
            hosts,
            attempt,
        });
        self.anchor_first(Anchor::StageEntered(stage), self.now);
        self.stands(State::Staged);
        if self.declared().observe_from == ObservationStart::Entry {
            self.begin_observation();
        }
    }

    fn declared(&self) -> &'p Stage {
        &self.plan.experiment.policy.stages[self.state.stage]
    }

    /// Begins to observe the stage, or begins anew.
    pub fn begin_observation(&mut self) {
        self.state.observed_since = Some(self.now);
        let stage = self.state.stage as u16;
        self.record(Event::ObservationBegan { stage });
        let over = self.now.saturating_add(self.declared().observe);
        self.anchor_first(Anchor::WindowOver(stage), over);
        let (observe, windows) = (self.declared().observe, self.declared().pause_after_windows);
        let epoch = self.epoch;
        self.plan_in(observe, Then::Command, Happening::Due { epoch });
        if let Some(windows) = windows {
            let due = observe.saturating_mul(windows.into());
            self.plan_in(due, Then::Command, Happening::Due { epoch });
        }
    }

    /// Begins the next increment towards the stage's goal, or notes that the goal is reached.
    pub fn next_increment(&mut self) {
        let reached = self.spread.committed(self.now);
        if reached >= self.goal {
            self.note_converged();
            return;
        }
        let next = self.increment_after(reached);
        let update = &self.plan.experiment.fleet.update;
        let done = Happening::WaveDone { epoch: self.epoch };
        self.begin_wave(Toward::New, next - reached, update, done);
    }

    /// The units after the next increment, at least one more than now.
    fn increment_after(&self, reached: u32) -> u32 {
        let policy = &self.plan.experiment.policy;
        let units = u64::from(self.plan.units);
        let rounded = |share| policy.rounding.apply(share, units) as u32;
        let next = match self.declared().ramp {
            _ if reached == 0 && self.state.stage == 0 && policy.initial.is_some() => {
                policy.initial.map_or(self.goal, rounded)
            }
            Ramp::AtOnce => self.goal,
            Ramp::Linear { step, .. } | Ramp::Manual { step } => reached + rounded(step),
            Ramp::Exponential { factor, .. } => (f64::from(reached) * factor) as u32,
        };
        next.clamp(reached + 1, self.goal)
    }

    /// A wave of updates is done: the next increment follows when its time comes.
    pub fn wave_done(&mut self) {
        self.note_exposure();
        if self.spread.committed(self.now) >= self.goal {
            self.note_converged();
            return;
        }
        let epoch = self.epoch;
        match self.declared().ramp {
            Ramp::AtOnce => self.next_increment(),
            Ramp::Linear { every, .. } | Ramp::Exponential { every, .. } => {
                self.plan_in(every, Then::Command, Happening::Increment { epoch });
            }
            Ramp::Manual { .. } => {
                let operator = self.plan.stages[self.state.stage].approval;
                self.ask(operator, Request::Increment);
            }
        }
    }

    fn note_converged(&mut self) {
        self.note_exposure();
        self.record(Event::Converged {
            stage: self.state.stage as u16,
        });
        if self.state.stage + 1 == self.plan.stages.len() {
            self.taken_over.get_or_insert(self.now);
        }
        if self.state.observed_since.is_none() {
            self.begin_observation();
        }
    }

    /// Whether every unit of the stage's goal serves the new version.
    pub fn converged(&self) -> bool {
        self.spread.units_at(self.now) >= self.goal
    }

    /// Leaves the stage for the next one.
    pub fn advance(&mut self) {
        if self.state.stage == 0 {
            self.keep_baseline();
        }
        let (from, to) = (self.state.stage, self.state.stage + 1);
        self.record(Event::Advanced {
            from: from as u16,
            to: to as u16,
        });
        self.enter_stage(to);
    }

    /// The last stage is done.
    pub fn complete(&mut self) {
        self.end(Outcome::Completed);
    }

    /// Returns to the stage before; the hosts that it does not need return to the old version.
    pub fn step_back(&mut self, class: usize) {
        let from = self.state.stage;
        self.record(Event::SteppedBack { from: from as u16 });
        self.state.step_backs += 1;
        self.forget_windows(true);
        self.shrink_to_stage(from - 1);
        self.await_sign_off(class);
    }

    /// Plays `stage` again from above: what is exposed beyond it returns to the old version.
    pub fn shrink_to_stage(&mut self, stage: usize) {
        self.spread.break_off(self.now);
        self.note_exposure();
        self.set_stage(stage);
        let surplus = self.spread.committed(self.now).saturating_sub(self.goal);
        if surplus == 0 {
            self.next_increment();
            return;
        }
        let update = &self.plan.experiment.fleet.update;
        let done = Happening::WaveDone { epoch: self.epoch };
        self.begin_wave(Toward::Old, surplus, update, done);
    }

    /// A trigger made the rollout stand still; a sign-off lets it go on, without one it ends.
    pub fn pause_for(&mut self, class: usize) {
        if self.plan.experiment.policy.classes[class]
            .sign_off
            .is_none()
        {
            self.pause(PauseReason::Trigger);
            return;
        }
        self.record(Event::Paused {
            stage: self.state.stage as u16,
            why: PauseReason::Trigger,
        });
        self.anchor_first(Anchor::Paused, self.now);
        self.stands(State::Paused);
        self.forget_windows(true);
        self.await_sign_off(class);
    }

    /// Stands still until the class's role has signed off, where it names one.
    fn await_sign_off(&mut self, class: usize) {
        let Some(role) = &self.plan.experiment.policy.classes[class].sign_off else {
            return;
        };
        self.state.phase = Phase::Paused;
        self.standing = Outcome::Paused;
        let operator = self.role(role);
        self.ask(operator, Request::SignOff);
    }

    /// Goes on after a sign-off: the observation of the stage starts again.
    pub fn resume(&mut self) {
        self.state.phase = Phase::Active;
        self.standing = Outcome::Unfinished;
        if self.state.observed_since.is_some() {
            self.begin_observation();
        }
        let epoch = self.epoch;
        self.plan_in(SimDuration::ZERO, Then::Command, Happening::Due { epoch });
    }
}
