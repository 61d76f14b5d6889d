//! Virtual time: integer nanoseconds, so that no order of additions can change an instant.

mod duration;
mod format;
mod instant;
mod parse;
mod wire;

pub use duration::SimDuration;
pub use instant::SimTime;
pub use parse::{ParseDurationError, ParseTimeError};
