//! The world: fleet, telemetry, people and policy wired to one clock.
//!
//! The loop takes what happens next, lets time pass up to it, and hands it to the part of the
//! controller that knows what to do. Decisions come from [`crate::policy::decide()`]; what they change is
//! changed here and written to the history.

mod chosen;
mod clock;
mod conditions;
mod exposure;
mod happening;
mod harm;
mod hosts;
mod interval;
mod showing;
mod watch;

pub(crate) use conditions::Conditions;
pub(crate) use happening::{Happening, Then};
pub use watch::Watched;

use watch::Instant;

use std::sync::Arc;

use crate::controller::{Answers, GateMemory, Members, People, Retreat};
use crate::engine::{EventQueue, Key, Lane, Share, SimTime};
use crate::fleet::Spread;
use crate::history::{Event, History, Outcome};
use crate::plan::{Plan, counts_a_run};
use crate::policy::{Phase, State};
use crate::run::{Exposure, Figures, Harm, Run};
use crate::telemetry::Store;
use crate::traffic::Split;
use crate::trail::Trail;

/// One rollout while it is played, of one policy or of several that have decided alike so far.
#[derive(Clone)]
pub(crate) struct World<'p> {
    pub plan: &'p Plan,
    pub key: Key,
    pub now: SimTime,
    pub queue: EventQueue<Happening>,
    pub evaluations: Lane,
    /// What has happened; none is kept where nobody will read it.
    pub history: Option<History>,
    pub members: Arc<Members>,
    /// Members that have parted from the others, each in its world, and are still to be played.
    pub parted: Vec<Self>,
    pub state: State,
    /// Counts stages entered and retreats begun: what was planned before is void afterwards.
    pub epoch: u32,
    pub attempt: u16,
    pub spread: Spread,
    /// The units that the stage means, and the waves so far.
    pub goal: u32,
    pub waves: u32,
    pub conditions: Conditions<'p>,
    pub store: Store<'p>,
    /// Shared with those that have parted until either side looks again, which after a rollback it may
    /// never do.
    pub gates: Arc<Vec<GateMemory>>,
    /// For each gate that leads others, whether all of them are without a run and do not fire.
    pub quiet: Vec<bool>,
    pub answers: Answers,
    pub people: People,
    pub retreat: Retreat,
    /// The rungs that have been taken.
    pub rungs: usize,
    pub exposure: Exposure,
    /// The exposure that was last written to the history.
    pub exposure_noted: Share,
    /// Since when how many units serve the new version, the oldest first, where users are the same ones.
    pub cohorts: Vec<(SimTime, u32)>,
    /// When every unit of the last stage came to serve the new version, while that stage lasts.
    pub taken_over: Option<SimTime>,
    pub harm: Harm,
    /// Until when harm has been added up.
    pub suffered: SimTime,
    /// The units that were taken back to the bad content: the old version by name, the release by what it does.
    pub spoilt: u32,
    /// When something first acted on the release, and when it first did so after a regression began.
    pub detected: Option<SimTime>,
    pub noticed: Option<SimTime>,
    pub reverted: Option<(SimTime, SimTime)>,
    /// Until when nobody is there to control anything.
    pub stopped: Option<SimTime>,
    /// How many moves of hosts are still to come that the rollout does not end before.
    pub awaited: u32,
    /// How the rollout ends when they have come.
    pub ending: Option<Outcome>,
    /// What the outcome is if nothing else happens before the end.
    pub standing: Outcome,
    pub outcome: Option<Outcome>,
    /// What was done, whether or not a history is kept.
    pub trail: Trail,
}

impl<'p> World<'p> {
    pub fn new(plan: &'p Plan, key: Key) -> Self {
        let gates = || plan.experiment.policy.gates.iter();
        let every = plan.experiment.policy.evaluate_every;
        let memories = gates().zip(&plan.gates);
        let memories = memories.map(|(gate, plan)| GateMemory::new(gate, plan, every));
        let by_router = !matches!(plan.experiment.traffic.split, Split::ByHost);
        Self {
            plan,
            key,
            now: SimTime::ZERO,
            queue: EventQueue::new(),
            evaluations: Lane::new(SimTime::ZERO + every, every),
            history: None,
            members: Arc::new(Members::new(plan)),
            parted: Vec::new(),
            state: State {
                phase: Phase::Active,
                stage: 0,
                observed_since: None,
                entered: SimTime::ZERO,
                step_backs: 0,
                asked: false,
            },
            epoch: 0,
            attempt: 0,
            spread: Spread::new(by_router, plan.units),
            goal: 0,
            waves: 0,
            conditions: Conditions::new(plan, key),
            store: Store::new(plan, key),
            gates: Arc::new(memories.collect()),
            quiet: gates().map(|gate| counts_a_run(gate.window)).collect(),
            answers: Answers::new(plan),
            people: People::default(),
            retreat: Retreat::default(),
            rungs: 0,
            exposure: Exposure::default(),
            exposure_noted: Share::ZERO,
            cohorts: Vec::new(),
            taken_over: None,
            harm: Harm::default(),
            suffered: SimTime::ZERO,
            spoilt: 0,
            detected: None,
            noticed: None,
            reverted: None,
            stopped: None,
            awaited: 0,
            ending: None,
            standing: Outcome::Unfinished,
            outcome: None,
            trail: Trail::default(),
        }
    }

