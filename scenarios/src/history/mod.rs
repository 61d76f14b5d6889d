//! Recorded metrics: what a team's own monitoring wrote down.
//!
//! [`read()`] takes a CSV with a header (`timestamp,value[,n][,host][,version]`), the answer of Prometheus
//! to `query_range`, or a k6 summary, and returns what was [`Recorded`], or a [`Report`](crate::Report) of all that
//! stands in the way: each kind of defect once, at its first place, counted, with what to do next. Defects
//! that do no harm (a few gaps, a few rows written twice) are warnings that travel with the [`History`].
//!
//! The steps lie in one file each: [`csv`](self) and Prometheus readers make rows, a sieve judges
//! gaps, duplicates and order, and what passes becomes a history.

mod codes;
mod csv;
mod defects;
mod header;
mod kept;
mod number;
mod prometheus;
mod reader;
mod rows;
mod sieve;
mod steps;
#[cfg(test)]
mod tests;
mod timestamp;

pub(crate) use codes::CODES;
pub use kept::{Gap, History, Point};
pub use reader::{BYTES_MAX, Columns, Purpose, Reading, Recorded, Sampling, read};
pub use timestamp::{ParseTimestampError, Stretch, Timestamp};
