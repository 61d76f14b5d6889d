//! Betting on where the failures fall.

use libm::{exp, lgamma, log};

use super::beta::incomplete_beta;
use super::proportions::Arms;
use super::{Guarantee, Verdict};

/// A test of the canary's error rate against the control's that needs no normal approximation and no
/// estimated variance: given how many requests failed in a look, it bets on how many of them were the
/// canary's.
///
/// Where the canary fails at most `worse_than` times as often as the control, each of the `K` failures
/// of a look is the canary's with a probability of at most `pi`, whose odds are `worse_than` times the
/// odds of the requests. Against each of the named ratios `r` (the canary fails `r` times as often as
/// allowed) the likelihood ratio is a product over looks; the wealth is the mean over the ratios.
/// A mean of such martingales with weights that were fixed beforehand is one too, whatever the share
/// of the canary does meanwhile, and every term grows with the canary's failures, so that a canary
/// better than allowed only lowers it. By Ville's inequality the wealth ever reaches `1/alpha` with
/// probability at most `alpha`.
///
/// The law is exact for Poisson counts. For binomial counts and `worse_than = 1` the canary's part is
/// hypergeometric, which is smaller in convex order (W. Hoeffding, J. Am. Stat. Assoc. 58, 1963), and
/// the likelihood ratio is convex in it: the bound holds all the more.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionalEProcess {
    alpha: f64,
    worse_than: f64,
    /// Each ratio with the logarithm of its likelihood ratio so far.
    bets: Vec<(f64, f64)>,
    largest: f64,
}

impl ConditionalEProcess {
    /// A process that bets alike on each of `ratios`.
    ///
    /// # Panics
    ///
    /// Unless `alpha` is inside `(0, 1)`, `worse_than` is positive and there are ratios, all above 1.
    pub fn new(alpha: f64, worse_than: f64, ratios: &[f64]) -> Self {
        assert!(0.0 < alpha && alpha < 1.0, "level {alpha}");
        assert!(worse_than > 0.0, "factor {worse_than}");
        assert!(
            !ratios.is_empty() && ratios.iter().all(|ratio| *ratio > 1.0),
            "ratios {ratios:?}"
        );
        Self {
            alpha,
            worse_than,
            bets: ratios.iter().map(|ratio| (*ratio, 0.0)).collect(),
            largest: 1.0,
        }
    }

    /// Takes what came since the last look; a look without requests in both arms teaches nothing.
    /// The null once rejected stays rejected.
    pub fn observe(&mut self, more: Arms) -> Verdict {
        if more.canary > 0 && more.control > 0 {
            let odds = self.worse_than * more.canary as f64 / more.control as f64;
            let pi = odds / (1.0 + odds);
            let failed = (more.canary_failed + more.control_failed) as f64;
            for (ratio, log_ratio) in &mut self.bets {
                // The canary's share r pi / (r pi + 1 - pi), over pi and over 1 - pi.
                let norm = log(*ratio * pi + 1.0 - pi);
                *log_ratio += more.canary_failed as f64 * log(*ratio) - failed * norm;
            }
            self.largest = self.largest.max(self.wealth());
        }
        Verdict::rejected_if(self.largest >= 1.0 / self.alpha)
    }

    /// Returns the wealth.
    pub fn wealth(&self) -> f64 {
        let sum: f64 = self.bets.iter().map(|(_, log_ratio)| exp(*log_ratio)).sum();
        sum / self.bets.len() as f64
    }

    /// At most `alpha` at any time.
    pub const fn guarantee(&self) -> Guarantee {
        Guarantee::AnyTime { alpha: self.alpha }
    }
}

/// The beta mixture of the same bets, in closed form: under the alternative the canary's share of the
/// failures is drawn from a beta distribution, cut off below the share that the null allows.
///
/// While the share `pi` that the null allows stays the same, the wealth after `k` of `K` failures is
/// `B(a + k, b + K - k) / B(a, b) / (pi^k (1 - pi)^(K - k))` times the ratio of the parts above `pi`. When
/// `pi` changes, what was won is kept and a new factor starts from 1: the product stays a martingale,
/// because each factor is one given everything before it. What was learnt about the share is lost, so
/// that this form suits canaries whose share of the requests is fixed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaEProcess {
    alpha: f64,
    shapes: [f64; 2],
    pi: f64,
    canary_failed: f64,
    failed: f64,
    log_earned: f64,
    largest: f64,
}

impl BetaEProcess {
    /// A process whose alternative has the shapes `shapes`, cut off below the null's share.
    ///
    /// # Panics
    ///
    /// Unless `alpha` is inside `(0, 1)` and the shapes are positive.
    pub fn new(alpha: f64, shapes: [f64; 2]) -> Self {
        assert!(0.0 < alpha && alpha < 1.0, "level {alpha}");
        assert!(shapes.iter().all(|shape| *shape > 0.0), "shapes {shapes:?}");
        Self {
            alpha,
            shapes,
            pi: f64::NAN,
            canary_failed: 0.0,
            failed: 0.0,
            log_earned: 0.0,
            largest: 1.0,
        }
    }

    /// Takes `canary_failed` of `failed` failures, each of which the null gives to the canary with a
    /// probability of at most `pi`.
    ///
    /// # Panics
    ///
    /// Unless `pi` is inside `(0, 1)`.
    pub fn observe(&mut self, canary_failed: u64, failed: u64, pi: f64) -> Verdict {
        assert!(0.0 < pi && pi < 1.0, "share {pi}");
        if pi != self.pi {
            self.log_earned = self.log_wealth();
            (self.pi, self.canary_failed, self.failed) = (pi, 0.0, 0.0);
        }
        self.canary_failed += canary_failed as f64;
        self.failed += failed as f64;
        self.largest = self.largest.max(self.wealth());
        Verdict::rejected_if(self.largest >= 1.0 / self.alpha)
    }

