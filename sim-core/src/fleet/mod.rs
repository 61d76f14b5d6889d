//! The fleet: hosts, how they are updated and how alike they are.

pub mod availability;
pub mod capacity;
mod departures;
pub mod fan_out;
mod spec;
mod version_allocation;

pub(crate) use departures::departures;
pub use fan_out::{Delays, Try, Wave, WaveDraws};
pub use spec::{Fleet, Region, Straggler, Update, UpdateOrder};
pub(crate) use version_allocation::{Start, Toward, VersionAllocation};
