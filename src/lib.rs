//! coalmine: a wind tunnel for staged rollouts.
pub mod cli;
pub mod decide;
pub mod study;
mod temporary;
pub mod verify;

pub use chaos;
pub use reports;
pub use scenarios;
pub use sim_core;