    /// Returns the wealth.
    pub fn wealth(&self) -> f64 {
        exp(self.log_wealth())
    }

    fn log_wealth(&self) -> f64 {
        if self.failed == 0.0 {
            return self.log_earned;
        }
        let [a, b] = self.shapes;
        let (k, rest) = (self.canary_failed, self.failed - self.canary_failed);
        let log_beta = |a: f64, b: f64| lgamma(a) + lgamma(b) - lgamma(a + b);
        let null = k * log(self.pi) + rest * log(1.0 - self.pi);
        // The part above pi, as the lower tail of the complement, keeps its digits when it is small.
        let above = |a: f64, b: f64| log(incomplete_beta(b, a, 1.0 - self.pi).max(1e-300));
        self.log_earned + log_beta(a + k, b + rest) - log_beta(a, b) - null + above(a + k, b + rest)
            - above(a, b)
    }

    /// At most `alpha` at any time.
    pub const fn guarantee(&self) -> Guarantee {
        Guarantee::AnyTime { alpha: self.alpha }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arms(canary_failed: u64, canary: u64, control_failed: u64, control: u64) -> Arms {
        Arms {
            canary_failed,
            canary,
            control_failed,
            control,
        }
    }

    /// C(n, k) x^k (1 - x)^(n - k), summed by hand for small n.
    fn binomial(k: u64, n: u64, x: f64) -> f64 {
        let ways: f64 = (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product();
        let power = |x: f64, n: u64| (0..n).map(|_| x).product::<f64>();
        ways * power(x, k) * power(1.0 - x, n - k)
    }

    #[test]
    fn the_wealth_after_one_look_is_the_mean_of_two_likelihood_ratios() {
        let mut process = ConditionalEProcess::new(0.01, 1.0, &[2.0, 3.0]);
        process.observe(arms(4, 100, 6, 900));
        let at = |share: f64| binomial(4, 10, share) / binomial(4, 10, 0.1);
        let expect = 0.5 * (at(2.0 / 11.0) + at(3.0 / 12.0));
        assert!((process.wealth() / expect - 1.0).abs() < 1e-12);
    }

    /// A bet is fair: its mean under the null is 1, and below 1 where the canary is better.
    #[test]
    fn a_look_has_mean_one_under_the_null_and_less_where_the_canary_is_better() {
        let mean = |share: f64| -> f64 {
            let after = |k| {
                let mut process = ConditionalEProcess::new(0.01, 2.0, &[1.5, 4.0]);
                process.observe(arms(k, 100, 12 - k, 900));
                process.wealth()
            };
            (0..=12).map(|k| binomial(k, 12, share) * after(k)).sum()
        };
        // Twice the odds 1/9 are the odds of 2/11.
        assert!((mean(2.0 / 11.0) - 1.0).abs() < 1e-12);
        assert!(mean(0.1) < 1.0);
    }

    /// Binomial arms with equal rates: the canary's part is hypergeometric, and the mean is below 1.
    #[test]
    fn equal_binomial_arms_make_the_bet_unfavourable() {
        let ways = |k: u64, n: u64| binomial(k, n, 0.5);
        let mean: f64 = (0..=6)
            .map(|k| {
                let mut process = ConditionalEProcess::new(0.01, 1.0, &[3.0]);
                process.observe(arms(k, 8, 6 - k, 12));
                ways(k, 8) * ways(6 - k, 12) / ways(6, 20) * process.wealth()
            })
            .sum();
        assert!(mean < 1.0 && mean > 0.5, "{mean}");
    }

    #[test]
    fn looks_with_other_shares_multiply() {
        let wealth = |looks: &[Arms]| {
            let mut process = ConditionalEProcess::new(0.01, 1.0, &[2.0]);
            for look in looks {
                process.observe(*look);
            }
            process.wealth()
        };
        let (first, second) = (arms(3, 100, 5, 900), arms(9, 500, 4, 500));
        let product = wealth(&[first]) * wealth(&[second]);
        assert!((wealth(&[first, second]) / product - 1.0).abs() < 1e-12);
        assert_eq!(wealth(&[arms(0, 0, 9, 100)]), 1.0);
    }

    #[test]
    fn the_closed_form_is_fair_and_restarts_when_the_share_changes() {
        let after = |k| {
            let mut process = BetaEProcess::new(0.01, [2.0, 8.0]);
            process.observe(k, 12, 0.1);
            process.wealth()
        };
        let mean: f64 = (0..=12).map(|k| binomial(k, 12, 0.1) * after(k)).sum();
        assert!((mean - 1.0).abs() < 1e-9, "{mean}");
        let mut process = BetaEProcess::new(0.01, [2.0, 8.0]);
        process.observe(3, 12, 0.1);
        process.observe(5, 12, 0.3);
        let mut second = BetaEProcess::new(0.01, [2.0, 8.0]);
        second.observe(5, 12, 0.3);
        let product = after(3) * second.wealth();
        assert!((process.wealth() / product - 1.0).abs() < 1e-12);
    }

    /// All failures are the canary's: (r / (r pi + 1 - pi))^K reaches 100 at the K of the closed form.
    #[test]
    fn the_first_rejection_is_where_the_closed_form_says() {
        let mut process = ConditionalEProcess::new(0.01, 1.0, &[3.0]);
        // (3 / 1.2)^K >= 100 first holds for K = 6: 2.5^5 = 97.7.
        let rejected = (1..100).find(|_| process.observe(arms(1, 100, 0, 900)).rejects());
        assert_eq!(rejected, Some(6));
    }
}
