//! A betting process on judgements.

use super::{Guarantee, Verdict};

/// No wealth is counted beyond this, so that the product stays finite however long it runs.
const CAP: f64 = 1e15;

/// A test by betting on breaches (G. Shafer, J. R. Stat. Soc. A 184, 2021; the form that asupersync's
/// oracle uses): from 1, each judgement multiplies the wealth by `1 + bet (x - p0)`, where `x` is 1
/// for a breach and 0 for none, capped at 1e15.
///
/// If each judgement breaches with a conditional probability of at most `p0`, whatever came before,
/// the wealth is a supermartingale, and by Ville's inequality it ever reaches `1/alpha` with
/// probability at most `alpha`. Capping only lowers it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EProcess {
    p0: f64,
    bet: f64,
    alpha: f64,
    wealth: f64,
    seen: u64,
    rejected_at: Option<u64>,
}

impl EProcess {
    /// A process that has bet on nothing.
    ///
    /// # Panics
    ///
    /// Unless `p0` and `alpha` are inside `(0, 1)` and `0 < bet <= 1 / p0`, so that wealth stays
    /// positive.
    pub fn new(p0: f64, bet: f64, alpha: f64) -> Self {
        assert!(0.0 < p0 && p0 < 1.0, "rate of breaches {p0}");
        assert!(0.0 < alpha && alpha < 1.0, "level {alpha}");
        assert!(bet > 0.0 && bet * p0 <= 1.0, "bet {bet} at {p0}");
        Self {
            p0,
            bet,
            alpha,
            wealth: 1.0,
            seen: 0,
            rejected_at: None,
        }
    }

    /// Takes one judgement. The null once rejected stays rejected.
    pub fn observe(&mut self, breached: bool) -> Verdict {
        let x = if breached { 1.0 } else { 0.0 };
        self.wealth = (self.wealth * (1.0 + self.bet * (x - self.p0))).min(CAP);
        if self.rejected_at.is_none() && self.wealth >= 1.0 / self.alpha {
            self.rejected_at = Some(self.seen);
        }
        self.seen += 1;
        Verdict::rejected_if(self.rejected_at.is_some())
    }

    /// Returns the wealth.
    pub const fn wealth(&self) -> f64 {
        self.wealth
    }

    /// Returns the number, from 0, of the judgement at which the null was rejected.
    pub const fn rejected_at(&self) -> Option<u64> {
        self.rejected_at
    }

    /// At most `alpha` at any time.
    pub const fn guarantee(&self) -> Guarantee {
        Guarantee::AnyTime { alpha: self.alpha }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(p0: f64, runs: &[(bool, u32)], wealth: f64, rejected_at: Option<u64>) {
        let mut process = EProcess::new(p0, 0.5, 0.05);
        for (breached, count) in runs {
            for _ in 0..*count {
                process.observe(*breached);
            }
        }
        assert_eq!(process.rejected_at(), rejected_at, "{runs:?}");
        let relative = process.wealth() / wealth - 1.0;
        assert!(relative.abs() < 1e-9, "{runs:?}: {}", process.wealth());
    }

    /// Rows of the recorded decisions of asupersync's e-process oracle (commit c344862).
    #[test]
    fn the_recorded_decisions_come_out() {
        check(0.1, &[(true, 1)], 1.45, None);
        check(0.1, &[(true, 7)], 13.476_465_866_406_249, None);
        check(0.1, &[(true, 9)], 28.334_269_484_119_14, Some(8));
        check(0.1, &[(false, 50), (true, 200)], 1e15, Some(64));
        check(
            0.1,
            &[(false, 1000), (true, 200)],
            9_935_866_230.629_587,
            Some(1146),
        );
        check(0.001, &[(true, 8)], 25.560_642_181_240_897, Some(7));
        check(0.001, &[(false, 200), (true, 200)], 1e15, Some(207));
    }

    #[test]
    fn a_cadence_of_breaches_is_noticed_when_recorded() {
        let mut process = EProcess::new(0.001, 0.5, 0.05);
        for i in 1..=400 {
            process.observe(i % 3 == 0);
        }
        assert_eq!(process.rejected_at(), Some(23));
        assert_eq!(process.wealth(), 999_500_000_000_000.0);
    }
}
