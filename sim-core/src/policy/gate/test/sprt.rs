//! Wald's sequential probability ratio test of a rate.

use libm::log;

use super::{Guarantee, Verdict};

/// Wald's sequential probability ratio test of an error rate (A. Wald, Ann. Math. Stat. 16, 1945).
///
/// The null is the rate `p0`, the alternative the higher rate `p1`. After `n` requests of which `k`
/// failed, the log likelihood ratio is `k ln(p1/p0) + (n-k) ln((1-p1)/(1-p0))`. At
/// `ln((1-beta)/alpha)` and above the null is rejected, at `ln(beta/(1-alpha))` and below it is
/// accepted, and the test ends there.
///
/// What holds whatever the overshoot (Wald, section 3.2): the probability of a false rejection is at
/// most `alpha/(1-beta)`, that of a false acceptance at most `beta/(1-alpha)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sprt {
    error: f64,
    success: f64,
    upper: f64,
    lower: f64,
    alpha: f64,
    beta: f64,
    failed: u64,
    n: u64,
    ended: Verdict,
}

impl Sprt {
    /// A test of the rate `p0` against the rate `p1`.
    ///
    /// # Panics
    ///
    /// Unless `0 < p0 < p1 < 1`, `0 < alpha`, `0 < beta` and `alpha + beta < 1`.
    pub fn new(p0: f64, p1: f64, alpha: f64, beta: f64) -> Self {
        assert!(0.0 < p0 && p0 < p1 && p1 < 1.0, "rates {p0} and {p1}");
        assert!(
            alpha > 0.0 && beta > 0.0 && alpha + beta < 1.0,
            "errors {alpha} and {beta}"
        );
        Self {
            error: log(p1 / p0),
            success: log((1.0 - p1) / (1.0 - p0)),
            upper: log((1.0 - beta) / alpha),
            lower: log(beta / (1.0 - alpha)),
            alpha,
            beta,
            failed: 0,
            n: 0,
            ended: Verdict::Undecided,
        }
    }

    /// Takes `n` more requests of which `failed` failed; after its end the test takes nothing.
    ///
    /// # Panics
    ///
    /// If more failed than there were.
    pub fn observe(&mut self, failed: u64, n: u64) -> Verdict {
        assert!(failed <= n, "{failed} of {n} failed");
        if self.ended != Verdict::Undecided {
            return self.ended;
        }
        self.failed += failed;
        self.n += n;
        let ratio = self.log_ratio();
        self.ended = if ratio >= self.upper {
            Verdict::Rejected
        } else if ratio <= self.lower {
            Verdict::Accepted
        } else {
            Verdict::Undecided
        };
        self.ended
    }

    /// Takes requests as [`Sprt::observe`] does, and goes on after an acceptance: for a rate that may
    /// rise later. What was accepted stays so until it is rejected.
    ///
    /// The likelihood ratio ever reaches the upper boundary with a probability of at most
    /// `alpha/(1-beta)`, whether or not anybody stops at the lower one (Ville's inequality).
    pub fn watch(&mut self, failed: u64, n: u64) -> Verdict {
        if self.ended != Verdict::Accepted {
            return self.observe(failed, n);
        }
        self.ended = Verdict::Undecided;
        if self.observe(failed, n) == Verdict::Undecided {
            self.ended = Verdict::Accepted;
        }
        self.ended
    }

    /// Returns the log likelihood ratio, computed from the totals so that nothing drifts.
    pub fn log_ratio(&self) -> f64 {
        self.failed as f64 * self.error + (self.n - self.failed) as f64 * self.success
    }

    /// Returns how many requests have been taken.
    pub const fn taken(&self) -> u64 {
        self.n
    }

    /// Returns the boundaries of acceptance and rejection.
    pub const fn boundaries(&self) -> [f64; 2] {
        [self.lower, self.upper]
    }

