//! Frontiers: how large one fault may get before a promise breaks.
//!
//! A promise that holds at one size and breaks at another has its frontier between them; halving the
//! distance finds it to a second, or to a hundredth.

use serde_json::{Value, json};
use sim_core::Seed;
use sim_core::effect::Course;
use sim_core::engine::SimDuration;

use super::alone::healed;
use super::driver::named;
use super::{Kind, Terrain};
use crate::catalogue::Injection;
use crate::rehearsal::Rehearsal;

/// A fault that can be larger or smaller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// The fault.
    pub fault: &'static str,
    /// What is larger or smaller.
    pub knob: Knob,
    /// The largest size that is tried, in seconds or as a fraction.
    pub most: f64,
}

/// What of a fault is larger or smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knob {
    /// How long it lasts, in seconds.
    Lasts,
    /// A parameter that is a time, in seconds.
    Time(&'static str),
    /// A parameter that is a time drawn from a distribution; here always the same.
    Constant(&'static str),
    /// A parameter that is a share, as a fraction.
    Share(&'static str),
    /// A parameter that is a probability, as a fraction.
    Number(&'static str),
}

const HOUR: f64 = 3600.0;

/// The faults whose frontier is looked for.
pub const AXES: [Axis; 11] = [
    axis("controller.crash", Knob::Lasts, HOUR),
    axis("controller.failover", Knob::Lasts, HOUR),
    axis("controller.evaluator_stopped", Knob::Lasts, HOUR),
    axis("telemetry.lag", Knob::Time("delay"), HOUR),
    axis("telemetry.missing", Knob::Lasts, HOUR),
    axis("actuation.cmd_loss", Knob::Number("p"), 1.0),
    axis("actuation.cmd_late", Knob::Constant("delay"), HOUR),
    axis("actuation.stuck_hosts", Knob::Share("fraction"), 1.0),
    axis("actuation.cmd_dup", Knob::Share("hosts"), 1.0),
    axis("env.zone_loss", Knob::Share("zone"), 1.0),
    axis("env.host_crash", Knob::Share("share"), 1.0),
];

const fn axis(fault: &'static str, knob: Knob, most: f64) -> Axis {
    Axis { fault, knob, most }
}

impl Knob {
    /// Returns how finely sizes are told apart: a second, or a hundredth.
    pub const fn step(self) -> f64 {
        match self {
            Self::Lasts | Self::Time(_) | Self::Constant(_) => 1.0,
            Self::Share(_) | Self::Number(_) => 0.01,
        }
    }

    /// Returns the word for what is larger or smaller.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lasts => "lasts",
            Self::Time(name) | Self::Constant(name) | Self::Share(name) | Self::Number(name) => {
                name
            }
        }
    }
}

impl Axis {
    /// Returns the number of steps from nothing to the largest size.
    pub fn steps(&self) -> u64 {
        (self.most / self.knob.step()).round() as u64
    }

    /// Returns the size after so many steps.
    pub fn size(&self, steps: u64) -> f64 {
        steps as f64 * self.knob.step()
    }

    /// Returns a bad release that meets the fault at the size of so many steps, with nothing else; none
    /// where the fault cannot happen here. Releases take turns with replications.
    pub fn rehearsal(&self, terrain: &Terrain, steps: u64, seed: Seed) -> Option<Rehearsal> {
        let kind = terrain.kind(self.fault)?;
        let releases = terrain.releases.len().max(1) as u64;
        let release = terrain.releases.get((seed.replication % releases) as usize);
        let mut injections: Vec<Injection> = release.into_iter().cloned().collect();
        if steps > 0 {
            injections.push(self.sized(kind, steps)?);
        }
        healed(terrain, &mut injections);
        Some(Rehearsal {
            experiment: terrain.experiment.clone(),
            injections,
            seed,
        })
    }

    fn sized(&self, kind: &Kind, steps: u64) -> Option<Injection> {
        let seconds = || SimDuration::from_secs(steps);
        let with = |name: &str, value: Value| kind.with(&[(name, value)]);
        let usual = (kind.entry.at)();
        let (fault, lasts) = match self.knob {
            Knob::Lasts => (Some((kind.entry.default)()), Some(seconds())),
            Knob::Time(name) => (with(name, json!(seconds())), usual.lasts),
            Knob::Constant(name) => (with(name, json!({ "constant": seconds() })), usual.lasts),
            Knob::Share(name) => (with(name, json!(format!("{steps}%"))), usual.lasts),
            Knob::Number(name) => (with(name, json!(self.size(steps))), usual.lasts),
        };
        let at = Course { lasts, ..usual };
        Some(named(kind.entry.name, fault?, Some(at)))
    }
}

/// Returns the most steps at which `holds`, given that it holds at 0 and does not at `most`; `holds` is
/// asked about the logarithm of `most` times.
pub fn last_that_holds(most: u64, mut holds: impl FnMut(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, most);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}
