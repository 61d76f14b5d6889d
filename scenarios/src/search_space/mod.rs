//! Variations: which numbers of a policy are tried, and with which values.
//!
//! A variation is written `PATH=RANGE`. The path leads to numbers in the policy's own text, where a
//! candidate differs from it and nowhere else: comments, order and layout stay as they are. A
//! candidate is a policy like any other and passes the same checks; the change to the one that is
//! chosen is a [`patch`] of the user's file.

mod foreign;
mod found;
mod listing;
mod number;
mod patch;
mod path;
mod range;
mod refusal;
mod rounding;
mod space;
#[cfg(test)]
mod tests;
mod variation;
mod varied_text;

pub use listing::{Tunable, values_around};
pub use patch::patch;
pub use space::{CANDIDATES_MAX, Candidate, Refused, Space};
pub use variation::{Place, Variation};
