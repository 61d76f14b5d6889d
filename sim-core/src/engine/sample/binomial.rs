//! The binomial distribution: inversion for few successes, transformed rejection for many.
//!
//! Sources: W. Hoermann, "The generation of binomial random variates", J. Stat. Comput. Simul.
//! 46 (1993), algorithm BTRS; V. Kachitvichyanukul, B. W. Schmeiser, "Binomial random variate
//! generation", CACM 31(2), 1988, algorithm BINV.

use super::floor;
use super::pmf::ln_binomial_ratio;
use crate::engine::Draws;

/// The smallest n p for which BTRS is valid.
const REJECTION_MEAN_MIN: f64 = 10.0;

/// Below n p = 10 the probability of more successes is under 10^-70.
const INVERSION_COUNT_MAX: u64 = 110;

/// From here on neighbouring counts are no longer different `f64`s.
const TRIALS_MAX: u64 = 1 << 52;

/// Draws the successes of `n` independent trials of probability `p`.
///
/// For several draws of one distribution, keep a [`Binomial`].
///
/// # Panics
/// When `p` is outside 0 to 1 or NaN, or `n` is above 2^52.
pub fn binomial(draws: &mut Draws, n: u64, p: f64) -> u64 {
    // Nothing happens with probability (1 - p)^n, which is at least 1 - n p (Bernoulli): a first look at
    // the draw that decides spares rare things their logarithm. The draw itself is not used up.
    if n > 0 && p > 0.0 && p < 0.5 && draws.clone().uniform() <= 1.0 - n as f64 * p {
        draws.uniform();
        return 0;
    }
    Binomial::new(n, p).sample(draws)
}

/// A binomial distribution with its set-up done: a few divisions, no logarithm for large n p.
#[derive(Clone, Copy, Debug)]
pub struct Binomial {
    n: u64,
    /// Failures are counted instead of successes when they are rarer.
    flipped: bool,
    method: Method,
}

#[derive(Clone, Copy, Debug)]
enum Method {
    Never,
    Inversion(Inversion),
    Rejection(Rejection),
}

impl Binomial {
    /// Makes the distribution of the successes of `n` trials of probability `p`.
    ///
    /// # Panics
    /// When `p` is outside 0 to 1 or NaN, or `n` is above 2^52.
    pub fn new(n: u64, p: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&p),
            "a probability is from 0 to 1, not {p}"
        );
        assert!(
            n <= TRIALS_MAX,
            "a binomial has at most 2^52 trials, not {n}"
        );
        let flipped = p > 0.5;
        let rare = if flipped { 1.0 - p } else { p };
        let method = if n == 0 || rare == 0.0 {
            Method::Never
        } else if n as f64 * rare < REJECTION_MEAN_MIN {
            Method::Inversion(Inversion::new(n, rare))
        } else {
            Method::Rejection(Rejection::new(n, rare))
        };
        Self { n, flipped, method }
    }

    /// Draws a number of successes.
    #[inline]
    pub fn sample(&self, draws: &mut Draws) -> u64 {
        let rare = match &self.method {
            Method::Never => 0,
            Method::Inversion(inversion) => inversion.sample(draws),
            Method::Rejection(rejection) => rejection.sample(draws),
        };
        debug_assert!(rare <= self.n);
        if self.flipped { self.n - rare } else { rare }
    }
}

/// Algorithm BINV: walks up from 0 successes by the ratio of neighbouring probabilities.
#[derive(Clone, Copy, Debug)]
struct Inversion {
    at_zero: f64,
    odds: f64,
    /// (n + 1) times the odds: P(k) / P(k - 1) = `scaled` / k - `odds`.
    scaled: f64,
    count_max: f64,
}

impl Inversion {
    fn new(n: u64, p: f64) -> Self {
        let odds = p / (1.0 - p);
        Self {
            at_zero: libm::exp(n as f64 * libm::log1p(-p)),
            odds,
            scaled: (n + 1) as f64 * odds,
            count_max: n.min(INVERSION_COUNT_MAX) as f64,
        }
    }

