//! What is counted: one sample, and sums over many.

/// One sample of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Bad requests or runs, events, or the level times the samples of single hosts.
    pub numerator: f64,
    /// Requests or runs, host hours, or samples of single hosts.
    pub denominator: f64,
}

impl Sample {
    /// Returns the ratio, the rate for each host and hour, or the level; not a number where nothing
    /// was counted.
    pub fn value(self) -> f64 {
        self.numerator / self.denominator
    }
}

/// Cumulative sums at the end of an interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    /// Bad requests, events, or levels times hosts.
    pub numerator: f64,
    /// Requests, host hours, or hosts.
    pub denominator: f64,
}

impl Sums {
    pub fn add(&mut self, more: Self) {
        self.numerator += more.numerator;
        self.denominator += more.denominator;
    }

    /// Returns what is more than `other`.
    pub fn less(self, other: Self) -> Self {
        Self {
            numerator: self.numerator - other.numerator,
            denominator: self.denominator - other.denominator,
        }
    }

    /// The same level, of so many samples.
    pub fn of_samples(self, samples: f64) -> Self {
        let level = self.numerator / self.denominator.max(f64::MIN_POSITIVE);
        Self {
            numerator: level * samples,
            denominator: samples,
        }
    }
}

impl From<Sample> for Sums {
    fn from(sample: Sample) -> Self {
        Self {
            numerator: sample.numerator,
            denominator: sample.denominator,
        }
    }
}
