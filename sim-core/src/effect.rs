//! Effects: what a release or a fault may change in the world, and when.
//!
//! This is the mechanism. Which faults are chosen is somebody else's business, and so is the
//! judgement of what comes of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::{Share, SimDuration, SimTime};
use crate::policy::gate::Population;

/// One change of the world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Effect {
    /// The name of the effect, unique in its scenario.
    pub id: String,
    /// What is changed.
    pub change: Change,
    /// When, and how strongly.
    #[serde(default)]
    pub course: Course,
    /// The share of hosts that show the effect; none means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Share>,
    /// The rungs or kill switches that take the effect away, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cured_by: Vec<String>,
}

/// What an effect changes. Each variant sits on one layer of the world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// Layer release: a signal of the new version is worse by a summand.
    Add(SignalChange),
    /// Layer release: a signal of the new version is worse by a factor.
    Multiply(SignalChange),
    /// Layer host: every signal value of a population moves together by a factor (a common shock).
    Shock(SignalChange),
    /// Layer transport: samples of a signal do not arrive.
    Outage(DataChange),
    /// Layer exporter: a signal reads as not a number.
    Nan(DataChange),
    /// Layer exporter: counters start again from zero when the effect begins.
    CounterReset(DataChange),
    /// Layer store: samples arrive later by this much.
    Lag {
        /// The signal; none means all signals.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signal: Option<String>,
        /// The additional delay.
        by: SimDuration,
    },
    /// Layer store: the newest sample is served again and again.
    Freeze(DataChange),
    /// Layer actuator: a rollback step fails this many times before it works.
    StepFails {
        /// The step.
        step: String,
        /// How many attempts fail.
        times: u32,
    },
    /// Layer actuator: a rollback step reaches only a share of the hosts.
    StepPartial {
        /// The step.
        step: String,
        /// The share that it reaches.
        reaches: Share,
    },
    /// Layer actuator: the restored configuration is the bad one again.
    SameContent {
        /// The step.
        step: String,
    },
    /// Layer actuator: the kill switch is thrown and nothing happens.
    KillSwitchNoop,
    /// Layer actuator: updates of hosts take longer by a factor.
    SlowHosts {
        /// The factor.
        factor: f64,
    },
    /// Layer host: the old version is no longer there.
    StandbyAbsent,
}

/// A change of one signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SignalChange {
    /// The signal.
    pub signal: String,
    /// The summand or factor at full strength.
    pub by: f64,
    /// Who shows it.
    #[serde(default = "canary")]
    pub population: Population,
}

/// A change of the data about one signal, or about all of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DataChange {
    /// The signal; none means all signals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
    /// Whose data; none means everybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<Population>,
}

fn canary() -> Population {
    Population::Canary
}

/// The course of an effect in time: a strength between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Course {
    /// The instant from which times are counted.
    pub from: Anchor,
    /// The time from the anchor until the effect begins.
    pub after: SimDuration,
    /// How long it takes to reach full strength.
    pub ramp: SimDuration,
    /// How long it lasts; none means for ever.
    pub lasts: Option<SimDuration>,
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
}

impl Default for Course {
    fn default() -> Self {
        Self {
            from: Anchor::Start,
            after: SimDuration::ZERO,
            ramp: SimDuration::ZERO,
            lasts: None,
            cycle: None,
            strength: 1.0,
        }
    }
}

impl Course {
    /// Returns the strength at `now`, given when the anchor was; 0 before it.
    pub fn strength_at(&self, now: SimTime, anchor: Option<SimTime>) -> f64 {
        let Some(begin) = anchor.map(|anchor| anchor + self.after) else {
            return 0.0;
        };
        if now < begin {
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

    /// Returns when the spell began that is running at `now`; none where the effect does not show.
    pub fn spell_began(&self, now: SimTime, anchor: Option<SimTime>) -> Option<SimTime> {
        let begin = anchor? + self.after;
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
    fn an_effect_whose_anchor_never_comes_does_nothing() {
        assert_eq!(Course::default().strength_at(minutes(5), None), 0.0);
    }
}
