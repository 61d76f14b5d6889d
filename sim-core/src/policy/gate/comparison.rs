//! Comparisons: the value, the operator and the limit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Judgement, Population};

/// What a breach is: the value stands in this relation to the limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Comparison {
    /// The relation that is a breach.
    pub is: Relation,
    /// The limit.
    pub limit: Limit,
}

/// The relation of a breaching value to its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Strictly more; equality is healthy.
    Above,
    /// More or equal; equality is a breach.
    AtLeast,
    /// Strictly less; equality is healthy.
    Below,
    /// Less or equal; equality is a breach.
    AtMost,
}

/// A limit: a number, or a number in relation to another population.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Limit {
    /// The number itself, in the unit of the signal (a fraction for ratios, milliseconds for
    /// latencies).
    Absolute(
        #[serde(deserialize_with = "crate::engine::quantity")]
        #[schemars(with = "crate::engine::Quantity")]
        f64,
    ),
    /// A multiple of what the other population shows.
    Times {
        /// The factor.
        factor: f64,
        /// The population that is compared with.
        of: Population,
    },
    /// What the other population shows, and a margin.
    Plus {
        /// The margin, in the unit of the signal.
        #[serde(deserialize_with = "crate::engine::quantity")]
        #[schemars(with = "crate::engine::Quantity")]
        margin: f64,
        /// The population that is compared with.
        of: Population,
    },
}

impl Limit {
    /// Returns the population that the limit refers to.
    pub const fn refers_to(&self) -> Option<Population> {
        match self {
            Self::Absolute(_) => None,
            Self::Times { of, .. } | Self::Plus { of, .. } => Some(*of),
        }
    }

    /// Returns the number of an absolute limit; none for one that refers to another population.
    pub const fn absolute(&self) -> Option<f64> {
        match self {
            Self::Absolute(limit) => Some(*limit),
            Self::Times { .. } | Self::Plus { .. } => None,
        }
    }

    /// Returns the limit as a number, given what the other population shows.
    /// # Example
    /// ```
    /// use sim_core::policy::gate::{Limit, Population};
    ///
    /// let worse = Limit::Plus { margin: 0.5, of: Population::CanaryBaseline };
    /// assert_eq!(worse.resolve(1.25), 1.75);
    /// assert_eq!(worse.absolute(), None);
    /// ```
    pub fn resolve(&self, reference: f64) -> f64 {
        match *self {
            Self::Absolute(limit) => limit,
            Self::Times { factor, .. } => factor * reference,
            Self::Plus { margin, .. } => reference + margin,
        }
    }
}

impl Comparison {
    /// Compares `value` with the limit, which may refer to `reference`.
    ///
    /// A limit that is not a number cannot be compared with; `on_nan` says what is concluded then.
    /// A value that differs from a relative limit by rounding alone equals it.
    pub fn judge(&self, value: f64, reference: f64, on_nan: Judgement) -> Judgement {
        let mut limit = self.limit.resolve(reference);
        if limit.is_nan() {
            return on_nan;
        }
        if self.limit.refers_to().is_some() && is_rounding(value - limit, value) {
            limit = value;
        }
        let breached = match self.is {
            Relation::Above => value > limit,
            Relation::AtLeast => value >= limit,
            Relation::Below => value < limit,
            Relation::AtMost => value <= limit,
        };
        if breached {
            Judgement::Breach
        } else {
            Judgement::Pass
        }
    }

    /// Returns how near a healthy `value` is to an absolute limit: the quotient of the two, from 0 to
    /// less than 1; 0 where a quotient says nothing, as of a limit of 0 or one that moves.
    pub fn nearness(&self, value: f64) -> f64 {
        let Some(limit) = self.limit.absolute() else {
            return 0.0;
        };
        let quotient = match self.is {
            Relation::Above | Relation::AtLeast => value / limit,
            Relation::Below | Relation::AtMost => limit / value,
        };
        if limit > 0.0 && value > 0.0 {
            quotient.clamp(0.0, 0.999)
        } else {
            0.0
        }
    }
}

/// Says whether a difference can come from rounding two quotients and a product.
///
/// Four units in the last place are more than these make, and far less than any two ratios of whole
/// numbers below 10^7 can be apart.
fn is_rounding(difference: f64, value: f64) -> bool {
    value.is_finite() && difference.abs() <= 4.0 * f64::EPSILON * value.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(is: Relation, value: f64, expect: Judgement) {
        let comparison = Comparison {
            is,
            limit: Limit::Absolute(0.03),
        };
        assert_eq!(comparison.judge(value, 0.0, Judgement::Hold), expect);
    }

    #[test]
    fn equality_belongs_to_the_side_that_the_word_says() {
        // 6 of 200 is the double nearest to 0.03, as the literal is: no off-by-one from rounding.
        check(Relation::Above, 6.0 / 200.0, Judgement::Pass);
        check(Relation::AtLeast, 6.0 / 200.0, Judgement::Breach);
        check(Relation::Below, 6.0 / 200.0, Judgement::Pass);
        check(Relation::AtMost, 6.0 / 200.0, Judgement::Breach);
        check(Relation::Above, 7.0 / 200.0, Judgement::Breach);
        check(Relation::Above, f64::INFINITY, Judgement::Breach);
    }

    #[test]
    fn a_limit_that_is_not_a_number_is_the_gates_own_decision() {
        let comparison = Comparison {
            is: Relation::Above,
            limit: Limit::Absolute(f64::NAN),
        };
        assert_eq!(comparison.judge(1.0, 0.0, Judgement::Hold), Judgement::Hold);
        assert_eq!(comparison.judge(1.0, 0.0, Judgement::Pass), Judgement::Pass);
    }

    #[test]
    fn a_relative_limit_moves_with_its_reference() {
        let twice = Limit::Times {
            factor: 2.0,
            of: Population::Control,
        };
        let comparison = Comparison {
            is: Relation::Above,
            limit: twice,
        };
        assert_eq!(
            comparison.judge(0.021, 0.01, Judgement::Hold),
            Judgement::Breach
        );
        assert_eq!(
            comparison.judge(0.021, 0.02, Judgement::Hold),
            Judgement::Pass
        );
    }

    #[test]
    fn a_multiple_of_the_reference_is_equal_to_itself() {
        let check = |is: Relation, failed: f64, expect: Judgement| {
            let limit = Limit::Times {
                factor: 3.0,
                of: Population::Control,
            };
            // 27 of 1000 is exactly three times 81 of 9000, which as doubles it is not.
            let (value, reference) = (failed / 1000.0, 81.0 / 9000.0);
            let judged = Comparison { is, limit }.judge(value, reference, Judgement::Hold);
            assert_eq!(judged, expect, "{is:?} {failed}");
        };
        assert_ne!(27.0 / 1000.0, 3.0 * (81.0 / 9000.0), "the case is a case");
        check(Relation::Above, 27.0, Judgement::Pass);
        check(Relation::AtLeast, 27.0, Judgement::Breach);
        check(Relation::Below, 27.0, Judgement::Pass);
        check(Relation::AtMost, 27.0, Judgement::Breach);
        check(Relation::Above, 28.0, Judgement::Breach);
        check(Relation::Below, 26.0, Judgement::Breach);
        check(Relation::Above, f64::INFINITY, Judgement::Breach);
    }
}
