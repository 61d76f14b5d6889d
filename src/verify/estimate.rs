//! Estimates: what a simulation says about a quantity, and how surely.

/// A value and its doubt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrialEstimate {
    /// The value.
    pub value: f64,
    /// How many trials it rests on.
    pub trials: u64,
    /// How far it may be off.
    pub doubt: Doubt,
}

/// How far a value may be off by chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Doubt {
    /// Not at all: nothing was drawn.
    None,
    /// The share of independent trials: its error follows from the exact probability.
    Share,
    /// The share of trials that depend on each other within groups.
    Clumped {
        /// The standard error that the groups show.
        error: f64,
    },
    /// The mean of independent trials, or a function of such means. The error is the simulation's
    /// own; a standard deviation that the case states comes first.
    Mean {
        /// The standard error.
        error: f64,
    },
    /// A mean of weighted or split trials, of which the case's standard deviation is not true.
    Weighted {
        /// The standard error.
        error: f64,
    },
    /// A quantile: how many standard errors the share of trials at or below the exact answer lies
    /// from where it should be.
    Rank {
        /// The deviation, positive when the value is too high.
        z: f64,
    },
    /// A whole number that chance can move only between two bounds, four standard errors apart.
    Whole {
        /// The lowest value that the trials allow.
        low: f64,
        /// The highest.
        high: f64,
    },
}

impl TrialEstimate {
    /// A value in which there is no chance.
    pub const fn exact(value: f64) -> Self {
        Self {
            value,
            trials: 0,
            doubt: Doubt::None,
        }
    }
}
