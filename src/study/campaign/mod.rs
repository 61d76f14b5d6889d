//! Campaigns: many rehearsals of one policy, thought up by generators, played on all cores, added up.
//!
//! Rehearsal `n` of a campaign derives from the root seed and `n` alone. Rehearsals are played in waves
//! on any number of threads and added up in their order, and everything that stops a campaign but the
//! clock and the user is decided between waves from what was added up: the same campaign gives the same
//! bytes on one core and on many.

mod facts;
mod finding;
mod frontier;
mod gaps;
mod invariant_rows;
mod lineage;
mod part;
mod play;
mod promise_tally;
mod promised;
mod report;
mod state;
mod stock;
mod tally;
mod violation;

pub use facts::CampaignFacts;
pub use finding::{ShrunkViolation, shrink_all};
pub use frontier::{Frontier, frontiers};
pub use part::{CampaignPart, Generator};
pub use play::{Campaign, CampaignWatch, Campaigned, Stopped};
pub use promise_tally::PromiseTally;
pub use report::{CampaignTold, chaos_report};
pub use state::{Checkpoint, StateError};
pub use tally::{CampaignTally, KindTally};
pub use violation::Violation;
