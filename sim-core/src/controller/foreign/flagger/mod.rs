//! Flagger: pods, metrics and routes around the tick of its scheduler.

mod asking;
mod telling;

use std::convert::Infallible;
use std::sync::Arc;

use controllers::flagger::policy::Strategy;
use controllers::flagger::ready::Deployment;
use controllers::flagger::{Order, Phase, Readiness, Routes, State, Tick, Wake, tick};

use asking::TickQuestions;

use super::clock::{instant, millis};
use super::outage::Outage;
use super::pods::Pods;
use super::reader::ReadingTaken;
use super::teller::Teller;
use crate::address;
use crate::controller::Control;
use crate::decider::FlaggerDecider;
use crate::engine::{SimDuration, SimTime};
use crate::fleet::Toward;
use crate::history::{Outcome, Request};
use crate::plan::{Engine, Plan};
use crate::plant::{Plant, ScheduledEvent};

/// The revision that is rolled out; the one before it has the number 0.
const REVISION: u64 = 1;

/// The controller of a Canary.
#[derive(Clone)]
pub(crate) struct FlaggerController {
    decider: Arc<FlaggerDecider>,
    state: State,
    canary: Pods,
    /// When the canary was scaled up.
    scaled_up: i64,
    /// Pods of the primary that have the new spec; none before the promotion.
    renewed: Option<Pods>,
    teller: Teller,
    /// The gate that failed the last check.
    culprit: Option<usize>,
    /// Whether somebody has approved, for each webhook.
    approved: Vec<bool>,
    /// The webhook that somebody is asked about.
    asked: Option<usize>,
    /// How many calls were answered by chance.
    calls: u32,
    /// When the scheduler ticks next.
    tick: SimTime,
    next: SimTime,
    outage: Outage,
    taken: Option<Vec<ReadingTaken>>,
}

impl FlaggerController {
    /// The controller of an experiment that Flagger decides; none where it does not.
    pub fn new(plan: &Plan) -> Option<Self> {
        let Engine::Flagger(decider) = &plan.engine else {
            return None;
        };
        Some(Self {
            state: State::initialized(0),
            canary: Pods::standing(0, Toward::New),
            scaled_up: 0,
            renewed: None,
            teller: Teller::default(),
            culprit: None,
            approved: vec![false; decider.hooks.len()],
            asked: None,
            calls: 0,
            tick: SimTime::ZERO,
            next: SimTime::ZERO,
            outage: Outage::default(),
            taken: None,
            decider: Arc::clone(decider),
        })
    }

    /// Keeps every reading, for those who watch.
    pub fn keep_readings(&mut self) {
        self.taken = Some(Vec::new());
    }

