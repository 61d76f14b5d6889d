//! Courses: when an effect shows, and how strongly.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::{Share, SimDuration, SimTime};

/// The course of an effect in time: a strength between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Course {
    /// The instant from which times are counted.
    pub from: Anchor,
    /// The time from the anchor until the effect begins.
    pub after: SimDuration,
    /// By up to how much later it begins: each length is as likely, and the seed of the rollout decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<SimDuration>,
    /// How long it takes to reach full strength.
    pub ramp: SimDuration,
    /// How long it lasts; none means for ever.
    pub lasts: Option<SimDuration>,
    /// When it ends in any case, counted from the start of the rollout: the harness heals what it broke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<SimDuration>,
    /// For an oscillating effect, how long it is on and off in turn.
    pub cycle: Option<Cycle>,
    /// The strength that is reached; 0 leaves the world exactly as it was.
    pub strength: f64,
}

/// An oscillation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cycle {
    /// How long the effect is on.
    pub on: SimDuration,
    /// How long it is off.
    pub off: SimDuration,
}

/// The instant from which an effect's times are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Anchor {
    /// The start of the rollout.
    #[default]
    Start,
    /// The first instant at which a host serves the new version.
    FirstExposure,
    /// The beginning of the first rollback.
    Rollback,
    /// The first entry into the stage of this number, from 0.
    StageEntered(u16),
    /// The end of the first observation window of the stage of this number, from 0.
    WindowOver(u16),
    /// The first time that the rollout stands still.
    Paused,
    /// The first instant at which the last host serves the old version again.
    Reverted,
    /// The beginning of the first new attempt.
    Recovered,
    /// The first time that the kill switch is thrown.
    KillThrown,
    /// The first time that a controller is back after it was down.
    ControllerBack,
    /// The first time that the rollout is in a state, in any stage or in one.
    State(Standing),
}

/// A state in which a rollout can be, and perhaps the stage in which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Standing {
    /// What the rollout does.
    pub is: State,
    /// The number, from 0, of the stage that was entered last; none means any stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<u16>,
}

/// What a rollout does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is in a stage, on its way forward.
    Staged,
    /// It stands still.
    Paused,
    /// It is rolling back.
    RollingBack,
    /// The rollback is over.
    Reverted,
    /// It has taken a rung of the fallback ladder.
    FallenBack,
    /// The kill switch was thrown.
    Killed,
}

impl State {
    /// Every state, in the order in which a rollout may come to them.
    pub const ALL: [Self; 6] = [
        Self::Staged,
        Self::Paused,
        Self::RollingBack,
        Self::Reverted,
        Self::FallenBack,
        Self::Killed,
    ];

    /// Returns the word that files use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Paused => "paused",
            Self::RollingBack => "rolling_back",
            Self::Reverted => "reverted",
            Self::FallenBack => "fallen_back",
            Self::Killed => "killed",
        }
    }
}

/// What the world must be like for an effect to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Only {
    /// Only while the load is above this many requests a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load_above: Option<f64>,
    /// Only while more than this share serves the new version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exposure_above: Option<Share>,
    /// Only while less than this share serves the new version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exposure_below: Option<Share>,
}

impl Only {
    /// Whether the effect shows at this load and this share on the new version.
    pub fn holds(&self, load: f64, share: f64) -> bool {
        self.load_above.is_none_or(|least| load > least)
            && self
                .exposure_above
                .is_none_or(|least| share > least.as_f64())
            && self.exposure_below.is_none_or(|most| share < most.as_f64())
    }
}

impl Default for Course {
    fn default() -> Self {
        Self {
            from: Anchor::Start,
            after: SimDuration::ZERO,
            within: None,
            ramp: SimDuration::ZERO,
            lasts: None,
            until: None,
            cycle: None,
            strength: 1.0,
        }
    }
}

impl Course {
    /// Returns the strength at `now`, given when the anchor was; 0 before it.
    pub fn strength_at(&self, now: SimTime, anchor: Option<SimTime>) -> f64 {
        let Some(begin) = anchor.map(|anchor| anchor.saturating_add(self.after)) else {
            return 0.0;
        };
        if now < begin || self.healed(now) {
            return 0.0;
        }
        let running = now.saturating_since(begin);
        if self.lasts.is_some_and(|lasts| running >= lasts) || self.resting(running) {
            return 0.0;
        }
        if running >= self.ramp {
            return self.strength;
        }
        self.strength * (running.as_nanos() as f64 / self.ramp.as_nanos() as f64)
    }

    /// Returns the first instant after `now` at which the strength jumps or bends, given when the anchor was;
    /// between two of them it is a straight line. The end of time where there is none.
    pub fn next_turn(&self, now: SimTime, anchor: Option<SimTime>) -> SimTime {
        let Some(begin) = anchor.map(|anchor| anchor.saturating_add(self.after)) else {
            return SimTime::MAX;
        };
        let until = self.until.map(SimTime::after);
        let ends = self.lasts.map(|lasts| begin.saturating_add(lasts));
        if [until, ends].into_iter().flatten().any(|end| end <= now) {
            return SimTime::MAX;
        }
        let ramped = begin.saturating_add(self.ramp);
        let turns = [
            Some(begin),
            Some(ramped),
            ends,
            until,
            self.next_swing(begin, now),
        ];
        let ahead = turns.into_iter().flatten().filter(|turn| *turn > now);
        ahead.min().unwrap_or(SimTime::MAX)
    }

    /// Returns when an oscillation that began at `begin` next changes sides.
    fn next_swing(&self, begin: SimTime, now: SimTime) -> Option<SimTime> {
        let cycle = self.cycle.filter(|cycle| !cycle.off.is_zero())?;
        let (on, off) = (cycle.on.as_nanos(), cycle.off.as_nanos());
        let into = now.checked_since(begin)?.as_nanos() % (on + off);
        let left = if into < on {
            on - into
        } else {
            on + off - into
        };
        now.checked_add(SimDuration::from_nanos(left))
    }

