//! Guarantees: what a test promises about false alarms.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a test promises about firing on a release that is harmless.
///
/// Every promise is about requests that are independent of each other given the rates. None holds
/// where one host is worse than the others for reasons of its own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Guarantee {
    /// The probability of ever firing is at most `alpha`, however often somebody looks.
    AnyTime {
        /// The bound.
        alpha: f64,
    },
    /// The probability of firing at any of the planned looks is at most `alpha`.
    PlannedLooks {
        /// The bound.
        alpha: f64,
        /// How many looks were planned.
        looks: u32,
    },
    /// The probability of firing is at most `alpha` at each look; over many looks it is not bounded.
    EachLook {
        /// The bound.
        alpha: f64,
    },
    /// Nothing is promised.
    None,
}

impl fmt::Display for Guarantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnyTime { alpha } => write!(f, "type I <= {} at any time", Percent(*alpha)),
            Self::PlannedLooks { alpha, looks } => {
                write!(
                    f,
                    "type I <= {} at the {looks} planned interim analyses",
                    Percent(*alpha)
                )
            }
            Self::EachLook { alpha } => {
                write!(
                    f,
                    "type I <= {} at each look, none over all interim analyses",
                    Percent(*alpha)
                )
            }
            Self::None => write!(f, "none"),
        }
    }
}

/// A fraction, shown in percent with at most three digits that count.
struct Percent(f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded: f64 = format!("{:.2e}", 100.0 * self.0)
            .parse()
            .expect("a number in exponential notation parses");
        write!(f, "{rounded} %")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guarantee_says_its_level_and_when_it_holds() {
        let check = |guarantee: Guarantee, expect| assert_eq!(guarantee.to_string(), expect);
        check(
            Guarantee::AnyTime { alpha: 0.01 },
            "type I <= 1 % at any time",
        );
        check(
            Guarantee::AnyTime { alpha: 0.05 / 0.9 },
            "type I <= 5.56 % at any time",
        );
        let looks = Guarantee::PlannedLooks {
            alpha: 0.001,
            looks: 5,
        };
        check(looks, "type I <= 0.1 % at the 5 planned interim analyses");
        check(Guarantee::None, "none");
    }
}
