//! The Mann-Whitney test, as Kayenta judges by it.

use libm::{fabs, sqrt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Guarantee;
use super::brent::brent;
use super::normal::normal_upper_quantile;

/// How far the experiment lies from the control: an interval and an estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// The lower end of the confidence interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The estimate of Hodges and Lehmann.
    pub estimate: f64,
}

/// The absolute tolerance of the root finding, as Kayenta has it: shifts of less than 1e-4 are
/// not told apart, whatever the unit of the metric is.
const TOLERANCE: f64 = 1e-4;

impl Shift {
    /// Estimates by how much `experiment` lies above `control`, with an interval of the given
    /// confidence.
    ///
    /// The ends are the shifts at which the standardised rank sum (normal approximation, corrected
    /// for ties and by half a rank for continuity) meets the normal quantile, found by Brent's method
    /// between the extreme differences (D. F. Bauer, J. Am. Stat. Assoc. 67, 1972, in the variant of
    /// R's `wilcox.test` that Kayenta ports).
    ///
    /// # Panics
    ///
    /// If a sample is empty or a value is not a number.
    pub fn estimate(experiment: &[f64], control: &[f64], confidence: f64) -> Self {
        let sorted = |sample: &[f64]| {
            assert!(!sample.is_empty(), "an empty sample has no shift");
            assert!(sample.iter().all(|x| !x.is_nan()), "not a number");
            let mut sorted = sample.to_vec();
            sorted.sort_by(f64::total_cmp);
            sorted
        };
        let (x, y) = (sorted(experiment), sorted(control));
        let z = normal_upper_quantile(0.5 * (1.0 - confidence));
        Self {
            low: root(&x, &y, z),
            high: root(&x, &y, -z),
            estimate: root(&x, &y, 0.0),
        }
    }
}

/// The shift at which the standardised rank sum is `z`, or the extreme difference beyond which it
/// would lie. Both samples are sorted.
fn root(x: &[f64], y: &[f64], z: f64) -> f64 {
    let (lowest, highest) = (x[0] - y[y.len() - 1], x[x.len() - 1] - y[0]);
    let above = |shift: f64| standardised(x, y, shift) - z;
    let (at_lowest, at_highest) = (above(lowest), above(highest));
    if at_lowest <= 0.0 {
        lowest
    } else if at_highest >= 0.0 {
        highest
    } else {
        brent([lowest, highest], [at_lowest, at_highest], TOLERANCE, above)
    }
}

/// The rank sum of `x` less `shift` among `y`, in standard errors from its mean.
fn standardised(x: &[f64], y: &[f64], shift: f64) -> f64 {
    let (n, m) = (x.len() as f64, y.len() as f64);
    let (pairs_won, ties) = compared(x, y, shift);
    let distance = pairs_won - 0.5 * n * m;
    let continuity = if distance == 0.0 {
        0.0
    } else {
        0.5_f64.copysign(distance)
    };
    let all = n + m;
    let variance = n * m / 12.0 * ((all + 1.0) - ties / (all * (all - 1.0)));
    (distance - continuity) / sqrt(variance)
}

/// Walks both sorted samples at once: how often a value of `x` less `shift` is more than one of `y`,
/// ties by half, and the sum of `t^3 - t` over groups of `t` ties.
fn compared(x: &[f64], y: &[f64], shift: f64) -> (f64, f64) {
    let (mut i, mut j, mut won, mut ties) = (0, 0, 0.0, 0.0);
    while i < x.len() || j < y.len() {
        let next = match (x.get(i), y.get(j)) {
            (Some(x), Some(y)) => (x - shift).min(*y),
            (Some(x), None) => x - shift,
            (None, Some(y)) => *y,
            (None, None) => unreachable!("one of the two goes on"),
        };
        let of_x = x[i..].iter().take_while(|x| **x - shift == next).count();
        let of_y = y[j..].iter().take_while(|y| **y == next).count();
        won += of_x as f64 * (j as f64 + 0.5 * of_y as f64);
        let group = (of_x + of_y) as f64;
        ties += group * group * group - group;
        (i, j) = (i + of_x, j + of_y);
    }
    (won, ties)
}

fn sorted(sample: &[f64]) -> Vec<f64> {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// In which direction a metric may be bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShiftDirection {
    /// More is bad.
    Increase,
    /// Less is bad.
    Decrease,
    /// Both are.
    Either,
}

/// How a metric compares with its control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Classified {
    /// No difference that matters.
    Pass,
    /// Higher than the control.
    High,
    /// Lower than the control.
    Low,
    /// One of the samples is empty.
    Nodata,
}

/// The size of an effect, beside its significance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectSize {
    /// The ratio of the means; where one of them is 0 it is not asked for.
    MeanRatio,
    /// The probability that a value of the experiment is above one of the control.
    CommonLanguage,
}