    /// Returns when the spell began that is running at `now`; none where the effect does not show.
    pub fn spell_began(&self, now: SimTime, anchor: Option<SimTime>) -> Option<SimTime> {
        let begin = anchor?.saturating_add(self.after);
        if self.strength_at(now, anchor) <= 0.0 {
            return None;
        }
        let running = now.saturating_since(begin).as_nanos();
        let period = self
            .cycle
            .map_or(0, |cycle| cycle.on.as_nanos() + cycle.off.as_nanos());
        let into_spell = if period == 0 {
            running
        } else {
            running % period
        };
        Some(now.saturating_sub(SimDuration::from_nanos(into_spell)))
    }

    /// Returns when the spell ends that is running at `now`; none where it never does or none is running.
    pub fn spell_ends(&self, now: SimTime, anchor: Option<SimTime>) -> Option<SimTime> {
        let began = self.spell_began(now, anchor)?;
        let begin = anchor?.saturating_add(self.after);
        let end = self.lasts.map(|lasts| begin.saturating_add(lasts));
        let healed = self.until.map(|until| SimTime::ZERO + until);
        let rest = self.cycle.map(|cycle| began + cycle.on);
        [end, healed, rest].into_iter().flatten().min()
    }

    fn healed(&self, now: SimTime) -> bool {
        self.until.is_some_and(|until| now.elapsed() >= until)
    }

    fn resting(&self, running: SimDuration) -> bool {
        self.cycle.is_some_and(|cycle| {
            let period = cycle.on.as_nanos() + cycle.off.as_nanos();
            period > 0 && running.as_nanos() % period >= cycle.on.as_nanos()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(n: u64) -> SimTime {
        SimTime::ZERO + SimDuration::from_mins(n)
    }

    #[track_caller]
    fn check(course: Course, at: u64, expect: f64) {
        assert_eq!(
            course.strength_at(minutes(at), Some(SimTime::ZERO)),
            expect,
            "minute {at}"
        );
    }

    #[test]
    fn a_course_begins_grows_oscillates_and_ends() {
        let ten = SimDuration::from_mins(10);
        let drift = Course {
            after: ten,
            ramp: ten,
            ..Course::default()
        };
        check(drift, 9, 0.0);
        check(drift, 15, 0.5);
        check(drift, 20, 1.0);
        let cycle = Some(Cycle {
            on: ten,
            off: SimDuration::from_mins(2),
        });
        let flapping = Course {
            cycle,
            lasts: Some(SimDuration::from_mins(30)),
            ..Course::default()
        };
        check(flapping, 9, 1.0);
        check(flapping, 10, 0.0);
        check(flapping, 12, 1.0);
        check(flapping, 30, 0.0);
    }

    #[test]
    fn between_two_turns_the_strength_is_a_straight_line() {
        let ten = SimDuration::from_mins(10);
        let course = Course {
            after: ten,
            ramp: SimDuration::from_mins(4),
            cycle: Some(Cycle {
                on: ten,
                off: SimDuration::from_mins(2),
            }),
            lasts: Some(SimDuration::from_mins(30)),
            until: Some(SimDuration::from_mins(38)),
            ..Course::default()
        };
        let mut turns = vec![SimTime::ZERO];
        while let Some(now) = turns.last().copied().filter(|now| *now < SimTime::MAX) {
            turns.push(course.next_turn(now, Some(SimTime::ZERO)));
        }
        let minutes_of = |at: &SimTime| at.as_nanos() / SimDuration::from_mins(1).as_nanos();
        let ends: Vec<u64> = turns[1..turns.len() - 1].iter().map(minutes_of).collect();
        assert_eq!(ends, [10, 14, 20, 22, 32, 34, 38]);
        assert_eq!(course.next_turn(minutes(11), None), SimTime::MAX);
    }

    #[test]
    fn a_spell_began_when_its_cycle_did() {
        let ten = SimDuration::from_mins(10);
        let cycle = Some(Cycle {
            on: ten,
            off: SimDuration::from_mins(2),
        });
        let flapping = Course {
            after: ten,
            cycle,
            ..Course::default()
        };
        let began = |at| flapping.spell_began(minutes(at), Some(SimTime::ZERO));
        assert_eq!(
            [9, 10, 19, 20, 22, 25].map(began),
            [
                None,
                Some(minutes(10)),
                Some(minutes(10)),
                None,
                Some(minutes(22)),
                Some(minutes(22)),
            ]
        );
    }

    #[test]
    fn what_is_healed_is_over_whatever_its_own_length() {
        let ten = SimDuration::from_mins(10);
        let healed = Course {
            after: ten,
            lasts: Some(SimDuration::from_hours(1)),
            until: Some(ten + ten),
            ..Course::default()
        };
        check(healed, 19, 1.0);
        check(healed, 20, 0.0);
        let ends = healed.spell_ends(minutes(15), Some(SimTime::ZERO));
        assert_eq!(ends, Some(minutes(20)));
    }

    #[test]
    fn an_anchor_at_the_end_of_time_is_never_passed() {
        let late = Course {
            after: SimDuration::from_mins(5),
            ..Course::default()
        };
        assert_eq!(late.strength_at(minutes(5), Some(SimTime::MAX)), 0.0);
        assert_eq!(late.spell_ends(minutes(5), Some(SimTime::MAX)), None);
    }

    #[test]
    fn an_effect_whose_anchor_never_comes_does_nothing() {
        assert_eq!(Course::default().strength_at(minutes(5), None), 0.0);
    }
}
