//! Logarithms of probabilities that stay accurate for large counts.
//!
//! Source: C. Loader, "Fast and accurate computation of binomial probabilities", 2000. A
//! difference of log-factorials loses all digits near 10^15; the saddle-point form does not.

const LN_2_PI: f64 = 1.837_877_066_409_345_6;

/// ln n! - ln(sqrt(2 pi n) (n / e)^n) for n = 0 to 15, computed with 40 digits.
const STIRLING_ERRORS: [f64; 16] = [
    0.0,
    0.081_061_466_795_327_26,
    0.041_340_695_955_409_3,
    0.027_677_925_684_998_34,
    0.020_790_672_103_765_093,
    0.016_644_691_189_821_193,
    0.013_876_128_823_070_748,
    0.011_896_709_945_891_77,
    0.010_411_265_261_972_096,
    0.009_255_462_182_712_733,
    0.008_330_563_433_362_87,
    0.007_573_675_487_951_841,
    0.006_942_840_107_209_53,
    0.006_408_994_188_004_207,
    0.005_951_370_112_758_847_5,
    0.005_554_733_551_962_801,
];

/// Returns ln n! minus Stirling's approximation of it; `n` is a whole number, 0 at 0.
fn stirling_error(n: f64) -> f64 {
    if n <= 15.0 {
        return STIRLING_ERRORS[n as usize];
    }
    let inverse = 1.0 / n;
    let square = inverse * inverse;
    let series = 1.0 / 1_680.0 - square * (1.0 / 1_188.0);
    let series = 1.0 / 360.0 - square * (1.0 / 1_260.0 - square * series);
    inverse * (1.0 / 12.0 - square * series)
}

/// Returns x ln(x / mean) + mean - x without cancellation near x = mean; both positive.
fn deviance(x: f64, mean: f64) -> f64 {
    let difference = x - mean;
    let ratio = difference / (x + mean);
    if ratio.abs() >= 0.1 {
        return x * libm::log(x / mean) - difference;
    }
    // With v the ratio, ln(x / mean) = 2 (v + v^3 / 3 + v^5 / 5 + ...), and v^2 < 0.01 makes
    // the first omitted term smaller than 10^-18 of the sum.
    let square = ratio * ratio;
    let series = ODD_INVERSES
        .iter()
        .rev()
        .fold(0.0, |sum, inverse| (sum + inverse) * square);
    ratio * (difference + 2.0 * x * series)
}

/// 1 / 3, 1 / 5, ..., 1 / 17.
const ODD_INVERSES: [f64; 8] = [
    1.0 / 3.0,
    1.0 / 5.0,
    1.0 / 7.0,
    1.0 / 9.0,
    1.0 / 11.0,
    1.0 / 13.0,
    1.0 / 15.0,
    1.0 / 17.0,
];

/// Returns the logarithm of the Poisson probability of `k` (whole, >= 0) under `mean` > 0.
pub(super) fn ln_poisson(k: f64, mean: f64) -> f64 {
    if k == 0.0 {
        return -mean;
    }
    -stirling_error(k) - deviance(k, mean) - 0.5 * (LN_2_PI + libm::log(k))
}

/// Returns the logarithm of the binomial probability of `k` (whole, 0 to `n`), 0 < `p` < 1.
pub(super) fn ln_binomial(k: f64, n: f64, p: f64) -> f64 {
    if k == 0.0 {
        return n * libm::log1p(-p);
    }
    if k == n {
        return n * libm::log(p);
    }
    stirling_error(n) + saddle_point(k, n, p) - 0.5 * (LN_2_PI + libm::log(k * ((n - k) / n)))
}

/// Returns the probability of `successes` in `trials` independent trials that succeed with
/// probability `p`, accurate in the tails too.
///
/// # Panics
/// When there are more successes than trials, or `p` is no probability.
pub fn binomial_mass(successes: u64, trials: u64, p: f64) -> f64 {
    assert!(successes <= trials, "a success is a trial");
    assert!((0.0..=1.0).contains(&p), "{p} is no probability");
    // Where nothing or everything succeeds there is no chance.
    if p == 0.0 || p == 1.0 {
        let certain = if p == 0.0 { 0 } else { trials };
        return if successes == certain { 1.0 } else { 0.0 };
    }
    libm::exp(ln_binomial(successes as f64, trials as f64, p))
}

/// Returns ln(P(k) / P(mode)) of a binomial; both counts whole, `mode` between 0 and `n`.
///
/// It costs one logarithm where two probabilities would cost two.
pub(super) fn ln_binomial_ratio(k: f64, mode: f64, n: f64, p: f64) -> f64 {
    if k == 0.0 || k == n {
        return ln_binomial(k, n, p) - ln_binomial(mode, n, p);
    }
    let spread = (mode / k) * ((n - mode) / (n - k));
    saddle_point(k, n, p) - saddle_point(mode, n, p) + 0.5 * libm::log(spread)
}

/// The part of a binomial log-probability that varies fast with 0 < `k` < `n`.
fn saddle_point(k: f64, n: f64, p: f64) -> f64 {
    let rest = n - k;
    let errors = stirling_error(k) + stirling_error(rest);
    -errors - deviance(k, n * p) - deviance(rest, n * (1.0 - p))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expect: f64) {
        assert!(
            (found - expect).abs() <= 2e-13 * expect.abs().max(1.0),
            "{found} {expect}"
        );
    }

    #[test]
    fn the_ratio_to_the_mode_is_the_difference_of_the_logarithms() {
        for k in [0.0, 1.0, 16.0, 17.0, 300.0, 1_000.0] {
            let expect = ln_binomial(k, 1_000.0, 0.3) - ln_binomial(300.0, 1_000.0, 0.3);
            close(ln_binomial_ratio(k, 300.0, 1_000.0, 0.3), expect);
        }
    }

    // Expected values: mpmath 1.3, log-gamma with 40 digits.
    #[test]
    fn binomial_probabilities_are_accurate_at_every_size() {
        close(ln_binomial(0.0, 10.0, 0.3), -3.566_749_439_387_323_6);
        close(ln_binomial(10.0, 10.0, 0.3), -12.039_728_043_259_36);
        close(ln_binomial(3.0, 10.0, 0.3), -1.321_151_277_766_888_6);
        close(ln_binomial(17.0, 40.0, 0.5), -2.516_996_525_541_679_3);
        close(
            ln_binomial(1_000.0, 15_000_000.0, 0.001),
            -11_302.860_502_562_89,
        );
        close(
            ln_binomial(15_100.0, 15_000_000.0, 0.001),
            -6.062_594_196_165_745,
        );
        close(ln_binomial(16.0, 1_000.0, 0.01), -3.840_653_943_064_34);
        close(
            ln_binomial(500_000_000_000.0, 1_000_000_000_000.0, 0.5),
            -14.041_301_910_609_251,
        );
        close(
            ln_binomial(500_001_000_000.0, 1_000_000_000_000.0, 0.5),
            -16.041_301_910_608_585,
        );
    }

    #[test]
    fn poisson_probabilities_are_accurate_at_every_size() {
        close(ln_poisson(0.0, 3.5), -3.5);
        close(ln_poisson(2.0, 3.5), -1.687_621_243_569_209_3);
        close(ln_poisson(40.0, 12.0), -22.924_373_723_237_384);
        close(ln_poisson(100.0, 100.0), -3.222_356_956_754_353_5);
        close(ln_poisson(1_000_300.0, 1_000_000.0), -7.871_839_373_674_528);
        close(
            ln_poisson(1_000_000_300_000_000.0, 1_000_000_000_000_000.0),
            -63.188_322_380_660_665,
        );
    }
}
