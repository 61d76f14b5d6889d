//! What one look says, and how likely.

use crate::engine::sample::binomial_mass;
use crate::policy::Judgement;

/// The probabilities of what one look of a gate may say; together they are 1.
///
/// Each is given by itself, so that a small one is as accurate as a large one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Odds {
    /// The reading breaches the limit.
    pub breach: f64,
    /// It does not.
    pub pass: f64,
    /// There is nothing to judge.
    pub hold: f64,
    /// The measurement failed.
    pub error: f64,
}

impl Odds {
    /// Looks that breach with probability `breach` and pass otherwise.
    pub const fn of_breach(breach: f64) -> Self {
        Self {
            breach,
            pass: 1.0 - breach,
            hold: 0.0,
            error: 0.0,
        }
    }

    /// Looks at the share of failures among `requests` independent ones, each of which fails with
    /// probability `rate`, where `breaches` says which shares breach: sums of the binomial law.
    ///
    /// # Panics
    /// Without requests, or with a rate that is no probability.
    pub fn of_share(requests: u32, rate: f64, breaches: impl Fn(f64) -> bool) -> Self {
        assert!(requests > 0, "a share is one of requests");
        let (mut breach, mut pass) = (0.0, 0.0);
        for failures in 0..=requests {
            let share = f64::from(failures) / f64::from(requests);
            let mass = binomial_mass(failures.into(), requests.into(), rate);
            *(if breaches(share) {
                &mut breach
            } else {
                &mut pass
            }) += mass;
        }
        Self {
            breach,
            pass,
            hold: 0.0,
            error: 0.0,
        }
    }

    /// The same looks, of which one in so many has nothing to judge (`hold`) or fails (`error`)
    /// whatever it would have said.
    #[must_use]
    pub fn with_gaps(self, hold: f64, error: f64) -> Self {
        let seen = 1.0 - hold - error;
        Self {
            breach: seen * self.breach,
            pass: seen * self.pass,
            hold: hold + seen * self.hold,
            error: error + seen * self.error,
        }
    }

    /// The judgements with their probabilities, those that never come left out.
    pub(super) fn each(self) -> impl Iterator<Item = (Judgement, f64)> {
        let all = [
            (Judgement::Breach, self.breach),
            (Judgement::Pass, self.pass),
            (Judgement::Hold, self.hold),
            (Judgement::Error, self.error),
        ];
        all.into_iter()
            .filter(|(_, probability)| *probability > 0.0)
    }

    /// Whether these are probabilities, up to rounding.
    pub(super) fn are_sound(self) -> bool {
        let all = [self.breach, self.pass, self.hold, self.error];
        all.iter().all(|part| (0.0..=1.0).contains(part))
            && (all.iter().sum::<f64>() - 1.0).abs() < 1e-9
    }
}