    /// The readings that were taken since somebody last asked.
    pub fn take_readings(&mut self) -> Vec<ReadingTaken> {
        self.taken.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn interval(&self) -> SimDuration {
        SimDuration::from_secs_f64(self.decider.policy.interval())
    }

    fn replicas(&self) -> i32 {
        self.decider.replicas as i32
    }

    /// One tick of the scheduler.
    fn tick(&mut self, plant: &mut Plant<'_>) {
        let now = millis(plant.now());
        let wake = Wake {
            revision: REVISION,
            primary: self.primary(now),
            canary: self.canary(now),
        };
        let decider = Arc::clone(&self.decider);
        let mut world = TickQuestions::new(&decider, plant, (&self.approved, self.calls));
        let done = tick(&decider.policy, &self.state, wake, &mut world);
        let (seen, took, person) = (world.seen, world.took, world.person);
        self.calls = world.calls;
        self.tell_checks(plant, &done, &seen);
        let was = std::mem::replace(&mut self.state, done.state);
        let gives_up = self.state.phase == Phase::Failed && self.state.routes.canary == 0;
        if gives_up && was.phase != Phase::Failed {
            self.tell_rollback(plant, &done);
        }
        self.carry_out(plant, now, &done);
        if let Some(hook) = person.filter(|_| self.asked.is_none()) {
            self.asked = Some(hook);
            self.teller.ask(plant, Request::Approval);
        }
        // A tick that a webhook holds up delays the next one.
        let next = plant.now().saturating_add(self.interval());
        self.tick = next.max(plant.now().saturating_add(took));
    }

    /// The deployment of the canary, which counts from when it was scaled up.
    fn canary(&self, now: i64) -> Readiness {
        let (replicas, available) = (self.canary.created(), self.canary.available(now));
        let waits = (now - self.scaled_up) as f64 / 1000.0;
        let deployment = Deployment {
            replicas,
            all: replicas,
            updated: replicas,
            available,
            observed: true,
            deadline_exceeded: false,
            unavailable_for: (available < replicas).then_some(waits),
        };
        let ready = self.decider.policy.analysis().canary_ready_threshold;
        let deadline = self.decider.policy.progress_deadline();
        deployment.readiness(deadline, ready.unwrap_or(100))
    }

    /// The deployment of the primary: ready, but for the rolling update of a promotion, in which old pods serve until new
    /// ones do.
    fn primary(&self, now: i64) -> Readiness {
        let Some(renewed) = &self.renewed else {
            return Readiness::Ready;
        };
        let deployment = Deployment {
            replicas: self.replicas(),
            all: self.replicas(),
            updated: renewed.available(now),
            available: self.replicas(),
            observed: true,
            deadline_exceeded: false,
            unavailable_for: None,
        };
        let ready = self.decider.policy.analysis().primary_ready_threshold;
        let deadline = self.decider.policy.progress_deadline();
        deployment.readiness(deadline, ready.unwrap_or(100))
    }

    fn carry_out(&mut self, plant: &mut Plant<'_>, now: i64, done: &Tick) {
        for order in &done.orders {
            match order {
                Order::ScaleUp => {
                    self.canary.scale(plant, self.replicas(), SimDuration::ZERO);
                    self.scaled_up = now;
                    self.tell_beginning(plant);
                }
                Order::ScaleToZero => self.canary.scale(plant, 0, SimDuration::ZERO),
                Order::Route(routes) if routes.canary > 0 && self.renewed.is_none() => {
                    self.tell_weight(plant, now, routes.canary);
                }
                Order::Route(_) => {}
                Order::Promote => {
                    let mut renewed = Pods::standing(0, Toward::New);
                    renewed.scale(plant, self.replicas(), SimDuration::ZERO);
                    self.renewed = Some(renewed);
                    let last = plant.plan.stages.len() as u16 - 1;
                    self.teller.enter(plant, last);
                }
            }
        }
        self.expose(plant, now);
    }

    /// Lets the share of requests follow the routes, and the pods of the primary that have the new spec.
    fn expose(&self, plant: &mut Plant<'_>, now: i64) {
        let Routes { canary, .. } = self.state.routes;
        let mut share = canary.clamp(0, 100) as f64 / 100.0;
        if self.decider.policy.strategy() == Strategy::AbTesting {
            share *= self.decider.matched.as_f64();
        }
        if let Some(renewed) = &self.renewed {
            let part = f64::from(renewed.available(now)) / f64::from(self.replicas().max(1));
            share += (1.0 - share) * part;
        }
        let units = plant.units_of(share);
        if units == plant.committed() {
            return;
        }
        match self.renewed {
            Some(_) => plant.serve(units),
            None => plant.route(units, ScheduledEvent::WaveDone { epoch: 0 }),
        }
    }

    /// Ends the rollout where it has come to its end, and says when to wake otherwise.
    fn look_ahead(&mut self, plant: &mut Plant<'_>) {
        let now = millis(plant.now());
        let whole = plant.serving() == plant.plan.units;
        let over = match self.state.phase {
            Phase::Failed if self.teller.rolls_back() => self.teller.reverted(plant),
            Phase::Failed => {
                // The primary got stuck and the canary has taken everything: somebody has to see to it.
                plant.end(Outcome::Paused);
                true
            }
            Phase::Succeeded if whole => {
                self.teller.complete(plant);
                true
            }
            _ => false,
        };
        let pods = self.renewed.as_ref().and_then(|pods| pods.next(now));
        let next = pods.map_or(self.tick, |at| self.tick.min(instant(at)));
        self.next = if over { SimTime::MAX } else { next };
    }
}

impl Control for FlaggerController {
    type Parting = Infallible;

    /// A new revision is pushed; it is noticed with the next tick, whose phase nobody chooses.
    fn begin(&mut self, plant: &mut Plant<'_>) {
        Teller::start(plant);
        let mut draws = plant.key.draws(address::FOREIGN, address::TICKS, 0);
        let phase = self.interval().mul_f64(draws.uniform());
        self.tick = instant(millis(SimTime::after(phase)));
        self.next = self.tick;
    }

    fn next_wake(&self) -> SimTime {
        self.next
    }

    fn wake(&mut self, plant: &mut Plant<'_>) -> Option<Infallible> {
        plant.catch_up();
        let ticks = plant.now() >= self.tick;
        if ticks && self.outage.is_on() {
            Outage::show(plant);
            self.tick = SimTime::MAX;
        } else if ticks {
            self.tick(plant);
        } else {
            let now = millis(plant.now());
            self.expose(plant, now);
        }
        self.look_ahead(plant);
        None
    }

    fn postpones(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) -> bool {
        self.outage.postpones(plant, event)
    }

    fn hear(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) -> Option<Infallible> {
        match event {
            _ if plant.ending.is_draining() => {}
            ScheduledEvent::Answer {
                epoch,
                operator,
                request,
            } => {
                let answer = self.teller.answered(plant, (epoch, operator, request));
                if let Some(hook) = self.asked.take_if(|_| answer) {
                    self.approved[hook] = true;
                }
            }
            ScheduledEvent::WaveDone { .. } => {
                plant.note_exposure();
                self.look_ahead(plant);
            }
            ScheduledEvent::ControllerStops { effect } => self.outage.begin(plant, effect),
            ScheduledEvent::ControllerBack { .. } if self.outage.end(plant) => {
                // Its schedule begins anew.
                self.tick = plant.now().saturating_add(self.interval());
                self.look_ahead(plant);
            }
            _ => {}
        }
        None
    }

    fn part<'p>(&mut self, _: &mut Plant<'p>, parting: Infallible) -> Vec<(Plant<'p>, Self)> {
        match parting {}
    }
}
