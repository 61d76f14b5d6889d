//! Recorded decisions of real systems: one row a line, each with the input and what came out.
//!
//! A row is played through the code that `decide` uses. Where the reference dies, the row expects
//! that it dies.

mod built_in;
mod compare;
mod conformal;
mod e_process;
mod guard;
mod guard_args;
mod optimize;
mod outcome;
mod row;
#[cfg(test)]
mod tests;
mod wedge;

pub use built_in::built_in;
pub use row::verify;
