//! Two policies on the same random numbers: what differs, by how much, and whether it is chance.
//!
//! Replication `r` of one policy and replication `r` of the other meet the same world, so that what
//! is compared is the difference within a pair. Sums are whole numbers and merge in any order.

mod interval;
mod measure;
mod play;
mod stored;
mod summary;
mod sums;
mod verdict;

pub use interval::{Spread, newcombe, student};
pub use measure::Measure;
pub use play::{Comparison, Pair, Score};
pub use stored::{compare_results, mismatch};
pub use summary::{Contest, compare_report};
pub use sums::{Extreme, PairSums};
pub use verdict::{holm, sign_test};
