//! From arguments to documents: which policy, in which scenario.

mod policy;
mod scenario;
mod source;

pub use policy::{ChosenPolicy, PolicyArgs, ProfileArg, choose_named, choose_policy};
pub use scenario::{ChosenScenario, choose_scenario, choose_suite};
pub use source::{quoted, read_file, suggestion};
