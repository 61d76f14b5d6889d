//! What can be said of a window without asking which one it is.
//!
//! Checkers, lint, generators and searches ask these questions, so that a new window is answered for here and nowhere
//! else.

use super::statistical::EProcessWindow;
use super::window::{Counting, Sustain, SustainMode, Window};
use crate::engine::SimDuration;

/// What a window does that counts judgements, in looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CountRule {
    /// So many breaches in a row fire; holds and errors count for nothing.
    InARow(u32),
    /// A breach fires that comes so many looks after the first one since the last pass.
    Since(u32),
    /// So many breaches among the last so many looks fire.
    Among {
        /// How many breaches.
        breaches: u32,
        /// How many looks the window holds, at least 1.
        looks: u32,
    },
    /// Limits on counts since the beginning.
    Limits(Counting),
}

impl Window {
    /// What the window counts when it is looked at `every` so often; none for windows that remember values.
    pub fn count_rule(&self, every: SimDuration) -> Option<CountRule> {
        match self {
            Self::Instant => Some(CountRule::InARow(1)),
            Self::Consecutive(count) => Some(CountRule::InARow(*count)),
            Self::Count(limits) => Some(CountRule::Limits(*limits)),
            Self::Sustained(sustain) => {
                // A length that is no multiple of the interval needs the look beyond its end.
                let looks = sustain.over.as_nanos().div_ceil(every.as_nanos().max(1));
                let looks = u32::try_from(looks).unwrap_or(u32::MAX);
                match sustain.mode {
                    SustainMode::Every => Some(CountRule::Since(looks)),
                    SustainMode::AtLeast(breaches) => Some(CountRule::Among {
                        breaches,
                        looks: looks.max(1),
                    }),
                    SustainMode::Mean => None,
                }
            }
            _ => None,
        }
    }

    /// Whether the first breach fires.
    pub const fn is_instant(&self) -> bool {
        matches!(self, Self::Instant)
    }

    /// Whether it counts evaluations in a row, however far apart they are.
    pub const fn counts_evaluations(&self) -> bool {
        matches!(self, Self::Instant | Self::Consecutive(_))
    }

    /// Whether the window remembers nothing but how long the current run of breaches is, so that without a run nothing
    /// but a breach can change it.
    pub const fn counts_a_run(&self) -> bool {
        match self {
            Self::Sustained(sustain) => matches!(sustain.mode, SustainMode::Every),
            window => matches!(window, Self::Instant | Self::Consecutive(_)),
        }
    }

    /// The time from the first breach to the last one of a window that is a run, or a part of one; none for windows that
    /// are no runs.
    ///
    /// # Example
    /// ```
    /// use sim_core::engine::SimDuration;
    /// use sim_core::policy::gate::Window;
    ///
    /// let minute = SimDuration::from_mins(1);
    /// assert_eq!(Window::Consecutive(3).run_length(minute), Some(SimDuration::from_mins(2)));
    /// ```
    pub const fn run_length(&self, evaluate_every: SimDuration) -> Option<SimDuration> {
        match self {
            Self::Instant => Some(SimDuration::ZERO),
            Self::Consecutive(count) => {
                Some(evaluate_every.saturating_mul(count.saturating_sub(1) as u64))
            }
            Self::Sustained(sustain) => Some(sustain.over),
            _ => None,
        }
    }

