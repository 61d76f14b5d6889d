//! Generators: from a base experiment and a number to a rehearsal.
//!
//! A [`FaultSpace`] is what a base experiment offers: which faults of the catalogue can happen in it, with
//! which parameters, and which instants they can be tied to. Each generator is a pure function of the
//! space, a root seed and a number, so that rehearsal 17 is the same whoever asks for it, and when.

mod baseline;
mod boundary;
mod directed;
mod driver;
mod fault_space;
mod frontier;
mod kind;
mod lineage;
mod moment;
mod pairs;
mod realistic;
mod scale;
mod single_fault;
mod swarm;
mod witness_paths;

#[cfg(test)]
mod tests;

pub use baseline::Baseline;
pub use boundary::Boundary;
pub use directed::Directed;
pub use fault_space::{FaultSpace, Phases};
pub use frontier::{Axis, Knob, axes, last_that_holds};
pub use kind::Kind;
pub use lineage::Lineage;
pub use moment::Moments;
pub use pairs::Pairs;
pub use realistic::Realistic;
pub use single_fault::SingleFault;
pub use swarm::Swarm;
