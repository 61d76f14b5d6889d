//! What goes wrong, and who notices.
//!
//! [`checker`] judges finished rollouts by their history.

pub mod checker;