    /// Plays the only member to the end, and keeps the history.
    ///
    /// # Panics
    /// When there are several.
    pub fn play(self) -> Run {
        self.play_with(&mut |_, _| ())
    }

    /// Plays as [`World::play`] does, and shows the world after each step and where it stood before.
    fn play_with(mut self, seen: &mut dyn FnMut(&Self, Instant)) -> Run {
        assert_eq!(
            self.plan.members.len(),
            1,
            "a history is that of one member"
        );
        self.history = Some(History::new());
        self.begin();
        while self.outcome.is_none() {
            let before = Instant {
                evaluation: self.evaluations.next(),
                stage: self.state.stage,
                phase: self.state.phase,
            };
            self.step();
            seen(&self, before);
        }
        let figures = self.figures();
        Run {
            outcome: figures.outcome,
            exposure: figures.exposure,
            regression: figures.regression,
            detection: figures.detection,
            rollback: figures.rollback,
            harm: figures.harm,
            history: self.history.expect("it was begun above"),
        }
    }

    /// Plays all members to their ends. `ended` is shown each world in which some of them have ended.
    pub fn play_all(mut self, ended: &mut dyn FnMut(&Self)) {
        self.begin();
        self.go_on(ended);
    }

    /// Goes on to the end. Who parts on the way is played first: fewer than half of the members part at
    /// once, so the recursion is no deeper than the logarithm of their number.
    fn go_on(mut self, ended: &mut dyn FnMut(&Self)) {
        while self.outcome.is_none() {
            self.step();
            while let Some(other) = self.parted.pop() {
                other.go_on(ended);
            }
        }
        ended(&self);
    }

    /// Lets happen what comes next.
    pub fn step(&mut self) {
        let horizon = SimTime::after(self.plan.experiment.horizon);
        // What is due at the instant of an evaluation comes first: the evaluation sees it.
        let planned = self
            .queue
            .peek_time()
            .filter(|at| *at <= self.evaluations.next());
        let next = planned.unwrap_or(self.evaluations.next());
        if next > horizon {
            self.pass_until(horizon);
            self.awaited = 0;
            self.end(self.ending.unwrap_or(self.standing));
        } else if planned.is_some() {
            let (at, happening) = self.queue.pop().expect("it was peeked");
            self.pass_until(at);
            self.handle(happening);
        } else {
            self.pass_until(next);
            self.evaluations.advance();
            self.beat();
        }
        self.tell_shown();
    }

    /// Draws what has not happened yet under another key, and what has happened to its end under the
    /// old one.
    pub fn reseed(&mut self, key: Key) {
        self.store.reseed(&mut self.conditions, key);
        self.conditions.reseed(key);
        self.key = key;
    }

    /// Writes `event` to the history.
    pub fn record(&mut self, event: Event) {
        self.trail.note(self.now, &event);
        if let Some(history) = &mut self.history {
            history.push(self.now, event);
        }
    }

    /// Ends the rollout, or lets it stand as it is for as long as hosts are still to come back.
    pub fn end(&mut self, outcome: Outcome) {
        assert!(self.outcome.is_none(), "a rollout ends once");
        if self.awaited > 0 {
            self.epoch += 1;
            self.state.phase = Phase::Over;
            self.ending.get_or_insert(outcome);
            return;
        }
        self.note_exposure();
        self.tell_shown();
        self.record(Event::Ended { outcome });
        self.catch_up();
        self.outcome = Some(outcome);
        self.live_out();
    }

    /// What the rollout has come to.
    ///
    /// # Panics
    /// When it has not ended.
    pub fn figures(&self) -> Figures {
        let regression = self.first_regression().filter(|at| *at <= self.now);
        let since = |at: SimTime| regression.map(|since| at.saturating_since(since));
        Figures {
            outcome: self.outcome.expect("the rollout has ended"),
            exposure: self.exposure,
            regression,
            detection: self.noticed.and_then(since),
            rollback: self.reverted.map(|(from, to)| to.saturating_since(from)),
            harm: self.harm,
            ended: self.now,
            trail: Trail {
                alarm: self.trail.alarm.map(|gate| self.plan.place_of(gate)),
                ..self.trail
            },
            rollback_began: self.conditions.first_rollback.is_some(),
        }
    }

    /// When the new version first showed a regression to somebody, or the evidence about it a flaw.
    pub fn first_regression(&self) -> Option<SimTime> {
        let exposed = self.conditions.first_exposure?;
        let begin = |effect: &crate::effect::Effect| {
            self.conditions
                .counted_from(effect)
                .map(|from| from.saturating_add(effect.course.after).max(exposed))
        };
        let release = self
            .plan
            .effects
            .iter()
            .take(self.plan.experiment.release.len());
        let shown = release.filter(|plan| plan.effect.course.strength > 0.0);
        let flawed = self
            .plan
            .experiment
            .evidence
            .iter()
            .filter(|change| !change.state.is_sound());
        let flawed = flawed.map(|change| SimTime::after(change.from).max(exposed));
        shown
            .filter_map(|plan| begin(&plan.effect))
            .chain(flawed)
            .min()
    }
}
