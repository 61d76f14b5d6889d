//! The fleet: hosts, how they are updated and how alike they are.

pub mod availability;
pub mod capacity;
pub mod fan_out;
mod spec;
mod spread;

pub use fan_out::{Wave, WaveDraws};
pub use spec::{Fleet, Region, Straggler, Update, UpdateOrder};
pub(crate) use spread::{Spread, Start, Toward};