    /// A false rejection has probability at most `alpha/(1-beta)`, given that `p0` is the rate.
    pub fn guarantee(&self) -> Guarantee {
        Guarantee::AnyTime {
            alpha: self.alpha / (1.0 - self.beta),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boundaries_are_walds() {
        let [lower, upper] = Sprt::new(0.01, 0.03, 0.05, 0.1).boundaries();
        assert_eq!(upper, 2.890_371_757_896_164_5);
        assert_eq!(lower, -2.251_291_798_606_495);
    }

    /// 2.89 / ln 3 = 2.6: three failures at once reject; 2.25 / 0.0204 = 110.3: so many successes
    /// accept.
    #[test]
    fn the_boundaries_are_reached_at_the_counts_of_the_closed_form() {
        let check = |failed, n, expect| {
            let mut test = Sprt::new(0.01, 0.03, 0.05, 0.1);
            assert_eq!(test.observe(failed, n), expect, "{failed} of {n}");
        };
        check(2, 2, Verdict::Undecided);
        check(3, 3, Verdict::Rejected);
        check(0, 110, Verdict::Undecided);
        check(0, 111, Verdict::Accepted);
    }

    #[test]
    fn an_ended_test_takes_nothing() {
        let mut test = Sprt::new(0.01, 0.03, 0.05, 0.1);
        test.observe(0, 111);
        assert_eq!(test.observe(50, 50), Verdict::Accepted);
        assert_eq!(test.taken(), 111);
    }

    #[test]
    fn a_watch_goes_on_after_an_acceptance_and_may_still_reject() {
        let mut test = Sprt::new(0.01, 0.03, 0.05, 0.1);
        assert_eq!(test.watch(0, 111), Verdict::Accepted);
        assert_eq!(
            test.watch(3, 3),
            Verdict::Accepted,
            "back between the boundaries"
        );
        assert_eq!(test.watch(2, 2), Verdict::Rejected);
        assert_eq!(
            test.watch(0, 1_000),
            Verdict::Rejected,
            "a rejection stays one"
        );
    }

    /// The exact operating characteristic by dynamic programming over the number of failures:
    /// P(reject) and E(n) at p = 0.01 and at p = 0.03, as known from an independent computation.
    #[test]
    fn the_exact_operating_characteristic_comes_out() {
        let check = |p: f64, reject: f64, mean: f64| {
            let (got_reject, got_mean) = characteristic(p);
            assert!(
                (got_reject / reject - 1.0).abs() < 1e-9,
                "{p}: {got_reject}"
            );
            assert!((got_mean / mean - 1.0).abs() < 1e-9, "{p}: {got_mean}");
        };
        check(0.01, 0.034_610_803_228_936_275, 224.823_819_290_361_83);
        check(0.03, 0.899_508_175_912_520_9, 207.768_560_820_224_42);
    }

    /// Walks the number of failures, one request at a time, for as long as any probability is left to speak of.
    fn characteristic(p: f64) -> (f64, f64) {
        let fresh = Sprt::new(0.01, 0.03, 0.05, 0.1);
        let (mut alive, mut reject, mut mean) = (vec![1.0], 0.0, 0.0);
        for n in 1..4_000_u64 {
            let mut next = vec![0.0; alive.len() + 1];
            for (failed, mass) in alive.iter().enumerate() {
                next[failed] += mass * (1.0 - p);
                next[failed + 1] += mass * p;
            }
            mean += alive.iter().sum::<f64>();
            for (failed, mass) in next.iter_mut().enumerate() {
                let mut test = fresh;
                match test.observe(failed as u64, n.max(failed as u64)) {
                    Verdict::Undecided => continue,
                    Verdict::Rejected => reject += *mass,
                    Verdict::Accepted => {}
                }
                *mass = 0.0;
            }
            alive = next;
            while alive.last() == Some(&0.0) {
                alive.pop();
            }
        }
        (reject, mean)
    }
}
