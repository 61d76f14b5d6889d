//! Many runs: what is to be played, how it is shared out, and what it adds up to.
//!
//! Threads live here and nowhere else. A replication derives from the root seed and its own number,
//! never from the thread that plays it, and everything that is added up is an integer, so that a
//! study is the same to the last byte on one core and on many.

mod beta;
mod facts;
mod histogram;
pub mod interval;
pub mod objective;
mod tally;

pub use facts::{Facts, Rate};
pub use histogram::Histogram;
pub use tally::{Count, Failures, Promise, Tally};
