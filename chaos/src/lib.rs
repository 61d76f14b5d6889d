//! What goes wrong, and who notices.
//!
//! [`catalogue`] names what can go wrong and lowers it to effects of the machine; [`checker`] judges finished rollouts by their history;
//! [`formula`] does so for promises of one's own; [`coverage`] says how much has been rehearsed; [`rehearsal`] plays a rollout
//! with faults and brings the two together; [`generator`] thinks rehearsals up; [`shrink`] makes a rehearsal that breaks a
//! promise as small as it gets; [`tolerance`] says what a policy is to withstand; [`ablation`] says
//! what each fault of a rehearsal did.

pub mod ablation;
pub mod catalogue;
pub mod checker;
pub mod coverage;
pub mod formula;
pub mod generator;
pub mod mutant;
pub mod rehearsal;
pub mod shrink;
pub mod tolerance;
