//! The calendar of a rollout: when it may go forward.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::{SimDuration, SimTime};

const DAY: SimDuration = SimDuration::from_hours(24);
const WEEK: SimDuration = SimDuration::from_hours(7 * 24);

/// When a rollout may go forward: leave a stage for the next one, and begin an increment. Whatever takes a release back is
/// done at any time, and updates that have begun end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Calendar {
    /// The days of the week (UTC); none listed means all of them. A rollout starts where the world's
    /// `telemetry.starts-in-week` says, on Monday at 00:00 where it says nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 7))]
    pub days: Vec<Day>,
    /// From which time of the day on.
    pub from: SimDuration,
    /// Until which time of the day; 24h means its end.
    pub to: SimDuration,
    /// Times in which nothing goes forward, whatever day it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub freezes: Vec<Freeze>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            days: Vec::new(),
            from: SimDuration::ZERO,
            to: DAY,
            freezes: Vec::new(),
        }
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Day {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// A freeze.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Freeze {
    /// When it begins, counted from the start of the rollout.
    pub from: SimDuration,
    /// How long it lasts.
    pub lasts: SimDuration,
}

impl Freeze {
    fn end(self) -> SimTime {
        SimTime::after(self.from).saturating_add(self.lasts)
    }
}

impl Calendar {
    /// Returns the first instant from `at` on at which the rollout may go forward; none where there is none. The rollout
    /// started at `starts` after Monday 00:00.
    pub fn opens(&self, starts: SimDuration, at: SimTime) -> Option<SimTime> {
        // Each turn passes a freeze, or gets to another day or to its hours: a week has seven of either.
        let turns = 16 * (self.freezes.len() + 1);
        let mut at = at;
        for _ in 0..turns {
            let next = self.next(starts, at);
            if next == at {
                return Some(at);
            }
            at = next;
        }
        None
    }

    /// The instant itself where it is open; otherwise a later one, before which nothing is.
    fn next(&self, starts: SimDuration, at: SimTime) -> SimTime {
        let within = |it: &&Freeze| SimTime::after(it.from) <= at && at < it.end();
        if let Some(freeze) = self.freezes.iter().find(within) {
            return freeze.end();
        }
        let of_week = (starts.as_nanos() + at.as_nanos()) % WEEK.as_nanos();
        let (day, time) = (of_week / DAY.as_nanos(), of_week % DAY.as_nanos());
        let is_day = self.days.is_empty() || self.days.iter().any(|it| *it as u64 == day);
        let wait = if !is_day || time >= self.to.as_nanos() {
            DAY.as_nanos() - time
        } else {
            self.from.as_nanos().saturating_sub(time)
        };
        at.saturating_add(SimDuration::from_nanos(wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(hours: u64) -> SimDuration {
        SimDuration::from_hours(hours)
    }

    /// By hand: Monday to Thursday from 9 to 16, started on Thursday at 15:00, frozen from the fifth day for two days.
    #[test]
    fn a_calendar_opens_at_the_next_hour_of_a_day_that_is_neither_frozen_nor_free() {
        let calendar = Calendar {
            days: vec![Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday],
            from: hours(9),
            to: hours(16),
            freezes: vec![Freeze {
                from: hours(4 * 24),
                lasts: hours(2 * 24),
            }],
        };
        let starts = hours(3 * 24 + 15);
        for (after, opens) in [
            (0, 0),
            // Thursday 16:00 is over: Monday 9:00 is 90 hours after the start.
            (1, 90),
            (90, 90),
            (95, 95),
            // Frozen from Monday 15:00 to Wednesday 15:00.
            (96, 144),
            (144, 144),
            // Wednesday 16:00: Thursday 9:00.
            (145, 162),
        ] {
            let found = calendar.opens(starts, SimTime::after(hours(after)));
            assert_eq!(found, Some(SimTime::after(hours(opens))), "{after} hours");
        }
    }
}
