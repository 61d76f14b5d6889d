//! What the benches share: goals that are judged in CPU time, the experiments that are played, and where
//! the verdicts go.
//!
//! A bench never fails because a goal is missed: a runner brings artifacts home only when the exit code
//! is 0. It writes its verdicts as JSON beside criterion's own results; whoever wants to be stopped by
//! them reads the files.

pub mod clock;
pub mod day;
pub mod goal;
pub mod grid;
pub mod home;
pub mod library;
