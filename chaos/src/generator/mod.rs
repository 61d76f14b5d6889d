//! Generators: from a base experiment and a number to a rehearsal.
//!
//! A [`Terrain`] is what a base experiment offers: which faults of the catalogue can happen in it, with
//! which parameters, and which instants they can be tied to. Each generator is a pure function of the
//! terrain, a root seed and a number, so that rehearsal 17 is the same whoever asks for it, and when.

mod aimed;
mod alone;
mod boundary;
mod driver;
mod frontier;
mod kind;
mod lineage;
mod moment;
mod pairs;
mod plain;
mod realistic;
mod scale;
mod swarm;
mod terrain;
mod ways;

#[cfg(test)]
mod tests;

pub use aimed::Aimed;
pub use alone::Alone;
pub use boundary::Boundary;
pub use frontier::{Axis, Knob, axes, last_that_holds};
pub use kind::Kind;
pub use lineage::Lineage;
pub use moment::Moments;
pub use pairs::Pairs;
pub use plain::Plain;
pub use realistic::Realistic;
pub use swarm::Swarm;
pub use terrain::{Phases, Terrain};