/// Kayenta's classification of a metric (Netflix's judge, commit a69573b).
///
/// The metric is `High` when the whole confidence interval of the shift lies above `tolerance` times
/// the *estimated shift* (not the baseline) and the effect is at least `increase`; `Low` is its mirror
/// image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MannWhitney {
    /// The fraction of the estimated shift that the interval must clear.
    pub tolerance: f64,
    /// The confidence of the interval.
    pub confidence: f64,
    /// In which direction the metric may be bad.
    pub direction: ShiftDirection,
    /// How effects are measured.
    pub effect: EffectSize,
    /// The least effect that is an increase.
    pub increase: f64,
    /// The largest effect that is a decrease.
    pub decrease: f64,
}

impl MannWhitney {
    /// The judge as it is shipped: tolerance 0.25, confidence 0.98, ratios of means from 1.
    pub const fn kayenta(direction: ShiftDirection) -> Self {
        Self {
            tolerance: 0.25,
            confidence: 0.98,
            direction,
            effect: EffectSize::MeanRatio,
            increase: 1.0,
            decrease: 1.0,
        }
    }

    /// Classifies `experiment` against `control`.
    ///
    /// Equal samples pass, and so do samples that hold one value between them. Where both are
    /// constant and differ, Kayenta adds noise of 1e-5 of the value; here the noise is let go to 0:
    /// the shift is the difference, without doubt.
    pub fn classify(&self, experiment: &[f64], control: &[f64]) -> Classified {
        if experiment.is_empty() || control.is_empty() {
            return Classified::Nodata;
        }
        let (x, y) = (sorted(experiment), sorted(control));
        let constant = |sample: &[f64]| sample[0] == sample[sample.len() - 1];
        let shift = if x == y || constant(&x) && constant(&y) && x[0] == y[0] {
            return Classified::Pass;
        } else if constant(&x) && constant(&y) {
            let difference = x[0] - y[0];
            Shift {
                low: difference,
                high: difference,
                estimate: difference,
            }
        } else {
            Shift::estimate(&x, &y, self.confidence)
        };
        self.judge(shift, self.effect_of(&x, &y))
    }

    /// Returns the Mann-Whitney statistic of unsorted samples: how often a value of `experiment` is
    /// above one of `control`, ties by half.
    pub fn wins(experiment: &[f64], control: &[f64]) -> f64 {
        compared(&sorted(experiment), &sorted(control), 0.0).0
    }

    /// Classifies a shift that was estimated, given the size of the effect; nothing where the effect
    /// has no size.
    fn judge(&self, shift: Shift, effect: Option<f64>) -> Classified {
        let bound = self.tolerance * fabs(shift.estimate);
        let bad =
            |direction| self.direction == direction || self.direction == ShiftDirection::Either;
        if bad(ShiftDirection::Increase)
            && shift.low > bound
            && effect.is_none_or(|effect| effect >= self.increase)
        {
            Classified::High
        } else if bad(ShiftDirection::Decrease)
            && shift.high < -bound
            && effect.is_none_or(|effect| effect <= self.decrease)
        {
            Classified::Low
        } else {
            Classified::Pass
        }
    }

    fn effect_of(&self, x: &[f64], y: &[f64]) -> Option<f64> {
        let (n, m) = (x.len() as f64, y.len() as f64);
        match self.effect {
            EffectSize::MeanRatio => {
                let (of_x, of_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / m);
                (of_x != 0.0 && of_y != 0.0).then(|| of_x / of_y)
            }
            EffectSize::CommonLanguage => Some(compared(x, y, 0.0).0 / (n * m)),
        }
    }

    /// None: the tolerance and repeated judgements are outside what the confidence speaks of.
    pub const fn guarantee(&self) -> Guarantee {
        Guarantee::None
    }
}

/// Returns, for each `u` from 0 to `n m`, the probability that the Mann-Whitney statistic of samples
/// of `n` and `m` from one continuous distribution is at least `u` (H. B. Mann, D. R. Whitney, Ann.
/// Math. Stat. 18, 1947, by their recursion).
pub fn exact_upper_tail(n: usize, m: usize) -> Vec<f64> {
    // Row j holds the law for the current i and j: the largest value is of the first sample with
    // probability i / (i + j), and then it beats all j.
    let mut rows: Vec<Vec<f64>> = vec![vec![1.0]; m + 1];
    for i in 1..=n {
        rows[0] = vec![1.0];
        for j in 1..=m {
            let (first, second) = (i as f64 / (i + j) as f64, j as f64 / (i + j) as f64);
            let mut law = vec![0.0; i * j + 1];
            for (u, p) in rows[j].iter().enumerate() {
                law[u + j] += first * p;
            }
            for (u, p) in rows[j - 1].iter().enumerate() {
                law[u] += second * p;
            }
            rows[j] = law;
        }
    }
    let mut tail = rows.swap_remove(m);
    for u in (0..tail.len() - 1).rev() {
        tail[u] += tail[u + 1];
    }
    tail
}

#[cfg(test)]
#[path = "tests/mann_whitney.rs"]
mod tests;
