//! Studies in shards: planned once, played anywhere, merged in any order.
//!
//! A study is a sequence of [`Round`]s. A round is a number of pieces of work that can be played anywhere, because
//! a replication derives from the root seed and its own number; what a round asks for is decided by what the rounds
//! before it came to. A [`RoundPlayer`] stands between a study and its rounds: it plays a round here, or one shard of it,
//! or reads what shards have played elsewhere. So the merged result is made by the very code that makes the
//! undivided one, and an adaptive study (a race, a refinement, aims) needs no second version of its rules.
//!
//! Shard `i` of `K` has the pieces from `units * i / K` to `units * (i + 1) / K` of its round. Indices go on from
//! round to round: shard `i` of round `r` has the index `r * K + i`.

mod file;
mod folder;
mod form;
mod hands;
mod keeping;
mod opened;
mod pace;
mod player;
mod player_mode;
mod round;

#[cfg(test)]
mod tests;

pub use file::{Flaw, Header};
pub use folder::{ShardFolder, numbers};
pub use form::{PlanForm, PlannedStudy, digest};
pub use hands::Hands;
pub use opened::{Halt, Opened, StoredRound};
pub use player::RoundPlayer;
pub use round::{Round, Share, play_in_waves};
