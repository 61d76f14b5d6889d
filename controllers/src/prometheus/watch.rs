//! A group of rules and its Alertmanager as one machine that is woken when something is due.

use super::alertmanager::{Alertmanager, Message, Route};
use super::group::{Group, Running, Settings};
use super::phase::{Slots, first_evaluation, phase_nanos};
use super::recording::{Millis, Recording};
use super::value::EvalError;

/// A group that is evaluated at its slots, and what is told of it.
///
/// An evaluation takes no time here; [`Slots`] says what happens where it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    group: Group,
    settings: Settings,
    route: Route,
    running: Running,
    slots: Slots,
    manager: Alertmanager,
    /// How many evaluations are left until the clocks of `for` are restored; 0 when they are.
    until_restored: u8,
}

/// What happened when a watch was woken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Woken {
    /// The time that the rules saw, if they were evaluated.
    pub evaluated: Option<Millis>,
    /// Messages that leave Alertmanager now.
    pub messages: Vec<Message>,
    /// Rules that failed: their place in the group and why.
    pub errors: Vec<(usize, EvalError)>,
}

impl Watch {
    /// Loads a group at a time. It is first evaluated at the next slot of its phase, up to one interval later.
    pub fn load(group: Group, settings: Settings, route: Route, at: Millis) -> Self {
        let phase = phase_nanos(&group.file, &group.name, group.interval);
        let first = first_evaluation(at, phase, group.interval);
        Self::from(group, settings, route, first)
    }

    /// Starts a group with its first evaluation at a time, whatever its phase.
    pub fn from(group: Group, settings: Settings, route: Route, first: Millis) -> Self {
        Self {
            running: Running::new(&group, true),
            slots: Slots::new(first, group.interval),
            group,
            settings,
            route,
            manager: Alertmanager::default(),
            until_restored: 0,
        }
    }

    /// Starts Prometheus anew at a time, as after a restart; Alertmanager goes on. What was recorded is kept by the caller.
    pub fn restart(&mut self, at: Millis) {
        let phase = phase_nanos(&self.group.file, &self.group.name, self.group.interval);
        let first = first_evaluation(at, phase, self.group.interval);
        self.running = Running::new(&self.group, false);
        self.slots = Slots::new(first, self.group.interval);
        self.until_restored = 2;
    }

    /// Puts a new version of the group in place of the old one at a time.
    pub fn reload(&mut self, group: Group, at: Millis) {
        if group == self.group {
            return;
        }
        let phase = phase_nanos(&group.file, &group.name, group.interval);
        self.running = self.running.reload(&self.group, &group);
        self.slots = Slots::new(first_evaluation(at, phase, group.interval), group.interval);
        self.group = group;
    }

    /// Returns when [`Self::wake`] is due next.
    pub fn next(&self) -> Millis {
        let slot = self.slots.began();
        self.manager.next().map_or(slot, |look| look.min(slot))
    }

    /// Evaluates the rules if their slot has come, then lets Alertmanager look at its groups.
    pub fn wake(&mut self, recording: &mut Recording, at: Millis) -> Woken {
        let mut woken = Woken::default();
        if self.slots.began() <= at {
            let seen = self.slots.timestamp();
            woken.evaluated = Some(seen);
            self.evaluate(recording, seen, at, &mut woken);
            self.slots.finish(0);
        }
        woken.messages = self.manager.wake(&self.route, at);
        woken
    }

    fn evaluate(&mut self, recording: &mut Recording, seen: Millis, at: Millis, woken: &mut Woken) {
        let (group, settings) = (&self.group, &self.settings);
        let outcomes = self.running.evaluate(group, settings, recording, seen);
        for (nth, outcome) in outcomes.into_iter().enumerate() {
            match outcome {
                Ok(notices) => {
                    for notice in &notices {
                        self.manager.receive(&self.route, notice, at);
                    }
                }
                Err(error) => woken.errors.push((nth, error)),
            }
        }
        if self.until_restored > 0 {
            self.until_restored -= 1;
            if self.until_restored == 0 {
                self.running.restore(group, settings, recording, at);
            }
        }
    }

    /// Returns the rules and where they stand.
    pub fn running(&self) -> &Running {
        &self.running
    }
}
