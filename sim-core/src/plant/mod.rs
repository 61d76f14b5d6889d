//! The plant: everything that a controller acts on, and what happens there by itself.
//!
//! The word is that of control theory. Hosts, traffic, telemetry, people and faults are here, on one clock, with one
//! recorder; which stage a rollout is in, and what its gates remember, only its controller knows. A controller moves
//! hosts, asks people and throws switches through the functions of [`Plant`]; what is behind them (the wave, its
//! delays, the faults on its way, the exposure that comes of it) is nobody's business but the plant's.

mod agenda;
mod clock;
mod commands;
mod deployment;
mod drain;
mod ending;
mod event;
mod evidence;
mod exposure;
mod harm;
mod hosts;
mod hurt;
mod kill_switch;
mod manifestation;
mod people;
mod pods;
mod recorder;

pub(crate) use event::{EventPriority, ScheduledEvent};

use agenda::Agenda;
use deployment::Deployment;
use ending::Ending;
use recorder::Recorder;

use crate::address;
use crate::effect::{Change, Effect};
use crate::engine::{Key, SimDuration, SimTime};
use crate::environment::Environment;
use crate::faults::{Conditions, FaultState};
use crate::history::{Event, Outcome};
use crate::plan::{Plan, Seed};
use crate::run::Figures;
use crate::telemetry::Store;
use crate::traffic::Reach;
use crate::trail::Trail;

/// What a controller acts on.
#[derive(Clone)]
pub(crate) struct Plant<'p> {
    pub plan: &'p Plan,
    pub key: Key,
    pub agenda: Agenda,
    pub deployment: Deployment,
    pub conditions: Conditions<'p>,
    pub store: Store<'p>,
    pub recorder: Recorder,
    pub ending: Ending,
    /// How many questions people have been asked.
    questions: u32,
}

impl<'p> Plant<'p> {
    pub fn new(plan: &'p Plan, seed: Seed) -> Self {
        let key = seed.key();
        let split = plan.experiment.traffic.split;
        let reach = Reach::new(split, [key, seed.study()], address::SPLIT);
        Self {
            plan,
            key,
            agenda: Agenda::new(),
            deployment: Deployment::new(plan, reach),
            conditions: Conditions {
                environment: Environment::new(plan.setting(), plan.effects.len(), (key, reach)),
                faults: FaultState::new(&plan.effects, key),
            },
            store: Store::new(plan.sampling(), key),
            recorder: Recorder::default(),
            ending: Ending::new(),
            questions: 0,
        }
    }

    /// The time of the rollout.
    pub const fn now(&self) -> SimTime {
        self.agenda.now()
    }

    /// Plans `event` after `delay`; what lies beyond the end of time never comes.
    pub fn schedule(&mut self, delay: SimDuration, then: EventPriority, event: ScheduledEvent) {
        self.agenda.schedule(delay, then, event);
    }

    /// Draws what has not happened yet under another key, and what has happened to its end under the
    /// old one.
    pub fn reseed(&mut self, key: Key) {
        self.store.reseed(&mut self.conditions, key);
        self.conditions.environment.reseed(key);
        self.key = key;
    }

    /// Returns what the first wanted effect that is at work now says, which has shown by that; none where none is.
    pub fn struck<T>(&mut self, wanted: impl Fn(&Change) -> Option<T>) -> Option<T> {
        self.conditions.struck(self.agenda.now(), wanted)
    }

    /// As [`Plant::struck`], by what goes wrong with evaluations.
    pub fn evaluation_struck<T>(&mut self, wanted: impl Fn(&Change) -> Option<T>) -> Option<T> {
        self.conditions.evaluation_struck(self.agenda.now(), wanted)
    }

    /// Writes `event` to the history.
    pub fn record(&mut self, event: Event) {
        self.recorder.record(self.agenda.now(), event);
    }

    /// Ends the rollout, or lets it stand as it is for as long as hosts are still to come back.
    pub fn end(&mut self, outcome: Outcome) {
        if self.ending.drains(outcome) {
            return;
        }
        self.note_exposure();
        self.flush_manifested();
        self.record(Event::Ended { outcome });
        self.catch_up();
        self.ending.close(outcome);
        self.live_out();
    }

    /// The horizon has come: the rollout ends as it stands.
    pub fn end_at_horizon(&mut self) {
        self.ending.await_nothing();
        self.end(self.ending.standing());
    }

    /// Notes that something acts on the release. What acts before a regression has begun cannot have
    /// detected it.
    pub fn note_action(&mut self) {
        let now = self.now();
        let regression = self.first_regression();
        let regressed = || regression.is_some_and(|at| at <= now);
        self.recorder.note_action(now, regressed);
    }

    /// What the rollout has come to.
    ///
    /// # Panics
    /// When it has not ended.
    pub fn figures(&self) -> Figures {
        let regression = self.first_regression().filter(|at| *at <= self.now());
        let since = |at: SimTime| regression.map(|since| at.saturating_since(since));
        let (reverted, trail) = (self.recorder.reverted(), self.recorder.trail());
        Figures {
            outcome: self.ending.outcome().expect("the rollout has ended"),
            exposure: self.deployment.exposure,
            regression,
            detection: self.recorder.noticed().and_then(since),
            rollback: reverted.map(|(from, to)| to.saturating_since(from)),
            harm: self.harm(),
            ended: self.now(),
            trail: Trail {
                alarm: trail.alarm.map(|gate| self.plan.place_of(gate)),
                ..trail
            },
            rollback_began: self.conditions.faults.first_rollback().is_some(),
        }
    }

    /// When the new version first showed a regression to somebody, or the evidence about it a flaw.
    fn first_regression(&self) -> Option<SimTime> {
        let exposed = self.conditions.faults.first_exposure()?;
        let begin = |effect: &Effect| {
            let from = self.conditions.faults.counted_from(effect);
            from.map(|from| from.saturating_add(effect.course.after).max(exposed))
        };
        let experiment = &self.plan.experiment;
        let release = self.plan.effects.iter().take(experiment.release.len());
        let shown = release.filter(|plan| plan.effect.course.strength > 0.0);
        let evidence = experiment.evidence.iter();
        let flawed = evidence.filter(|change| !change.state.is_sound());
        let flawed = flawed.map(|change| SimTime::after(change.from).max(exposed));
        shown
            .filter_map(|plan| begin(&plan.effect))
            .chain(flawed)
            .min()
    }
}
