//! Drift: whether the second half of a history is like the first.

use sim_core::engine::SimDuration;

use super::dynamics::{mean, variance};
use super::refusal::Refusal;
use super::series::Series;
use super::windows::Windows;

/// How the second half differs from the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drift {
    /// The difference of the levels, in standard deviations of the residuals.
    pub level: f64,
    /// Its standard error, which grows with the autocorrelation of the windows' means.
    pub level_error: f64,
    /// The logarithm of the ratio of the spreads.
    pub spread: f64,
    /// Its standard error.
    pub spread_error: f64,
    /// How many standard errors are significant at 1 %, for so many windows.
    pub sure: f64,
}

/// The level must differ by more than this part of a standard deviation to matter: at a threshold of 98 %
/// it changes the rate of breaches by about a half (for a normal law from 2.0 % to 3.6 %).
const LEVEL_MATTERS: f64 = 0.25;
/// The spread must differ by more than this factor.
const SPREAD_MATTERS: f64 = 1.5;
/// The 99.5 % quantile of the normal law: 1 % on two sides.
const SURE: f64 = 2.575_829_303_548_901;
/// The fewest windows of a half.
const WINDOWS_MIN: usize = 5;

/// Compares the halves of `residuals`, or says why nothing can be promised.
pub(super) fn check(
    series: &Series,
    residuals: &[f64],
    windows: Windows,
) -> Result<Drift, Refusal> {
    let drift = measure(series, residuals, windows)?;
    let halfway = series.part(series.len() / 2..series.len()).start;
    if drift.level.abs() > LEVEL_MATTERS && drift.level.abs() > drift.sure * drift.level_error {
        let message = format!(
            "the level differs between the halves by {:+.2} standard deviations (standard error {:.2}); the second begins at {halfway}",
            drift.level, drift.level_error
        );
        return Err(refused("CM327", message));
    }
    if drift.level_error > LEVEL_MATTERS {
        return Err(refused("CM328", wanders(drift.level_error)));
    }
    let most = libm::log(SPREAD_MATTERS);
    if drift.spread.abs() > most && drift.spread.abs() > drift.sure * drift.spread_error {
        let factor = libm::exp(drift.spread);
        let message = format!(
            "the spread differs between the halves by a factor of {factor:.2}; the second begins at {halfway}"
        );
        return Err(refused("CM327", message));
    }
    Ok(drift)
}

fn wanders(error: f64) -> String {
    format!(
        "the level wanders: its mean over half of the history is uncertain by {error:.2} standard deviations, {LEVEL_MATTERS} is the most"
    )
}

fn refused(code: &'static str, message: String) -> Refusal {
    Refusal::new(code, message)
        .reason("no stationary model predicts breaches of a level that moves; what it promised would be wrong")
        .help("leave out known incidents (--exclude FROM..TO), cut the file to the time after the last change, give a longer history, or let the policy compare with a control instead of a fixed limit")
}

/// Measures with windows of both lengths; the larger error counts.
fn measure(series: &Series, residuals: &[f64], windows: Windows) -> Result<Drift, Refusal> {
    let (first, second) = residuals.split_at(residuals.len() / 2);
    let spread = libm::sqrt(f64::midpoint(variance(first), variance(second)));
    let of = |length: SimDuration| {
        let cells = series.cells(length);
        let (a, b) = (parts(first, cells), parts(second, cells));
        let few = a.len().min(b.len()) < WINDOWS_MIN;
        // A hundredth of the spread keeps the logarithm of a window without any finite.
        let floor = 0.01 * spread;
        let centre = |part: &[f64]| mean(part.iter().copied());
        let width = |part: &[f64]| libm::log(deviation(part) + floor);
        if few {
            return None;
        }
        let (level, level_error) = difference(&a, &b, centre);
        let (spread_found, spread_error) = difference(&a, &b, width);
        Some(Drift {
            level: level / spread,
            level_error: level_error / spread,
            spread: spread_found,
            spread_error,
            sure: student(a.len() + b.len() - 2),
        })
    };
    match (of(windows.long), of(windows.short)) {
        (Some(long), Some(short)) => Ok(Drift {
            level_error: long.level_error.max(short.level_error),
            spread_error: long.spread_error.max(short.spread_error),
            ..long
        }),
        (None, Some(drift)) | (Some(drift), None) => Ok(drift),
        (None, None) => Err(too_few_stretches()),
    }
}

