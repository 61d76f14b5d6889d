//! Many runs: what is to be played, how it is shared out, and what it adds up to.
//!
//! Threads live here and nowhere else. A replication derives from the root seed and its own number,
//! never from the thread that plays it, and everything that is added up is an integer, so that a
//! study is the same to the last byte on one core and on many.

pub mod backtest;
pub mod blame;
pub mod campaign;
mod case;
pub mod case_folder;
mod causes;
pub mod curve;
mod exposure;
mod facts;
#[cfg(feature = "serve")]
mod growing;
mod histogram;
pub mod interval;
mod judge;
pub mod mutate;
pub mod objective;
mod onset;
pub mod paired;
mod probe;
mod profile;
mod quantity;
pub mod rare;
mod rate;
mod replicate;
mod report;
mod said_cause;
pub mod shards;
pub mod splitting;
mod summary;
mod table;
mod tally;
mod timeline;
mod told;
pub mod tune;
mod users;

pub use case::Case;
pub use exposure::{ExposureCurve, ExposureCurves};
pub use facts::Facts;
#[cfg(feature = "serve")]
pub use growing::GrowingStudy;
pub use histogram::Histogram;
pub use judge::{Judgement, judge, status};
pub use probe::{Probe, Probed, probe};
pub use profile::profile_word;
pub use quantity::harm;
pub use rate::Rate;
pub use replicate::{Detail, NoThreads, Study, on_threads};
pub use report::run_report;
pub use summary::{Subject, hex, single, suite};
pub use table::cause_rows;
pub use tally::{Count, Failures, Promise, Tally};
pub use timeline::{timeline, told};
