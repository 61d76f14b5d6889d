//! Recorded metrics: what a team's own monitoring wrote down.
//!
//! [`read()`] takes a CSV with a header (`timestamp,value[,n][,host][,version]`, `time,errors,requests`, or what
//! Grafana exports), the answer of Prometheus to `query_range`, `promtool tsdb dump`, OpenMetrics text with times,
//! or a k6 summary, and returns what was [`Recorded`], or a [`Report`](crate::Report) of all that
//! stands in the way: each kind of defect once, at its first place, counted, with what to do next. Defects
//! that do no harm (a few gaps, a few rows written twice) are warnings that travel with the [`RecordedSeries`].
//!
//! The steps lie in one file each: [`csv`](self) and Prometheus readers make rows, a sieve judges
//! gaps, duplicates and order, and what passes becomes a history.

mod cleaning;
mod codes;
mod csv;
mod defects;
mod doubt;
mod exposition;
mod gaps;
mod given;
mod header;
mod join;
mod labelled;
mod number;
mod prometheus;
mod reader;
mod reading;
mod rows;
mod series;
mod steps;
#[cfg(test)]
mod tests;
mod timestamp;
mod unit;

pub(crate) use codes::CODES;
pub use doubt::Doubt;
pub use join::with_requests;

pub use reader::{BYTES_MAX, Recorded, read};
pub use reading::{Columns, Purpose, Reading, Sampling};
pub use series::{Point, RecordedSeries, RecordingGap};
pub use timestamp::{ParseTimestampError, Stretch, Timestamp};
pub use unit::Unit;
