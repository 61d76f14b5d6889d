//! The canary guard of the rollout control plane: latency, budget violations, staleness and
//! unavailable sources against their limits, and the next rung of the fallback ladder.

mod decision;
mod doubt;
mod ladder;
mod options;
mod signals;
mod state;
#[cfg(test)]
mod tests;

pub use decision::{GuardDecision, decide, reference_exit_code};
pub use options::{GuardOptions, Profile, engine_word, flag_word};
