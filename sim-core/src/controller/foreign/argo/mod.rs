//! Argo Rollouts: pods, analyses and weights around the state machine of its controller.

mod machine;
mod orders;
mod runs;

use std::convert::Infallible;
use std::sync::Arc;

use machine::Machine;
use runs::Runs;

use super::clock::{instant, millis};
use super::outage::Outage;
use super::pods::Pods;
use super::reader::ReadingTaken;
use super::teller::Teller;
use crate::controller::Control;
use crate::decider::ArgoDecider;
use crate::engine::SimTime;
use crate::fleet::Toward;
use crate::history::Event;
use crate::plan::{Engine, Plan};
use crate::plant::{Plant, ScheduledEvent};

/// How many rounds at one instant are enough for any rollout to come to rest.
const ROUNDS: u32 = 1000;

/// A controller asks to be woken up to so many milliseconds after what it waits for: the end of a deadline is told in
/// whole seconds, and one that is woken before by something else sees it at once.
const EARLY: i64 = 1000;

/// The controller of a Rollout.
#[derive(Clone)]
pub(crate) struct ArgoController {
    decider: Arc<ArgoDecider>,
    machine: Machine,
    new: Pods,
    stable: Pods,
    runs: Runs,
    teller: Teller,
    /// When the controller would be woken by pods or by a time of its own, in milliseconds.
    wakes: i64,
    /// The units that it sent to the new version last.
    sent: u32,
    next: SimTime,
    outage: Outage,
}

impl ArgoController {
    /// The controller of an experiment that Argo Rollouts decides; none where it does not.
    pub fn new(plan: &Plan) -> Option<Self> {
        let Engine::Argo(decider, prototypes) = &plan.engine else {
            return None;
        };
        let machine = Machine::new(&decider.strategy);
        let replicas = machine.replicas().max(0) as u32;
        Some(Self {
            new: Pods::standing(0, Toward::New),
            stable: Pods::standing(replicas, Toward::Old),
            runs: Runs::new(Arc::clone(prototypes)),
            decider: Arc::clone(decider),
            machine,
            teller: Teller::default(),
            wakes: 0,
            sent: 0,
            next: SimTime::ZERO,
            outage: Outage::default(),
        })
    }

    /// Keeps every reading, for those who watch.
    pub fn keep_readings(&mut self) {
        self.runs.taken = Some(Vec::new());
    }

    /// The readings that were taken since somebody last asked.
    pub fn take_readings(&mut self) -> Vec<ReadingTaken> {
        self.runs
            .taken
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// Measures what is due, lets the controller reconcile where that could change anything, and says when it is to
    /// wake again. `new` is what it cannot know of: an answer, an order, the end of an outage.
    fn look(&mut self, plant: &mut Plant<'_>, new: bool) {
        let now = millis(plant.now());
        plant.catch_up();
        let moved = self.runs.measure(plant, &self.decider, now);
        if new || moved || now >= self.wakes.saturating_sub(EARLY) {
            self.wakes = self.reconcile(plant, now);
            self.expose(plant, now);
        } else if plant.committed() != self.sent {
            self.expose(plant, now);
        }
        if self.ends(plant, now) {
            self.next = SimTime::MAX;
            return;
        }
        let next = self.runs.next().map_or(self.wakes, |at| at.min(self.wakes));
        self.next = if next == i64::MAX {
            SimTime::MAX
        } else {
            instant(next.max(now + 1))
        };
    }

    /// Lets the controller reconcile until it rests; returns when pods or its own time wake it again.
    fn reconcile(&mut self, plant: &mut Plant<'_>, now: i64) -> i64 {
        let mut asked = None;
        for _ in 0..ROUNDS {
            let seen = self.runs.seen(now, &self.new, &self.stable);
            let round = self.machine.wake(now, &seen);
            for order in &round.orders {
                self.carry_out(plant, now, order);
            }
            asked = round.next;
            if !round.again {
                break;
            }
        }
        let pods = [self.new.next(now), self.stable.next(now)];
        let wakes = pods.into_iter().flatten().chain(asked).min();
        wakes.unwrap_or(i64::MAX)
    }

    /// Lets the share of requests follow the weight, or without a router the pods.
    fn expose(&mut self, plant: &mut Plant<'_>, now: i64) {
        let seen = Runs::seen_pods(now, &self.new, &self.stable);
        let units = plant.units_of(self.machine.share(&seen));
        self.sent = units;
        if units == plant.committed() {
            return;
        }
        if self.machine.routed() {
            plant.route(units, ScheduledEvent::WaveDone { epoch: 0 });
        } else {
            plant.serve(units);
        }
    }

    /// Ends the rollout where it has come to its end.
    fn ends(&mut self, plant: &mut Plant<'_>, now: i64) -> bool {
        if self.machine.aborted() {
            return self.teller.reverted(plant);
        }
        let whole = plant.plan.units;
        let done = self.machine.promoted() && plant.serving() == whole;
        let rests = self.new.available(now) >= self.machine.replicas();
        if done && rests {
            self.teller.complete(plant);
        }
        done && rests
    }
}

impl Control for ArgoController {
    type Parting = Infallible;

    fn begin(&mut self, plant: &mut Plant<'_>) {
        Teller::start(plant);
        let first = self.decider.stages.first().copied().unwrap_or(0);
        self.teller.enter(plant, first);
        self.look(plant, true);
    }

    fn next_wake(&self) -> SimTime {
        self.next
    }

    fn wake(&mut self, plant: &mut Plant<'_>) -> Option<Infallible> {
        if self.outage.is_on() {
            Outage::show(plant);
            self.next = SimTime::MAX;
        } else {
            self.look(plant, false);
        }
        None
    }

    fn postpones(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) -> bool {
        self.outage.postpones(plant, event)
    }

    fn hear(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) -> Option<Infallible> {
        if plant.ending.is_draining() {
            return None;
        }
        match event {
            ScheduledEvent::Answer {
                epoch,
                operator,
                request,
            } if self.teller.answered(plant, (epoch, operator, request)) => {
                self.machine.resume();
                self.look(plant, true);
            }
            ScheduledEvent::Promotes { effect } => {
                plant.conditions.faults.mark_manifested(effect.into());
                let stage = self.teller.stage();
                plant.record(Event::Overruled { stage });
                self.machine.promote_full();
                self.look(plant, true);
            }
            ScheduledEvent::WaveDone { .. } => {
                plant.note_exposure();
                if !self.outage.is_on() {
                    self.look(plant, false);
                }
            }
            ScheduledEvent::ControllerStops { effect } => self.outage.begin(plant, effect),
            ScheduledEvent::ControllerBack { .. } if self.outage.end(plant) => {
                self.look(plant, true);
            }
            _ => {}
        }
        None
    }

    fn part<'p>(&mut self, _: &mut Plant<'p>, parting: Infallible) -> Vec<(Plant<'p>, Self)> {
        match parting {}
    }
}
