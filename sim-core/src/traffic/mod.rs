//! Traffic: how much load there is at each instant and which version serves it.

mod load;
mod spec;
pub mod sticky;

pub use load::{load_at, mean_load, next_jump};
pub use spec::{Arrivals, Load, Split, Traffic, Work};
