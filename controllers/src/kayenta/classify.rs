//! One metric: is the canary high, low, or neither?
//!
//! Source: `NetflixACAJudge.scala`, `MannWhitneyClassifier.scala`, `EffectSizes.scala` (spinnaker/kayenta a69573b).

use serde::{Deserialize, Serialize};

use super::brent;
use super::form::{Analysis, Direction, EffectMeasure};
use super::mann_whitney::{self, AllTied, Samples, Shift};
use super::mode::{Mode, Repair};
use super::sample::{are_identical, count, is_constant, mean};

/// What a metric comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Label {
    /// No change that counts.
    Pass,
    /// The canary is higher.
    High,
    /// The canary is lower.
    Low,
    /// A side has no points.
    Nodata,
    /// A side has no points, and that is a failure.
    NodataFailMetric,
    /// The comparison failed.
    Error,
}

/// What a metric is compared by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// Share of the shift itself that its interval must stay clear of zero by.
    pub tolerance: f64,
    /// Level of the interval.
    pub level: f64,
    /// Which way a change is bad.
    pub direction: Direction,
    /// Which measure of effect counts.
    pub measure: EffectMeasure,
    /// Largest effect of a Low, smallest effect of a High.
    pub allowed: (f64, f64),
    /// The same for a critical failure.
    pub critical_effect: (f64, f64),
    /// Whether NaN becomes zero.
    pub replaces_nan: bool,
    /// Whether a failure of this metric fails the canary.
    pub critical: bool,
    /// Whether no data is a failure.
    pub must_have_data: bool,
}

/// What a metric came to, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Classified {
    /// The label.
    pub label: Label,
    /// Whether it fails the canary.
    pub critical: bool,
    /// Mean of the canary by mean of the baseline; 1 where nothing was compared, NaN where a mean is 0.
    pub ratio: f64,
    /// The shift and its interval, where the test was made.
    pub shift: Option<Shift>,
}

impl Test {
    /// The test that the judge makes of a metric: a quarter of the shift, and 98 %.
    #[must_use]
    pub fn of(analysis: &Analysis) -> Self {
        let effect = &analysis.effect_size;
        let or_neutral = |threshold: Option<f64>| threshold.unwrap_or(effect.neutral());
        Self {
            tolerance: 0.25,
            level: 0.98,
            direction: analysis.direction(),
            measure: effect.measure(),
            allowed: (
                or_neutral(effect.allowed_decrease),
                or_neutral(effect.allowed_increase),
            ),
            critical_effect: (
                or_neutral(effect.critical_decrease),
                or_neutral(effect.critical_increase),
            ),
            replaces_nan: analysis.replaces_nan(),
            critical: analysis.critical,
            must_have_data: analysis.must_have_data,
        }
    }

    /// Compares prepared samples. `noise` gives standard normal numbers; it is asked where both samples are constant,
    /// first for each point of the canary, then for each of the baseline.
    #[must_use]
    pub fn classify(
        &self,
        baseline: &[f64],
        canary: &[f64],
        mode: Mode,
        noise: &mut dyn FnMut() -> f64,
    ) -> Classified {
        let nothing_compared = |label| Classified {
            label,
            critical: false,
            ratio: 1.0,
            shift: None,
        };
        if canary.is_empty() || baseline.is_empty() {
            let passes = self.replaces_nan && !mode.has(Repair::EmptySide);
            let passed = nothing_compared(Label::Pass);
            return if passes { passed } else { self.no_data() };
        }
        if are_identical(canary, baseline) || (is_constant(canary) && all_equal(canary, baseline)) {
            return nothing_compared(Label::Pass);
        }
        if mode.has(Repair::TooFewPoints) && too_few(canary.len(), baseline.len(), self.level) {
            return self.no_data();
        }
        match compare(self, baseline, canary, mode, noise) {
            Ok(compared) => self.decide(&compared),
            Err(AllTied) if mode.has(Repair::UncountedError) => self.no_data(),
            Err(AllTied) => nothing_compared(Label::Error),
        }
    }

    fn no_data(&self) -> Classified {
        let fails = self.must_have_data && !self.critical;
        let label = if fails {
            Label::NodataFailMetric
        } else {
            Label::Nodata
        };
        Classified {
            label,
            critical: self.critical && !fails,
            ratio: 1.0,
            shift: None,
        }
    }

