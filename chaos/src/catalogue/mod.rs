//! The catalogue: what can go wrong, by name.
//!
//! A fault sits on one layer of the world, has parameters with units and bounds, a source, and promises
//! that it threatens. [`Injection::lower`] turns it into effects of the machine in a given experiment;
//! the machine writes into the history when such an effect has really changed something, so that a fault
//! that did nothing is never taken for one that was withstood.

mod actuation;
mod controller;
mod defect;
mod entry;
mod environment;
mod human;
mod injection;
mod lowering;
mod macros;
mod size;
mod table;
mod telemetry;
mod version;

#[cfg(test)]
pub(crate) mod tests;

pub use entry::{EntryOf, Layer, Parameter};
pub use injection::{Injection, inject};
pub use lowering::{Lowered, Misfit};
pub use size::Size;
pub use table::{ENTRIES, Entry, Fault};
