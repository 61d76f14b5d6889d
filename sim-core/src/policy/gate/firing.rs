//! What a window says.

/// What a window says after an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Firing {
    /// Nothing yet.
    Quiet,
    /// Enough measurements passed; the gate is done.
    Done,
    /// Too many measurements said nothing.
    Inconclusive,
    /// The measurement failed too often in a row.
    Errored,
    /// The gate fires.
    Fired,
}
