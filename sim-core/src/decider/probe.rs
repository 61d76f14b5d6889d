//! Probes: how the question of a metric is answered in the simulated world.

use crate::engine::SimDuration;

/// How the question of a metric is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// The gate of the policy that stands for the metric, by its place.
    pub gate: usize,
    /// What answers.
    pub answer: ProbeAnswer,
}

/// What answers the question of a metric.
#[derive(Clone, Debug, PartialEq)]
pub enum ProbeAnswer {
    /// What the gate reads, as the metric's own number.
    Signal {
        /// The unit of the metric.
        unit: MetricUnit,
        /// The form of the answer.
        shape: AnswerShape,
    },
    /// Something that the world does not simulate, such as a job: it passes with this probability.
    Chance {
        /// The probability, 0 to 1.
        passes: f64,
        /// How long it takes.
        takes: SimDuration,
    },
}

/// The unit in which a metric tells what a signal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricUnit {
    /// As the signal has it: a fraction of bad requests, milliseconds, a level.
    Plain,
    /// The fraction of good requests.
    Good,
    /// Bad requests, %.
    BadPercent,
    /// Good requests, %.
    GoodPercent,
    /// Seconds of a signal in milliseconds.
    Seconds,
    /// Events of a window of so many seconds, each second; not 0.
    EachOf(u32),
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerShape {
    /// A list with one number for each series.
    Vector,
    /// A number.
    Number,
}

impl MetricUnit {
    /// The number that a metric tells where its signal shows `value` over so many `samples`.
    ///
    /// Fractions are made of whole requests: 57 good ones of 60 are 0.95 and nothing beside it.
    pub fn of(self, value: f64, samples: u64) -> f64 {
        let (all, bad) = (samples as f64, (value * samples as f64).round());
        match self {
            Self::Plain => value,
            Self::Good => (all - bad) / all,
            Self::BadPercent => bad / all * 100.0,
            Self::GoodPercent => (all - bad) / all * 100.0,
            Self::Seconds => value / 1000.0,
            Self::EachOf(seconds) => value / f64::from(seconds),
        }
    }

    /// What the signal shows where the metric tells `number`.
    pub fn back(self, number: f64) -> f64 {
        match self {
            Self::Plain => number,
            Self::Good => 1.0 - number,
            Self::BadPercent => number / 100.0,
            Self::GoodPercent => 1.0 - number / 100.0,
            Self::Seconds => number * 1000.0,
            Self::EachOf(seconds) => number * f64::from(seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_requests_make_exact_fractions() {
        assert_eq!(
            MetricUnit::Good.of(3.0 / 60.0, 60).to_bits(),
            (57.0_f64 / 60.0).to_bits()
        );
        assert_eq!(
            MetricUnit::GoodPercent.of(1.0 / 100.0, 100).to_bits(),
            99.0_f64.to_bits()
        );
        assert_eq!(
            MetricUnit::Seconds.of(250.0, 9).to_bits(),
            0.25_f64.to_bits()
        );
        assert!(MetricUnit::Good.of(f64::NAN, 0).is_nan());
    }
}
