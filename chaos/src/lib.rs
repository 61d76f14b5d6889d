//! What goes wrong, and who notices.
//!
//! [`catalogue`] names what can go wrong and lowers it to effects of the machine; [`checker`] judges finished rollouts by their history;
//! [`coverage`] says how much has been rehearsed; [`rehearsal`] plays a rollout with faults and brings the two together.

pub mod catalogue;
pub mod checker;
pub mod coverage;
pub mod rehearsal;
