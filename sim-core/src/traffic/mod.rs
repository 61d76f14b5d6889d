//! Traffic: how much load there is at each instant and which version serves it.

mod spec;
pub mod sticky;

pub use spec::{Arrivals, Load, Split, Traffic};
