//! The hypergeometric distribution: inversion for few hits, ratio of uniforms for many.
//!
//! Sources: E. Stadlober, "The ratio of uniforms approach for generating discrete random
//! variates", J. Comput. Appl. Math. 31 (1990), algorithm HRUA; the probabilities are products
//! of binomial ones, as in C. Loader (2000).

use super::floor;
use super::pmf::ln_binomial;
use crate::engine::Draws;

/// Below this mean walking up from zero hits is cheaper.
const REJECTION_MEAN_MIN: f64 = 10.0;

/// 2 sqrt(2 / e) and 3 - 2 sqrt(3 / e): the hat of HRUA.
const HAT: (f64, f64) = (1.715_527_769_921_413_5, 0.898_916_162_058_898_8);

/// Draws how many of `drawn` things taken without replacement are among the `marked` ones of
/// `total`.
///
/// # Panics
/// When `marked` or `drawn` exceeds `total`, or `total` is above 2^52.
pub fn hypergeometric(draws: &mut Draws, total: u64, marked: u64, drawn: u64) -> u64 {
    assert!(total <= 1 << 52, "at most 2^52 things, not {total}");
    assert!(
        marked <= total && drawn <= total,
        "{marked} marked, {drawn} drawn of {total}"
    );
    // Counting the rarer kind in the smaller part leaves zero as the smallest result.
    let rare = marked.min(total - marked);
    let part = drawn.min(total - drawn);
    let hits = rare_hits(draws, total, rare, part);
    let in_part = if marked == rare { hits } else { part - hits };
    if drawn == part {
        in_part
    } else {
        marked - in_part
    }
}

fn rare_hits(draws: &mut Draws, total: u64, rare: u64, part: u64) -> u64 {
    if rare == 0 || part == 0 {
        return 0;
    }
    let urn = Urn {
        total: total as f64,
        rare: rare as f64,
        part: part as f64,
    };
    let hits = if urn.mean() < REJECTION_MEAN_MIN {
        urn.by_inversion(draws)
    } else {
        urn.by_rejection(draws)
    };
    hits as u64
}

/// What is drawn from, with `rare` and `part` both at most half of `total`.
struct Urn {
    total: f64,
    rare: f64,
    part: f64,
}

impl Urn {
    fn mean(&self) -> f64 {
        self.part * (self.rare / self.total)
    }

    /// The logarithm of the probability of `k` hits, up to a constant.
    fn ln_weight(&self, k: f64) -> f64 {
        let p = self.part / self.total;
        ln_binomial(k, self.rare, p) + ln_binomial(self.part - k, self.total - self.rare, p)
    }

    fn by_inversion(&self, draws: &mut Draws) -> f64 {
        let p = self.part / self.total;
        let at_zero = libm::exp(self.ln_weight(0.0) - ln_binomial(self.part, self.total, p));
        let common = self.total - self.rare - self.part;
        loop {
            let mut rest = draws.uniform();
            let mut probability = at_zero;
            let mut k = 0.0;
            while k <= self.rare.min(self.part) {
                if rest <= probability {
                    return k;
                }
                rest -= probability;
                let ways = (self.rare - k) * (self.part - k);
                k += 1.0;
                probability *= ways / (k * (common + k));
            }
            // Only rounding leads here: the probabilities sum to 1 - 10^-15 or so.
        }
    }

    fn by_rejection(&self, draws: &mut Draws) -> f64 {
        let p = self.rare / self.total;
        let finite = (self.total - self.part) / (self.total - 1.0);
        let center = self.mean() + 0.5;
        let spread = libm::sqrt(finite * self.part * p * (1.0 - p) + 0.5);
        let width = HAT.0 * spread + HAT.1;
        let mode = floor((self.part + 1.0) * ((self.rare + 1.0) / (self.total + 2.0)));
        let at_mode = self.ln_weight(mode);
        let most = self.rare.min(self.part);
        loop {
            let u = draws.uniform();
            let k = floor(center + width * (draws.uniform() - 0.5) / u);
            if k < 0.0 || k > most {
                continue;
            }
            let relative = self.ln_weight(k) - at_mode;
            // The first test is a squeeze of the second.
            if u * (4.0 - u) - 3.0 <= relative || 2.0 * libm::log(u) <= relative {
                return k;
            }
        }
    }
}
