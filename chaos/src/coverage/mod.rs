//! Coverage: how much of what can happen to a policy has happened in the rehearsals so far.
//!
//! A [`Coverage`] takes in rehearsals one by one, merges in any order, and knows nothing of how they were
//! thought of. [`Map`] says what can be reached at all in an experiment, by the policy's own graph and by
//! where each fault can show; [`Coverage::against`] holds the two against each other and names what is
//! missing. A number without its list of misses is not given anywhere.

mod boundary;
mod cell;
mod graph;
mod map;
mod novelty;
mod pair;
mod seen;
mod situation;
mod sometimes;

#[cfg(test)]
mod tests;

pub use cell::can_show;
pub use map::{AnchoredPair, Cell, Map, Reach, Summary};
pub use novelty::Novelty;
pub use pair::Anchorage;
pub(crate) use pair::moments;
pub use seen::Coverage;
pub use situation::{Situation, Step, steps};
