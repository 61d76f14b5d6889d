//! Stages: the way forward.

use super::NativeController;
use crate::effect::{Anchor, State};
use crate::engine::SimTime;
use crate::fleet::Toward;
use crate::history::{Event, Outcome, PauseReason, Request};
use crate::plan::Source;
use crate::plant::{EventPriority, Plant, ScheduledEvent};
use crate::policy::gate::{AlreadyRed, Judgement};
use crate::policy::{Advances, ObservationStart, Ramp, RolloutPhase, Stage};

impl NativeController {
    /// Starts the rollout: prerequisites first, then the first stage.
    pub(super) fn start(&mut self, plant: &mut Plant<'_>) {
        let plan = plant.plan;
        plant.record(Event::Started);
        plant.anchor_comes(Anchor::Start, plant.now());
        plant.judge_waivers();
        if plant.refused(&plan.prerequisites) {
            self.end(plant, Outcome::Aborted);
            return;
        }
        if self.starts_red(plant) {
            self.end(plant, Outcome::Aborted);
            return;
        }
        self.enter_stage(plant, 0);
    }

    /// Looks at the gates that are asked before the start; whether one of them refuses it.
    fn starts_red(&mut self, plant: &mut Plant<'_>) -> bool {
        let plan = plant.plan;
        let mut refused = false;
        for (place, gate) in plan.experiment.policy.gates.iter().enumerate() {
            let (Some(red), Source::Query(query)) = (gate.already_red, plan.gates[place].reads)
            else {
                continue;
            };
            let query = plan.queries[query];
            let reading = plant.store.read_before(&mut plant.conditions, query);
            let judged = gate.judge(reading, None);
            plant.record(Event::Judged {
                gate: place as u16,
                judgement: judged.judgement,
                flaw: reading.noted,
                value: reading.value,
                samples: reading.samples,
                limit: judged.limit.unwrap_or(f64::NAN),
            });
            if judged.judgement == Judgement::Breach {
                plant.record(Event::AlreadyRed { gate: place as u16 });
                refused |= red == AlreadyRed::Refuse;
                self.bank.memory_mut(place).muted = true;
            }
        }
        refused
    }

    /// Enters stage `stage`, unless its entry evidence is flawed.
    pub(super) fn enter_stage(&mut self, plant: &mut Plant<'_>, stage: usize) {
        let plan = plant.plan;
        if plant.refused(&plan.stages[stage].entry) {
            self.pause(plant, PauseReason::Evidence);
            return;
        }
        self.forget_windows(plant, false);
        self.set_stage(plant, stage);
        self.next_increment(plant);
    }

    pub(super) fn set_stage(&mut self, plant: &mut Plant<'_>, stage: usize) {
        self.epoch += 1;
        self.state.stage = stage;
        self.state.phase = RolloutPhase::Active;
        self.state.entered = plant.now();
        self.state.observed_since = None;
        self.state.asked = None;
        self.approved = false;
        self.target_units = plant.reached_units(self.declared(plant).target);
        self.taken_over = None;
        let target = self.declared(plant).target;
        plant.deployment.declare(target);
        let (stage, hosts, attempt) = (stage as u16, self.target_units, self.attempt);
        plant.record(Event::StageEntered {
            stage,
            hosts,
            attempt,
        });
        plant.anchor_first(Anchor::StageEntered(stage), plant.now());
        self.enters(plant, State::Staged);
        let observed = self.declared(plant).observe_from == ObservationStart::Entry;
        if observed && calendar_opens(plant).is_none() {
            self.begin_observation(plant);
        }
    }

    /// Looks again at an instant at which the calendar opens, once.
    pub(super) fn wake_at(&mut self, plant: &mut Plant<'_>, at: SimTime) {
        let epoch = self.epoch;
        if self.opening != Some((epoch, at)) {
            self.opening = Some((epoch, at));
            let after = at.saturating_since(plant.now());
            plant.schedule(after, EventPriority::Command, ScheduledEvent::Due { epoch });
        }
    }

