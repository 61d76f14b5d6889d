//! In which unit values are recorded.

/// In which unit the values of a ratio are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Parts of 1.
    Ratio,
    /// Parts of 100.
    Percent,
    /// Bad requests of each interval.
    Errors,
}
