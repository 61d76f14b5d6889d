//! From arguments to documents: which policy, in which scenario.

mod assume;
mod base;
mod choose_policy;
mod exec;
mod foreign;
mod merge;
mod own_form;
mod policy;
mod policy_args;
mod scenario;
mod source;
mod suite;

pub use assume::AssumeArgs;
pub use base::choose_base;
pub use choose_policy::{choose_assuming, choose_named, choose_policy};
pub use exec::{Exec, ExecArgs};
pub use foreign::{ForeignPolicy, rolls_out, with_those_beside};
pub use merge::merged;
pub use policy::{ChosenPolicy, PolicySource};
pub use policy_args::{PolicyArgs, ProfileArg};
pub use scenario::{ChosenScenario, choose_scenario, choose_suite, names};
pub use source::{quoted, read_file, suggestion};
#[cfg(feature = "serve")]
pub use suite::with_policy;
pub use suite::{Suite, checked, choose_checked};
