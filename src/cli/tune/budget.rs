//! How much may be played: a number of rollouts, a time, or both.

use std::time::{Duration, Instant};

/// How many rollouts are played where nobody says.
const RUNS: u64 = 200_000;

/// What is left of a budget.
#[derive(Debug)]
pub struct Clock {
    runs: Option<u64>,
    time: Option<Duration>,
    begun: Instant,
}

impl Clock {
    /// Starts the clock.
    pub fn new(runs: Option<u64>, time: Option<Duration>) -> Self {
        let runs = if time.is_none() {
            Some(runs.unwrap_or(RUNS))
        } else {
            runs
        };
        Self {
            runs,
            time,
            begun: Instant::now(),
        }
    }

    /// Returns how many rollouts there will be at most; 0 where nobody knows.
    pub fn total(&self) -> u64 {
        self.runs.unwrap_or(0)
    }

    /// Says whether `cost` more rollouts may be played after `played`.
    ///
    /// What a time allows is foreseen from the rate so far. A search that ends here after so many rollouts
    /// ends at the same place when it is given that number in place of the time.
    pub fn may(&self, played: u64, cost: u64) -> bool {
        let enough = self.runs.is_none_or(|runs| played + cost <= runs);
        let in_time = self
            .time
            .is_none_or(|time| fits(self.begun.elapsed(), time, played, cost));
        enough && in_time
    }
}

/// The first piece of work is always begun: nothing is known before it.
fn fits(elapsed: Duration, time: Duration, played: u64, cost: u64) -> bool {
    let each = elapsed.as_secs_f64() / played.max(1) as f64;
    played == 0 || elapsed.as_secs_f64() + each * cost as f64 <= time.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_time_allows_is_foreseen() {
        let second = Duration::from_secs(1);
        assert!(fits(second, 3 * second, 100, 200));
        assert!(!fits(second, 3 * second, 100, 201));
        assert!(
            fits(second, second / 2, 0, 1000),
            "something is always played"
        );
    }

    #[test]
    fn a_number_of_rollouts_is_never_exceeded() {
        let clock = Clock::new(Some(1000), None);
        assert!(clock.may(900, 100));
        assert!(!clock.may(900, 101));
        assert_eq!(Clock::new(None, None).total(), RUNS);
    }
}
