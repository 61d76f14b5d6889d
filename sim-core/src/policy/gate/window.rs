//! Windows: how single judgements become a firing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::statistical::{
    BayesWindow, BurnRateWindow, ConditionalWindow, CusumWindow, EProcessWindow, EwmaWindow,
    GroupSequentialWindow, MannWhitneyWindow, MsprtWindow, SprtWindow,
};
use super::test::Guarantee;
use crate::engine::SimDuration;

/// How judgements add up until a gate fires.
///
/// Windows are measured in time wherever the field measures them in time; the counting ones say so.
/// What the literature calls by other names: a *fixed* threshold is `instant`, a *failure limit* is
/// `{count: {failures: 3}}`, a *consecutive error limit* is `{count: {errors-in-a-row: 4}}`, the three
/// readings of *sustained* are its modes `every`, `mean` and `{at-least: m}`, and a gate *relative to
/// control* has a limit of `times` or `plus` and any window.
///
/// Three kinds of windows test a hypothesis. `cusum`, `ewma` and `e-process` add up readings as the
/// gate makes them. `burn-rate` and `mann-whitney` look back over the gate's look-back time in a way
/// of their own. `sprt`, `msprt`, `conditional-e-process`, `group-sequential` and `bayes` take every
/// request once: each look adds what came since the last, the look-back time of such a gate is `0s`,
/// and the count begins afresh in each stage and after each action, so that what they promise holds
/// for each stage.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    /// The first breach fires.
    Instant,
    /// This many breaching evaluations in a row fire.
    Consecutive(u32),
    /// A breach that is sustained for a time fires.
    Sustained(Sustain),
    /// Counting as analysis runs count: the gate fires when more than so many measurements failed.
    Count(Counting),
    /// The error ratio breaches over a long and over a short window at once.
    BurnRate(BurnRateWindow),
    /// A cumulative sum of what readings lie beyond the limit.
    Cusum(CusumWindow),
    /// An exponentially weighted moving average of what readings lie beyond the limit.
    Ewma(EwmaWindow),
    /// A bet on breaches.
    EProcess(EProcessWindow),
    /// Wald's sequential probability ratio test of a rate that is known.
    Sprt(SprtWindow),
    /// The mixture sequential probability ratio test against the control.
    Msprt(MsprtWindow),
    /// A bet on which failures are the canary's.
    ConditionalEProcess(ConditionalWindow),
    /// A few planned looks at the difference from the control.
    GroupSequential(GroupSequentialWindow),
    /// The posterior probability that the canary is worse than the control.
    Bayes(BayesWindow),
    /// The rank test against the control, as Kayenta judges by it.
    MannWhitney(MannWhitneyWindow),
}

/// A sustained breach, in the readings that people give to the word.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sustain {
    /// The length of the window.
    pub over: SimDuration,
    /// What must hold in the window.
    pub mode: SustainMode,
}

/// What must hold over a sustained window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SustainMode {
    /// Every evaluation breached, from one end of the window to the other: the last one is the window's
    /// length after the first, as with `for:` of an alert. 3 minutes are four looks a minute apart.
    Every,
    /// At least this many evaluations inside the window breached. A window holds what is younger than its
    /// length: 3 minutes are three looks a minute apart.
    AtLeast(u32),
    /// The mean of the values inside a full window breaches the limit. A window holds what is younger than
    /// its length: 3 minutes are full with the third look of three a minute apart.
    Mean,
}

/// Limits on how often measurements may go wrong, counted from the start of the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Counting {
    /// The gate fires when more breaches than this were seen.
    pub failures: Option<u32>,
    /// The gate is inconclusive when more holds than this were seen: it holds until the count begins
    /// afresh, with the next stage or after an action.
    pub inconclusive: Option<u32>,
    /// The gate errs when more errors than this were seen in a row.
    pub errors_in_a_row: Option<u32>,
    /// The number of measurements after which the gate is done: it passes, and cannot fire any more, until
    /// the count begins afresh.
    pub of: Option<u32>,
}

