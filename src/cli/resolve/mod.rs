//! From arguments to documents: which policy, in which scenario.

mod base;
mod merge;
mod policy;
mod scenario;
mod source;
mod suite;

pub use base::choose_base;
pub use merge::merged;
pub use policy::{ChosenPolicy, PolicyArgs, PolicySource, ProfileArg, choose_named, choose_policy};
pub use scenario::{ChosenScenario, choose_scenario, choose_suite, names};
pub use source::{quoted, read_file, suggestion};
pub use suite::{Suite, checked, choose_checked};