    fn decide(&self, compared: &Compared) -> Classified {
        let &Compared {
            shift,
            ratio,
            effect,
        } = compared;
        let bound = self.tolerance * shift.estimate.abs();
        let looks = |way| self.direction == way || self.direction == Direction::Either;
        // An effect that cannot be computed is no obstacle.
        let rises = |least: f64| effect.is_nan() || effect >= least;
        let falls = |most: f64| effect.is_nan() || effect <= most;
        let high = looks(Direction::Increase) && shift.low > bound && rises(self.allowed.1);
        let low = looks(Direction::Decrease) && shift.high < -bound && falls(self.allowed.0);
        let (label, critical) = if high {
            (Label::High, rises(self.critical_effect.1))
        } else if low {
            (Label::Low, falls(self.critical_effect.0))
        } else {
            (Label::Pass, false)
        };
        Classified {
            label,
            critical: self.critical && critical,
            ratio,
            shift: Some(shift),
        }
    }
}

/// What a comparison measured.
struct Compared {
    shift: Shift,
    ratio: f64,
    effect: f64,
}

fn compare(
    test: &Test,
    baseline: &[f64],
    canary: &[f64],
    mode: Mode,
    noise: &mut dyn FnMut() -> f64,
) -> Result<Compared, AllTied> {
    let constants = is_constant(canary) && is_constant(baseline);
    if constants && mode.has(Repair::Noise) {
        let estimate = canary[0] - baseline[0];
        let shift = Shift {
            low: estimate,
            high: estimate,
            estimate,
        };
        return Ok(measured(test, shift, baseline, canary, mode));
    }
    let (canary, baseline) = if constants {
        let canary = noisy(canary, noise);
        (canary, noisy(baseline, noise))
    } else {
        (canary.to_vec(), baseline.to_vec())
    };
    let tolerance = root_tolerance(&canary, &baseline, mode);
    let shift = mann_whitney::shift(&canary, &baseline, test.level, tolerance)?;
    Ok(measured(test, shift, &baseline, &canary, mode))
}

/// Kayenta tells constant samples apart by noise of a hundred-thousandth of their value.
fn noisy(values: &[f64], noise: &mut dyn FnMut() -> f64) -> Vec<f64> {
    let shaken = values.iter().map(|value| noise() * (value * 1e-5) + value);
    shaken.collect()
}

fn root_tolerance(canary: &[f64], baseline: &[f64], mode: Mode) -> f64 {
    if !mode.has(Repair::RootTolerance) {
        return brent::TOLERANCE;
    }
    let (from, to) = Samples::new(canary, baseline).range();
    (to - from) * 1e-6
}

fn measured(test: &Test, shift: Shift, baseline: &[f64], canary: &[f64], mode: Mode) -> Compared {
    let ratio = mean_ratio(baseline, canary);
    let turned = ratio.is_finite() && (mean(baseline) < 0.0 || mean(canary) < 0.0);
    let effect = match test.measure {
        EffectMeasure::Cles => cles(baseline, canary),
        EffectMeasure::MeanRatio if turned && mode.has(Repair::NegativeMeans) => f64::NAN,
        EffectMeasure::MeanRatio => ratio,
    };
    Compared {
        shift,
        ratio,
        effect,
    }
}

/// Mean of the canary by mean of the baseline; NaN if either is 0.
#[must_use]
pub fn mean_ratio(baseline: &[f64], canary: &[f64]) -> f64 {
    let (below, above) = (mean(baseline), mean(canary));
    if below == 0.0 || above == 0.0 {
        f64::NAN
    } else {
        above / below
    }
}

/// Share of pairs in which the canary is higher, ties counting half (common language effect size; A. Vargha and H. D.
/// Delaney, 2000): `(2 R - m (m + 1)) / (2 n m)` with R the sum of the ranks of the m points of the canary.
#[must_use]
pub fn cles(baseline: &[f64], canary: &[f64]) -> f64 {
    let (m, n) = (count(canary.len()), count(baseline.len()));
    let sum = Samples::new(canary, baseline).rank_sum();
    (2.0 * sum - m * (m + 1.0)) / (2.0 * n * m)
}

/// Whether two constant samples have the same value.
fn all_equal(one: &[f64], other: &[f64]) -> bool {
    #[expect(clippy::float_cmp, reason = "the same value, not a near one")]
    other.iter().all(|value| *value == one[0])
}

/// Whether the exact two-sided permutation test of samples of these sizes cannot reach the level at all: its smallest
/// p-value is 2 by the number of ways to draw m of m + n.
#[must_use]
pub fn too_few(m: usize, n: usize, level: f64) -> bool {
    let mut ways = 1.0;
    for i in 1..=m.min(n) {
        ways *= count(m.max(n) + i) / count(i);
    }
    2.0 / ways > 1.0 - level
}
