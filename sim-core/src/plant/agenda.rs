//! The agenda: what time it is, and what has been planned.

use super::{EventPriority, ScheduledEvent};
use crate::engine::{EventQueue, SimDuration, SimTime};

/// The clock and the queue of a rollout.
#[derive(Clone)]
pub(crate) struct Agenda {
    now: SimTime,
    queue: EventQueue<ScheduledEvent>,
}

impl Agenda {
    pub fn new() -> Self {
        Self {
            now: SimTime::ZERO,
            queue: EventQueue::new(),
        }
    }

    pub const fn now(&self) -> SimTime {
        self.now
    }

    /// Lets it be `now`. Time does not go backwards.
    pub(super) fn advance_to(&mut self, now: SimTime) {
        assert!(now >= self.now, "time does not go backwards");
        self.now = now;
    }

    /// When the next event is due, if it is due by `limit`.
    pub fn next_by(&mut self, limit: SimTime) -> Option<SimTime> {
        self.queue.peek_time().filter(|at| *at <= limit)
    }

    /// Takes the event that is due next.
    pub fn pop(&mut self) -> Option<(SimTime, ScheduledEvent)> {
        self.queue.pop()
    }

    /// Plans `event` after `delay`; what lies beyond the end of time never comes.
    pub fn schedule(&mut self, delay: SimDuration, then: EventPriority, event: ScheduledEvent) {
        if let Some(at) = self.now.checked_add(delay) {
            self.queue.schedule(at, then as u8, event);
        }
    }
}
