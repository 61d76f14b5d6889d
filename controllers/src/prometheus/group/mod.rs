//! A group of rules: what it is, how its server is set, and what it does.
//!
//! Prometheus 3.16.0, `rules/group.go`, seen by running it.

mod clock;
mod rule;
mod running;

pub use rule::{RecordingRule, Rule};
pub use running::{Outcome, Running};

use super::eval::Engine;
use super::recording::Millis;

/// A group of rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The path of its file; with the name it decides the phase.
    pub file: String,
    /// Its name.
    pub name: String,
    /// From one evaluation to the next.
    pub interval: Millis,
    /// Rules look at the time of evaluation less this.
    pub query_offset: Millis,
    /// More alerts or series of one rule than this are an error; 0 is no limit.
    pub limit: usize,
    /// The rules, evaluated in this order.
    pub rules: Vec<Rule>,
}

/// How the server is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The engine.
    pub engine: Engine,
    /// `--rules.alert.for-outage-tolerance`: a longer outage restarts the clocks of `for`.
    pub outage_tolerance: Millis,
    /// `--rules.alert.for-grace-period`: the least time that a restored alert still waits.
    pub grace_period: Millis,
    /// `--rules.alert.resend-delay`: how long Alertmanager is not told again.
    pub resend_delay: Millis,
}

impl Default for Settings {
    /// 1 h, 10 m and 1 m, as Prometheus.
    fn default() -> Self {
        Self {
            engine: Engine::default(),
            outage_tolerance: 3_600_000,
            grace_period: 600_000,
            resend_delay: 60_000,
        }
    }
}
