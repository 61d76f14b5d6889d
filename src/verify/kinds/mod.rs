//! The kinds of closed-form cases, one file a group.
//!
//! Each kind plays its model through the parts that a policy uses: gates judge readings, trackers
//! count, waves roll back, stations queue. Only the random inputs of the model are drawn here.

mod table;
mod threshold;
mod watch;

pub use table::player;