impl Window {
    /// Returns the word that policies use for the window.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Consecutive(_) => "consecutive",
            Self::Sustained(_) => "sustained",
            Self::Count(_) => "count",
            Self::BurnRate(_) => "burn-rate",
            Self::Cusum(_) => "cusum",
            Self::Ewma(_) => "ewma",
            Self::EProcess(_) => "e-process",
            Self::Sprt(_) => "sprt",
            Self::Msprt(_) => "msprt",
            Self::ConditionalEProcess(_) => "conditional-e-process",
            Self::GroupSequential(_) => "group-sequential",
            Self::Bayes(_) => "bayes",
            Self::MannWhitney(_) => "mann-whitney",
        }
    }

    /// Whether the window takes every request once, from the beginning of the stage on.
    pub const fn takes_every_request(&self) -> bool {
        matches!(
            self,
            Self::Sprt(_)
                | Self::Msprt(_)
                | Self::ConditionalEProcess(_)
                | Self::GroupSequential(_)
                | Self::Bayes(_)
        )
    }

    /// Whether the window itself judges the release at each look, so that a value beyond the limit need
    /// not be a breach.
    pub const fn judges(&self) -> bool {
        self.takes_every_request() || matches!(self, Self::BurnRate(_) | Self::MannWhitney(_))
    }

    /// Whether the window starts afresh with each stage.
    pub const fn begins_with_the_stage(&self) -> bool {
        self.takes_every_request() || matches!(self, Self::Count(_))
    }

    /// Whether a chart names the unit of its readings; none for windows that are no charts.
    pub const fn unit_of_its_own(&self) -> Option<bool> {
        match self {
            Self::Cusum(window) => Some(window.unit.is_some()),
            Self::Ewma(window) => Some(window.unit.is_some()),
            _ => None,
        }
    }

    /// Returns the time inside the look-back time that the window reads by itself.
    pub const fn inner_look_back(&self) -> Option<SimDuration> {
        match self {
            Self::BurnRate(burn) => Some(burn.short),
            Self::MannWhitney(test) => Some(test.every),
            _ => None,
        }
    }

    /// Returns what the window promises about firing on a harmless release.
    pub fn guarantee(&self) -> Guarantee {
        match *self {
            Self::EProcess(EProcessWindow { alpha, .. })
            | Self::Msprt(MsprtWindow { alpha, .. })
            | Self::ConditionalEProcess(ConditionalWindow { alpha, .. }) => {
                Guarantee::AnyTime { alpha }
            }
            // Wald's bound, whatever the overshoot.
            Self::Sprt(SprtWindow { alpha, beta, .. }) => Guarantee::AnyTime {
                alpha: alpha / (1.0 - beta),
            },
            Self::GroupSequential(GroupSequentialWindow { alpha, looks, .. }) => {
                Guarantee::PlannedLooks { alpha, looks }
            }
            _ => Guarantee::None,
        }
    }

    /// Returns what the promise rests on, or why there is none.
    pub const fn assumption(&self) -> &'static str {
        match self {
            Self::Instant | Self::Consecutive(_) | Self::Sustained(_) | Self::Count(_) => {
                "static thresholds give no statistical guarantee: simulate it"
            }
            Self::BurnRate(_) => "burn-rate alerts give no statistical guarantee: simulate it",
            Self::Cusum(_) | Self::Ewma(_) => {
                "false alarms have a mean distance in time, and come with certainty in the end"
            }
            Self::EProcess(_) => {
                "each evaluation of a harmless release breaches with at most the rate that is \
                 named, whatever came before"
            }
            Self::Sprt(_) => {
                "in each stage; requests fail independently, at the limit or less often"
            }
            Self::Msprt(_) => {
                "in each stage; requests fail independently, both arms alike at any time, and \
                 counts are nearly normal"
            }
            Self::ConditionalEProcess(_) => {
                "in each stage; requests fail independently, both arms alike at any time"
            }
            Self::GroupSequential(_) => {
                "in each stage; requests fail independently, counts are nearly normal, and looks \
                 carry equal amounts of data"
            }
            Self::Bayes(_) => "looking until the level is passed passes it more often than it says",
            Self::MannWhitney(_) => {
                "the confidence is that of one look at independent values; looks repeat"
            }
        }
    }
}
