//! What goes wrong, and who notices.
//!
//! [`catalogue`] names what can go wrong and lowers it to effects of the machine; [`checker`] judges finished rollouts by their history.

pub mod catalogue;
pub mod checker;
