//! What a gate gets to see, and what it says about it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One reading of a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The value; meaningless where a flaw is noted.
    pub value: f64,
    /// How many samples the value rests on.
    pub samples: u64,
    /// What is wrong with the data, if the one who read them knows.
    pub noted: Option<Flaw>,
}

/// What can be wrong with data.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    /// There are no data.
    Missing,
    /// The newest data are too old.
    Stale,
    /// The value is not a number.
    Nan,
    /// The denominator is zero.
    ZeroDenominator,
    /// There are fewer samples than the gate asks for.
    TooFew,
}

impl Flaw {
    /// The key of the flaw under a gate's `on`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Nan => "nan",
            Self::ZeroDenominator => "zero-denominator",
            Self::TooFew => "too-few",
        }
    }
}

/// What a gate concludes from each flaw. Every field is required: silence is a decision too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BadData {
    /// There are no data.
    pub missing: Judgement,
    /// The newest data are too old.
    pub stale: Judgement,
    /// The value is not a number.
    pub nan: Judgement,
    /// The denominator is zero.
    pub zero_denominator: Judgement,
    /// There are too few samples.
    pub too_few: Judgement,
}

/// What a gate says about one reading, and by which limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// What it says.
    pub judgement: Judgement,
    /// The limit as a number, in the unit of the reading; none where what it refers to cannot be read.
    pub limit: Option<f64>,
}

/// What a gate says about one reading. The order is the order of severity.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// The value is within the limit.
    Pass,
    /// Nothing can be said: neither good enough to advance nor bad enough to count as a breach.
    Hold,
    /// The measurement itself failed.
    Error,
    /// The value is beyond the limit.
    Breach,
}

impl Reading {
    /// A reading of `value` that rests on `samples` samples.
    pub const fn of(value: f64, samples: u64) -> Self {
        Self {
            value,
            samples,
            noted: None,
        }
    }

    /// A reading that could not be made.
    pub const fn flawed(flaw: Flaw) -> Self {
        Self {
            value: f64::NAN,
            samples: 0,
            noted: Some(flaw),
        }
    }

    /// A reading of `numerator` events among `denominator` of them.
    /// # Example
    /// ```
    /// use sim_core::policy::gate::{Flaw, Reading};
    ///
    /// assert_eq!(Reading::ratio(3.0, 60.0), Reading::of(0.05, 60));
    /// assert_eq!(Reading::ratio(0.0, 0.0).flaw(0), Some(Flaw::ZeroDenominator));
    /// assert_eq!(Reading::ratio(3.0, 60.0).flaw(100), Some(Flaw::TooFew));
    /// ```
    pub fn ratio(numerator: f64, denominator: f64) -> Self {
        if denominator == 0.0 {
            return Self::flawed(Flaw::ZeroDenominator);
        }
        Self::of(numerator / denominator, denominator as u64)
    }

    /// Returns what is wrong with the reading for a gate that asks for `min_samples` samples.
    pub fn flaw(&self, min_samples: u64) -> Option<Flaw> {
        if self.noted.is_some() {
            return self.noted;
        }
        if self.value.is_nan() {
            return Some(Flaw::Nan);
        }
        (self.samples < min_samples).then_some(Flaw::TooFew)
    }
}

impl BadData {
    /// Fails closed: no flaw is ever a pass; a gate that cannot see holds.
    pub const CLOSED: Self = Self {
        missing: Judgement::Hold,
        stale: Judgement::Hold,
        nan: Judgement::Hold,
        zero_denominator: Judgement::Hold,
        too_few: Judgement::Hold,
    };

    /// Returns what is concluded from `flaw`.
    pub const fn conclude(&self, flaw: Flaw) -> Judgement {
        match flaw {
            Flaw::Missing => self.missing,
            Flaw::Stale => self.stale,
            Flaw::Nan => self.nan,
            Flaw::ZeroDenominator => self.zero_denominator,
            Flaw::TooFew => self.too_few,
        }
    }

    /// Returns the flaws that this gate lets pass, worst habit of real gates.
    pub fn fails_open(&self) -> impl Iterator<Item = Flaw> {
        let all = [
            Flaw::Missing,
            Flaw::Stale,
            Flaw::Nan,
            Flaw::ZeroDenominator,
            Flaw::TooFew,
        ];
        let this = *self;
        all.into_iter()
            .filter(move |flaw| this.conclude(*flaw) == Judgement::Pass)
    }
}