fn too_few_stretches() -> Refusal {
    Refusal::new(
        "CM321",
        "too few stretches are there to compare the halves of the history",
    )
    .reason("whether a metric is stable shows only over time")
    .help("export a longer stretch, or exclude less")
}

/// Returns the 99.5 % quantile of Student's law, by its expansion in the inverse of the degrees of freedom
/// (Abramowitz and Stegun 26.7.5; within 0.5 % from 8 degrees on).
fn student(freedom: usize) -> f64 {
    let (z, nu) = (SURE, freedom as f64);
    let first = (libm::pow(z, 3.0) + z) / 4.0;
    let second = (5.0 * libm::pow(z, 5.0) + 16.0 * libm::pow(z, 3.0) + 3.0 * z) / 96.0;
    let third = (3.0 * libm::pow(z, 7.0) + 19.0 * libm::pow(z, 5.0) + 17.0 * libm::pow(z, 3.0)
        - 15.0 * z)
        / 384.0;
    z + first / nu + second / (nu * nu) + third / (nu * nu * nu)
}

/// Returns the windows of a half that are there for a half at least.
fn parts(half: &[f64], cells: usize) -> Vec<&[f64]> {
    let present = |part: &&[f64]| 2 * part.iter().filter(|value| !value.is_nan()).count() >= cells;
    half.chunks_exact(cells).filter(present).collect()
}

/// The mean absolute deviation from the median.
fn deviation(part: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = part
        .iter()
        .copied()
        .filter(|value| !value.is_nan())
        .collect();
    sorted.sort_by(f64::total_cmp);
    let median = sorted[sorted.len() / 2];
    mean(sorted.iter().map(|value| (value - median).abs()))
}

/// Returns the difference of the means of a statistic over two lists of windows, and its standard error
/// times `sqrt((1 + r) / (1 - r))` for a first autocorrelation `r` of the windows, corrected for its bias
/// of `(1 + 3 r) / n` (Kendall, 1954).
fn difference(a: &[&[f64]], b: &[&[f64]], statistic: impl Fn(&[f64]) -> f64) -> (f64, f64) {
    let of = |windows: &[&[f64]]| -> Vec<f64> {
        windows.iter().map(|window| statistic(window)).collect()
    };
    let (a, b) = (of(a), of(b));
    let centred = |values: &[f64]| -> Vec<f64> {
        let centre = mean(values.iter().copied());
        values.iter().map(|value| value - centre).collect()
    };
    let (from_a, from_b) = (centred(&a), centred(&b));
    let square = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
    let product = |values: &[f64]| values.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>();
    let total = square(&from_a) + square(&from_b);
    let r = if total > 0.0 {
        (product(&from_a) + product(&from_b)) / total
    } else {
        0.0
    };
    let r = (r + (1.0 + 3.0 * r) / (a.len() + b.len()) as f64).clamp(0.0, 0.95);
    let own = |values: &[f64]| {
        let n = values.len() as f64;
        square(values) / (n - 1.0) / n
    };
    let error = libm::sqrt((own(&from_a) + own(&from_b)) * (1.0 + r) / (1.0 - r));
    (mean(b.iter().copied()) - mean(a.iter().copied()), error)
}

#[cfg(test)]
mod tests {
    use super::student;

    #[test]
    fn quantiles_of_students_law_are_those_of_the_tables() {
        // Abramowitz and Stegun, table 26.10, A = 0.99.
        for (freedom, expect) in [(8, 3.355), (12, 3.055), (30, 2.750), (120, 2.617)] {
            let found = student(freedom);
            assert!((found / expect - 1.0).abs() < 0.005, "{freedom}: {found}");
        }
    }
}
