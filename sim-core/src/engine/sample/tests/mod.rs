//! The samplers against exact distributions, an independent implementation, and pinned values.

#[rustfmt::skip]
mod continuous;
mod delays;
#[rustfmt::skip]
mod discrete;
mod edges;
mod fit;
mod joint;
mod oracle;
#[rustfmt::skip]
mod pinned;

use crate::engine::{Draws, Key};

/// What is known exactly about a distribution.
struct Case {
    mean: f64,
    variance: f64,
    excess_kurtosis: f64,
    /// Upper ends of all cells but the last.
    edges: &'static [f64],
    /// The probability of each cell.
    cells: &'static [f64],
}

impl Case {
    /// Counts how many of `samples` fall into each cell.
    fn count(&self, samples: &[f64]) -> Vec<u64> {
        let mut counts = vec![0; self.cells.len()];
        for sample in samples {
            counts[self.edges.partition_point(|edge| edge < sample)] += 1;
        }
        counts
    }
}

/// The root seed of all tests here; the failing message of each names its entity.
const SEED: u64 = 20_261_121;

fn draws(entity: u32) -> Draws {
    Key::for_replication(SEED, 0).draws(0, entity, 0)
}

/// Draws `n` times.
fn repeat(n: usize, mut sample: impl FnMut() -> f64) -> Vec<f64> {
    (0..n).map(|_| sample()).collect()
}

/// Returns the chi-squared statistic as a standard normal score.
///
/// Source: E. B. Wilson, M. M. Hilferty, "The distribution of chi-square", PNAS 17 (1931).
fn chi_squared_score(statistic: f64, degrees: f64) -> f64 {
    let spread = 2.0 / (9.0 * degrees);
    (libm::cbrt(statistic / degrees) - (1.0 - spread)) / libm::sqrt(spread)
}

fn square(x: f64) -> f64 {
    x * x
}

/// Kolmogorov's distribution exceeds this with probability 6e-5 (SciPy kstwobign.isf).
const DISTANCE_MAX: f64 = 2.28;

/// Returns the largest distance between the distribution functions of `samples` and `cdf`,
/// times the root of the sample size.
///
/// Both are compared from the right at every sample, so that jumps do no harm.
fn kolmogorov_distance(mut samples: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    let n = samples.len() as f64;
    let below = |x: f64| samples.partition_point(|sample| *sample <= x) as f64;
    let gaps = samples.iter().map(|x| (below(*x) / n - cdf(*x)).abs());
    gaps.fold(0.0, f64::max) * n.sqrt()
}
