//! Lowering: from the objects of another product to a policy of our form, and to what the product's engine must know.
//!
//! The policy names stages, signals and gates, so that reports, checkers and histories speak of it as of any other;
//! the [decider](Lowered::decider) beside it says that the product's own engine decides, by its own rules of counting. What the files do not
//! say, the world above all, is [`Assumed`], and told.

mod alerts;
mod argo;
mod argo_runs;
mod argo_stages;
mod assumed;
mod flagger;
mod flagger_parts;
mod gates;
mod judge;
mod lowered;
mod meaning;
mod native;
#[cfg(test)]
mod openslo_tests;
mod population;
mod refusal;
mod subject;
#[cfg(test)]
mod tests;
mod world;

pub use assumed::{Assumed, WorseBy};
pub use lowered::Lowered;
pub use meaning::{Meaning, Reads};
pub use native::{NativeForm, documents, native};
pub use refusal::not_yet;
pub use subject::{lower, meanings};
pub use world::{ASSUMED, AssumedSetting, ERRORS, LATENCY, in_world};
