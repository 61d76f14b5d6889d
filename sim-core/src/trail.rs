//! What a rollout leaves that tells whether it met its regression, added up event by event.

use crate::engine::{Share, SimTime};
use crate::history::{Event, History};

/// A summary of a history: the same for a rollout whose events are kept and for one of which nothing else is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// When something was last decided that ends a rollout short of completion.
    pub stopped: Option<SimTime>,
    /// The gate that acted last; none where something else did, such as evidence or the blast radius.
    pub alarm: Option<u16>,
    /// Whether users were on the new version at the end.
    pub exposed: bool,
    /// Whether the kill switch took effect.
    pub killed: bool,
    /// The rungs of the ladder that have taken effect since the last new attempt, a bit each; those beyond
    /// the 64th are not told.
    pub rungs: u64,
    /// Whether anything was done about the release: see [`Event::acts`].
    pub acted: bool,
}

impl Trail {
    /// Returns the summary of a whole history.
    pub fn of(history: &History) -> Self {
        let mut trail = Self::default();
        history
            .iter()
            .for_each(|(at, event)| trail.note(*at, event));
        trail
    }

    /// Adds what happened next.
    pub fn note(&mut self, at: SimTime, event: &Event) {
        if event.acts() {
            self.acted = true;
            match event {
                // A rollback begins because of something that has been noted.
                Event::RollbackBegan => {}
                Event::Triggered { gate, .. } => self.alarm = Some(*gate),
                _ => self.alarm = None,
            }
        }
        match event {
            Event::RollbackBegan
            | Event::KillThrown
            | Event::RungTaken { .. }
            | Event::Paused { .. }
            | Event::Refused { .. } => self.stopped = Some(at),
            Event::Exposure { reached } => self.exposed = *reached > Share::ZERO,
            Event::KillEffective => self.killed = true,
            Event::RungEffective { rung } => self.rungs |= bit(*rung),
            // A new attempt takes the rungs away again; what was killed stays killed.
            Event::Recovered { .. } => self.rungs = 0,
            _ => {}
        }
    }

    /// Says whether a rung has taken effect and holds.
    pub fn holds(&self, rung: usize) -> bool {
        u16::try_from(rung).is_ok_and(|rung| self.rungs & bit(rung) != 0)
    }
}

fn bit(rung: u16) -> u64 {
    1_u64.checked_shl(rung.into()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::SimDuration;
    use crate::history::PauseReason;
    use crate::policy::Action;

    fn at_nanos(nanos: u64) -> SimTime {
        SimTime::after(SimDuration::from_nanos(nanos))
    }

    fn trail(events: &[Event]) -> Trail {
        let mut history = History::new();
        for (at, event) in events.iter().enumerate() {
            history.push(at_nanos(at as u64), *event);
        }
        Trail::of(&history)
    }

    #[test]
    fn the_last_act_and_the_last_decision_count() {
        let trigger = |action| Event::Triggered {
            gate: 3,
            class: 0,
            action,
        };
        let noted = trail(&[Event::Started, trigger(Action::Record)]);
        assert_eq!(noted, Trail::default(), "to record is to do nothing");
        let back = trail(&[trigger(Action::Rollback), Event::RollbackBegan]);
        assert_eq!(back.alarm, Some(3));
        assert_eq!(back.stopped, Some(at_nanos(1)));
        let paused = Event::Paused {
            stage: 0,
            why: PauseReason::Overdue,
        };
        let later = trail(&[trigger(Action::Rollback), Event::RollbackBegan, paused]);
        assert_eq!(later.alarm, None, "no gate paused it");
        assert_eq!(later.stopped, Some(at_nanos(2)));
    }

    #[test]
    fn a_new_attempt_takes_rungs_away_and_leaves_what_was_killed() {
        let recovered = Event::Recovered {
            attempt: 1,
            acknowledged: false,
            fresh: true,
        };
        let rung = |rung| Event::RungEffective { rung };
        let held = trail(&[Event::KillEffective, rung(1), rung(70)]);
        assert!(held.killed && held.holds(1) && !held.holds(0) && !held.holds(70));
        let again = trail(&[Event::KillEffective, rung(1), recovered]);
        assert!(again.killed && !again.holds(1));
        let reached = |ppm| Event::Exposure {
            reached: Share::from_ppm(ppm).expect("a share"),
        };
        assert!(trail(&[reached(10)]).exposed);
        assert!(!trail(&[reached(10), reached(0)]).exposed);
    }
}
