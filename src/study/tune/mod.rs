//! Tuning: which of many candidates keeps the user's constraints and does best.
//!
//! The candidates are played on the same random numbers, those that differ in their gates' numbers in
//! one world. A [`Race`] drops what breaks a constraint, or is worse than one that keeps them all,
//! as soon as that is beyond doubt; the rule holds at every look, so that looking often is no peeking. What
//! is chosen is then confirmed on rollouts that the search did not see.

mod blamed;
mod bounds;
mod choice;
mod confirm;
mod constraint;
mod ensemble;
mod equal;
mod evaluator;
mod front;
mod metric;
mod part;
mod perturb;
mod question;
mod race_standings;
mod sample;
mod samples;
mod seldom;
mod sensitivity;
mod successive_rejects;
mod tuning;
mod watch;

#[cfg(test)]
mod agreement_tests;
#[cfg(test)]
mod tests;

pub use blamed::BlamedCandidate;
pub use choice::{Nearest, nearest, ranking};
pub use confirm::{Asked, Confirmation, Shown, confirm};
pub use constraint::{Constraint, unknown_metric};
pub use equal::distinct;
pub use evaluator::{Evaluator, Played, Work};
pub use front::front;
pub use metric::{Metric, Scope, Unit};
pub use part::Part;
pub use perturb::{effects as with_effects, load as under_load};
pub use question::Question;
pub use sample::Sample;
pub use samples::{Estimate, Record};
pub use sensitivity::{MODELS, Model, Sensitivity, sensitivity};
pub use successive_rejects::{
    ERROR, Ended, InterimAnalysis, MARGIN, Race, RaceHooks, Standing, runs_at,
};
pub use tuning::{Tuning, tune};
pub use watch::Watch;
