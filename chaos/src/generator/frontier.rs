//! Frontiers: how large one fault may get before a promise breaks.
//!
//! A promise that holds at one size and breaks at another has its frontier between them; halving the
//! distance finds it to a second, or to a hundredth.

use serde_json::{Value, json};
use sim_core::Seed;
use sim_core::effect::Course;
use sim_core::engine::{Share, SimDuration};

use super::FaultSpace;
use super::single_fault::healed;
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
const AXES: [Axis; 11] = [
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

/// Returns the usual axes, and one for each fault with a declared size, far enough to go beyond it.
pub fn axes(sizes: impl IntoIterator<Item = (&'static str, f64)>) -> Vec<Axis> {
    let mut axes = AXES.to_vec();
    for (fault, size) in sizes {
        let place = axes.iter().position(|axis| axis.fault == fault);
        let place = place.unwrap_or_else(|| {
            axes.push(axis(fault, Knob::of(fault), HOUR));
            axes.len() - 1
        });
        if axes[place].knob.is_time() {
            axes[place].most = axes[place].most.max(2.0 * size);
        }
    }
    axes
}

const fn axis(fault: &'static str, knob: Knob, most: f64) -> Axis {
    Axis { fault, knob, most }
}

impl Knob {
    /// Returns what of the fault of this name is larger or smaller: for most, how long it lasts.
    pub fn of(fault: &str) -> Self {
        let known = AXES.iter().find(|axis| axis.fault == fault);
        known.map_or(Self::Lasts, |axis| axis.knob)
    }

    /// Whether sizes are lengths of time; otherwise they are fractions.
    pub const fn is_time(self) -> bool {
        matches!(self, Self::Lasts | Self::Time(_) | Self::Constant(_))
    }

    /// Returns the parameter that is the size, where it is one.
    const fn parameter(self) -> Option<&'static str> {
        match self {
            Self::Lasts => None,
            Self::Time(name) | Self::Constant(name) | Self::Share(name) | Self::Number(name) => {
                Some(name)
            }
        }
    }

    /// Returns the size of a fault, in seconds or as a fraction; infinity where it has none.
    pub fn size(self, injection: &Injection) -> f64 {
        let Some(name) = self.parameter() else {
            let lasts = injection.course().lasts;
            return lasts.map_or(f64::INFINITY, SimDuration::as_secs_f64);
        };
        let whole = serde_json::to_value(&injection.fault).expect("a fault is plain data");
        let value = &whole[injection.fault.name()][name];
        let longest = value.get("constant").or(value.pointer("/uniform/high"));
        amount(longest.unwrap_or(value)).unwrap_or(f64::INFINITY)
    }

    /// Returns the same fault at another size; none where it cannot have it.
    pub fn resized(self, injection: &Injection, size: f64) -> Option<Injection> {
        let mut other = injection.clone();
        // The cast saturates at the longest time that there is.
        let time = SimDuration::from_nanos((size * 1e9).round() as u64);
        let value = match self {
            Self::Lasts => {
                let at = injection.course();
                let lasts = Some(time);
                other.at = Some(Course { lasts, ..at });
                return Some(other);
            }
            Self::Time(_) => json!(time),
            Self::Constant(_) => json!({ "constant": time }),
            Self::Share(_) => json!(format!("{size:.6}")),
            Self::Number(_) => json!(size),
        };
        let mut whole = serde_json::to_value(&injection.fault).expect("a fault is plain data");
        whole[injection.fault.name()][self.parameter()?] = value;
        other.fault = serde_json::from_value(whole).ok()?;
        Some(other)
    }

    /// Returns how finely sizes are told apart: a second, or a hundredth.
    pub const fn step(self) -> f64 {
        if self.is_time() { 1.0 } else { 0.01 }
    }

    /// Returns the word for what is larger or smaller.
    pub const fn word(self) -> &'static str {
        match self.parameter() {
            Some(name) => name,
            None => "lasts",
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
    pub fn rehearsal(&self, space: &FaultSpace, steps: u64, seed: Seed) -> Option<Rehearsal> {
        let kind = space.kind(self.fault)?;
        let releases = space.releases.len().max(1) as u64;
        let release = space.releases.get((seed.replication % releases) as usize);
        let mut injections: Vec<Injection> = release.into_iter().cloned().collect();
        if steps > 0 {
            let usual = Injection::of(kind.entry);
            injections.push(self.knob.resized(&usual, self.size(steps))?);
        }
        healed(space, &mut injections);
        Some(Rehearsal {
            experiment: space.experiment.clone(),
            injections,
            seed,
        })
    }
}

/// The seconds or the fraction that a value of a parameter is.
fn amount(value: &Value) -> Option<f64> {
    let text = value.as_str();
    let time = text.and_then(|text| text.parse::<SimDuration>().ok());
    let share = text.and_then(|text| text.parse::<Share>().ok());
    let time = time.map(SimDuration::as_secs_f64);
    value.as_f64().or(time).or(share.map(Share::as_f64))
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