    fn declared<'p>(&self, plant: &Plant<'p>) -> &'p Stage {
        &plant.plan.experiment.policy.stages[self.state.stage]
    }

    /// Begins to observe the stage, or begins anew.
    pub(super) fn begin_observation(&mut self, plant: &mut Plant<'_>) {
        self.state.observed_since = Some(plant.now());
        let stage = self.state.stage as u16;
        plant.record(Event::ObservationBegan { stage });
        let over = plant.now().saturating_add(self.declared(plant).observe);
        plant.anchor_first(Anchor::WindowOver(stage), over);
        let (observe, windows) = (
            self.declared(plant).observe,
            self.declared(plant).pause_after_windows,
        );
        let epoch = self.epoch;
        plant.schedule(
            observe,
            EventPriority::Command,
            ScheduledEvent::Due { epoch },
        );
        if let Some(windows) = windows {
            let due = observe.saturating_mul(windows.into());
            plant.schedule(due, EventPriority::Command, ScheduledEvent::Due { epoch });
        }
    }

    /// Begins the next increment towards the stage's goal, or notes that the goal is reached.
    pub(super) fn next_increment(&mut self, plant: &mut Plant<'_>) {
        let reached = plant.committed();
        if reached >= self.target_units {
            self.note_converged(plant);
            return;
        }
        let epoch = self.epoch;
        if let Some(at) = calendar_opens(plant) {
            let after = at.saturating_since(plant.now());
            let then = ScheduledEvent::Increment { epoch };
            return plant.schedule(after, EventPriority::Command, then);
        }
        let late = self.declared(plant).observe_from == ObservationStart::Entry;
        if late && self.state.observed_since.is_none() {
            self.begin_observation(plant);
        }
        let next = self.increment_after(plant, reached);
        let plan = plant.plan;
        let update = &plan.experiment.fleet.update;
        let done = ScheduledEvent::WaveDone { epoch };
        plant.begin_wave(Toward::New, next - reached, update, done);
    }

    /// The units after the next increment, at least one more than now.
    fn increment_after(&self, plant: &Plant<'_>, reached: u32) -> u32 {
        let policy = &plant.plan.experiment.policy;
        let rounded = |share| plant.reached_units(share);
        let next = match self.declared(plant).ramp {
            _ if reached == 0 && self.state.stage == 0 && policy.initial.is_some() => {
                policy.initial.map_or(self.target_units, rounded)
            }
            Ramp::AtOnce => self.target_units,
            Ramp::Linear { step, .. } | Ramp::Manual { step } => reached + rounded(step),
            Ramp::Exponential { factor, .. } => (f64::from(reached) * factor) as u32,
        };
        next.clamp(reached + 1, self.target_units)
    }

    /// A wave of updates is done: the next increment follows when its time comes.
    pub(super) fn wave_done(&mut self, plant: &mut Plant<'_>) {
        plant.note_exposure();
        if plant.committed() >= self.target_units {
            self.note_converged(plant);
            return;
        }
        let epoch = self.epoch;
        match self.declared(plant).ramp {
            Ramp::AtOnce => self.next_increment(plant),
            Ramp::Linear { every, .. } | Ramp::Exponential { every, .. } => {
                plant.schedule(
                    every,
                    EventPriority::Command,
                    ScheduledEvent::Increment { epoch },
                );
            }
            Ramp::Manual { .. } => {
                let operator = plant.plan.stages[self.state.stage].approval;
                self.ask(plant, operator, Request::Increment);
            }
        }
    }

    fn note_converged(&mut self, plant: &mut Plant<'_>) {
        plant.note_exposure();
        plant.record(Event::Converged {
            stage: self.state.stage as u16,
        });
        if self.state.stage + 1 == plant.plan.stages.len() {
            self.taken_over.get_or_insert(plant.now());
        }
        if self.state.observed_since.is_none() {
            self.begin_observation(plant);
        }
    }

    /// Whether every unit of the stage's goal serves the new version.
    pub(super) fn converged(&self, plant: &Plant<'_>) -> bool {
        plant.serving() >= self.target_units
    }

    /// Leaves the stage for the next one.
    pub(super) fn advance(&mut self, plant: &mut Plant<'_>) {
        if self.state.stage == 0 {
            self.keep_baseline(plant);
        }
        let (from, to) = (self.state.stage, self.state.stage + 1);
        let observe = self.declared(plant).observe;
        let over = self
            .state
            .observed_since
            .map(|it| it.saturating_add(observe));
        plant.record(Event::Advanced {
            from: from as u16,
            to: to as u16,
        });
        self.enter_stage(plant, to);
        let by_clock = plant.plan.experiment.policy.advances == Advances::CatchUp;
        if by_clock && self.state.observed_since.is_some() {
            // By the clock the stage has lasted since the one before was over.
            self.state.observed_since = over;
        }
    }

    /// The last stage is done.
    pub(super) fn complete(&mut self, plant: &mut Plant<'_>) {
        self.end(plant, Outcome::Completed);
    }
}

/// When the calendar lets the rollout go forward again; nothing where it does now.
pub(super) fn calendar_opens(plant: &Plant<'_>) -> Option<SimTime> {
    let experiment = &plant.plan.experiment;
    let calendar = experiment.policy.calendar.as_ref()?;
    let now = plant.now();
    let opens = calendar
        .opens(experiment.starts(), now)
        .unwrap_or(SimTime::MAX);
    (opens > now).then_some(opens)
}