    /// Why a gap in the data makes the window forget, in a few words; none where it does not.
    pub const fn reset_by_gaps(&self) -> Option<&'static str> {
        match self {
            Self::Consecutive(count) if *count > 1 => Some("its count"),
            Self::Sustained(_) => Some("its window"),
            _ => None,
        }
    }

    /// The time from the first breaching evaluation to the one that fires, where all between breach as well. Tests fire as
    /// soon as the evidence suffices, which may be at once.
    pub fn fires_after(&self, evaluate_every: SimDuration) -> SimDuration {
        let evaluations = |count: u32| evaluate_every.saturating_mul(u64::from(count));
        match self {
            Self::Consecutive(count) => evaluations(count.saturating_sub(1)),
            Self::Sustained(sustain) => match sustain.mode {
                SustainMode::Every | SustainMode::Mean => sustain.over,
                SustainMode::AtLeast(count) => evaluations(count.saturating_sub(1)),
            },
            Self::Count(limits) => evaluations(limits.failures.unwrap_or(0)),
            Self::GroupSequential(test) => {
                SimDuration::from_nanos(test.over.as_nanos() / u64::from(test.looks.max(1)))
            }
            Self::EProcess(test) => evaluations(breaches_to_reject(test).saturating_sub(1)),
            _ => SimDuration::ZERO,
        }
    }

    /// How many evaluations must breach before the window fires; 1 for windows that judge by something else.
    pub fn breaches_needed(&self, evaluate_every: SimDuration) -> f64 {
        match self {
            Self::Consecutive(count) => f64::from(*count),
            Self::Sustained(sustain) => match sustain.mode {
                SustainMode::Every => {
                    sustain.over.as_nanos() as f64 / evaluate_every.as_nanos().max(1) as f64 + 1.0
                }
                SustainMode::AtLeast(count) => f64::from(count),
                SustainMode::Mean => 1.0,
            },
            Self::Count(limits) => f64::from(limits.failures.unwrap_or(0)) + 1.0,
            _ => 1.0,
        }
    }

    /// The failures and the measurements of a window that never fires, since it is done after fewer measurements than it
    /// allows to fail; none for windows that may fire.
    pub const fn never_fires(&self) -> Option<(u32, u32)> {
        match self {
            Self::Count(Counting {
                failures: Some(failures),
                of: Some(of),
                ..
            }) if *failures >= *of => Some((*failures, *of)),
            _ => None,
        }
    }

    /// Whether the window takes in what was judged and not what was read.
    pub const fn takes_judgements_only(&self) -> bool {
        match self {
            Self::Sustained(sustain) => !matches!(sustain.mode, SustainMode::Mean),
            window => matches!(
                window,
                Self::Instant | Self::Consecutive(_) | Self::Count(_) | Self::EProcess(_)
            ),
        }
    }

    /// Whether it may fire while the last reading is no breach: it counts on, adds up readings on either side of the limit,
    /// or means over them.
    pub const fn may_fire_on_a_pass(&self) -> bool {
        match self {
            Self::Sustained(sustain) => matches!(sustain.mode, SustainMode::Mean),
            window => matches!(
                window,
                Self::Count(_) | Self::Cusum(_) | Self::Ewma(_) | Self::EProcess(_)
            ),
        }
    }

    /// Whether a value beyond the limit may pass: as chance, where the window judges for itself, and as one of the failures
    /// that are allowed, where it is done after so many measurements.
    pub const fn passes_beyond_limit(&self) -> bool {
        self.judges() || matches!(self, Self::Count(Counting { of: Some(_), .. }))
    }

    /// Whether the window takes neighbouring readings for independent evidence.
    pub const fn adds_up_neighbours(&self) -> bool {
        match self {
            Self::Consecutive(count) => *count > 1,
            window => matches!(window, Self::Cusum(_) | Self::Ewma(_) | Self::EProcess(_)),
        }
    }

    /// Whether the level that it names is that of a single look, and passed more often the more often one looks.
    pub const fn names_the_level_of_one_look(&self) -> bool {
        matches!(self, Self::Bayes(_))
    }

    /// Whether it cannot fire on a pass, nor go on firing over one.
    pub const fn ends_with_a_pass(&self) -> bool {
        self.counts_a_run() || matches!(self, Self::BurnRate(_))
    }

    /// Whether it adds up how far readings lie beyond the limit.
    pub const fn is_chart(&self) -> bool {
        matches!(self, Self::Cusum(_) | Self::Ewma(_))
    }

    /// The unit in which a chart counts how far a reading lies beyond the limit, where it names one.
    pub const fn chart_unit(&self) -> Option<f64> {
        match self {
            Self::Cusum(window) => window.unit,
            Self::Ewma(window) => window.unit,
            _ => None,
        }
    }

    /// The window that does the same with its time rounded up to whole evaluations.
    #[must_use]
    pub const fn in_whole_evaluations(self, every: SimDuration) -> Self {
        match self {
            Self::Sustained(mut sustain) if !every.is_zero() => {
                let whole = sustain.over.as_nanos().div_ceil(every.as_nanos());
                sustain.over = SimDuration::from_nanos(whole * every.as_nanos());
                Self::Sustained(sustain)
            }
            other => other,
        }
    }

    /// What it counts; none of windows that do not count measurements.
    pub const fn counting(&self) -> Option<Counting> {
        match self {
            Self::Count(counting) => Some(*counting),
            _ => None,
        }
    }

    /// The form of a window over time; none for the others.
    pub const fn sustain(&self) -> Option<Sustain> {
        match self {
            Self::Sustained(sustain) => Some(*sustain),
            _ => None,
        }
    }

    /// The window with another meaning of its time; the same window where it has none.
    #[must_use]
    pub fn in_mode(self, mode: SustainMode) -> Self {
        self.sustain()
            .map_or(self, |sustain| Self::Sustained(Sustain { mode, ..sustain }))
    }

    /// The window with another length, in looks or in time; the same window where it has none.
    #[must_use]
    pub fn resized(
        self,
        looks: impl Fn(u32) -> u32,
        over: impl Fn(SimDuration) -> SimDuration,
    ) -> Self {
        match self {
            Self::Consecutive(count) => Self::Consecutive(looks(count)),
            Self::Sustained(sustain) => Self::Sustained(Sustain {
                over: over(sustain.over),
                ..sustain
            }),
            other => other,
        }
    }
}

/// The number of breaches in a row that take the wealth from 1 to `1/alpha`.
fn breaches_to_reject(test: &EProcessWindow) -> u32 {
    let growth = 1.0 + test.bet * (1.0 - test.rate);
    let mut wealth = 1.0;
    let enough = |_: &u32| {
        wealth *= growth;
        wealth >= 1.0 / test.alpha
    };
    (1..=10_000).find(enough).unwrap_or(10_000)
}
