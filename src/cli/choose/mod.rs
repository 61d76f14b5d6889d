//! From arguments to documents: which policy, in which scenario.

mod base;
mod policy;
mod scenario;
mod source;

pub use base::choose_base;
pub use policy::{ChosenPolicy, PolicyArgs, ProfileArg, choose_named, choose_policy};
pub use scenario::{ChosenScenario, choose_scenario, choose_suite};
pub use source::{quoted, read_file, suggestion};
