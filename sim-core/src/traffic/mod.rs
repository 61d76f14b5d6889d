//! Traffic: how much load there is at each instant and which version serves it.

mod load;
mod spec;
pub mod sticky;

pub use load::load_at;
pub use spec::{Arrivals, Load, Split, Traffic, Work};