    fn sample(&self, draws: &mut Draws) -> u64 {
        loop {
            let mut rest = draws.uniform();
            let mut probability = self.at_zero;
            let mut count = 0.0;
            while count <= self.count_max {
                if rest <= probability {
                    return count as u64;
                }
                rest -= probability;
                count += 1.0;
                probability *= self.scaled / count - self.odds;
            }
            // Only rounding leads here: the probabilities sum to 1 - 10^-16 or so.
        }
    }
}

/// Algorithm BTRS: inversion of a table mountain above the histogram, with a squeeze.
#[derive(Clone, Copy, Debug)]
struct Rejection {
    n: f64,
    p: f64,
    a: f64,
    b: f64,
    c: f64,
    alpha: f64,
    sure: f64,
}

impl Rejection {
    fn new(n: u64, p: f64) -> Self {
        let n = n as f64;
        let deviation = libm::sqrt(n * p * (1.0 - p));
        let b = 1.15 + 2.53 * deviation;
        Self {
            n,
            p,
            a: -0.0873 + 0.0248 * b + 0.01 * p,
            b,
            c: n * p + 0.5,
            alpha: (2.83 + 5.1 / b) * deviation,
            sure: 0.92 - 4.2 / b,
        }
    }

    #[inline]
    fn sample(&self, draws: &mut Draws) -> u64 {
        loop {
            let u = draws.uniform() - 0.5;
            let v = draws.uniform();
            let us = 0.5 - u.abs();
            let k = floor((2.0 * self.a / us + self.b) * u + self.c);
            if (us >= 0.07 && v <= self.sure) || self.accepts(k, us, v) {
                return k as u64;
            }
        }
    }

    #[cold]
    fn accepts(&self, k: f64, us: f64, v: f64) -> bool {
        if k < 0.0 || k > self.n {
            return false;
        }
        let mode = floor((self.n + 1.0) * self.p);
        let height = libm::log(v * self.alpha / (self.a / (us * us) + self.b));
        let (low, high) = squeeze((k - mode).abs(), self.n * self.p * (1.0 - self.p));
        height <= low || height <= high && height <= ln_binomial_ratio(k, mode, self.n, self.p)
    }
}

/// Bounds of ln(P(k) / P(mode)) at a distance from the mode, under this variance: they mostly decide, and
/// take no logarithm. Between them lies the normal curve.
///
/// Source: Kachitvichyanukul and Schmeiser (1988), algorithm BTPE, step 5.2.
fn squeeze(distance: f64, variance: f64) -> (f64, f64) {
    if distance >= variance / 2.0 - 1.0 {
        return (f64::NEG_INFINITY, f64::INFINITY);
    }
    let curve = -distance * distance / (2.0 * variance);
    let cubic = (distance * (distance / 3.0 + 0.625) + 1.0 / 6.0) / variance + 0.5;
    let off = distance / variance * cubic;
    // Far more than rounding can move the ratio, so that it never decides otherwise.
    (curve - off - 1e-12, curve + off + 1e-12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_squeeze_holds_everywhere() {
        for n in [21, 50, 137, 1_000, 6_000, 108_000] {
            for p in [0.5, 0.499, 0.3, 0.05, 0.01, 0.001] {
                let (n, variance) = (f64::from(n), f64::from(n) * p * (1.0 - p));
                let mode = floor((n + 1.0) * p);
                let far = (variance / 2.0) as i64;
                for step in -far..=far {
                    let k = mode + step as f64;
                    let (low, high) = squeeze((k - mode).abs(), variance);
                    if (0.0..=n).contains(&k) {
                        let exact = ln_binomial_ratio(k, mode, n, p);
                        let fits = (low..=high).contains(&exact);
                        assert!(fits, "{k} of {n} at {p}: {low} {exact} {high}");
                    }
                }
            }
        }
    }
}
