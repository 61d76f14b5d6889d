//! Sticky users: who is in the cohort, and who has met the new version.

use crate::engine::{Draws, Share, SimDuration, sample};

/// How users are assigned to a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// Exactly the share of the users, rounded down.
    Quota,
    /// Each user with the probability of the share, as a hash of the user's name does.
    Coin,
}

/// Users of sticky nested cohorts: one who is in at 5 % is also in at 25 %.
///
/// Users of a cohort are alike, so a cohort is two counts: its size and how many have met the new
/// version by visiting at least once since they joined. A step costs one binomial draw a cohort,
/// whatever the number of users.
#[derive(Clone, Debug)]
pub struct StickyUsers {
    users: u64,
    visits_per_hour: f64,
    assignment: Assignment,
    cohorts: Vec<Cohort>,
    /// The share that is in now; cohorts above it have left and may come back.
    share: Share,
}

/// The users between the share of the cohort before and `upper`.
#[derive(Clone, Copy, Debug)]
struct Cohort {
    upper: Share,
    size: u64,
    exposed: u64,
}

impl StickyUsers {
    /// Nobody is in yet. Each user visits at random instants, `visits_per_hour` on average.
    ///
    /// # Panics
    /// When the rate is negative or NaN.
    pub fn new(users: u64, visits_per_hour: f64, assignment: Assignment) -> Self {
        assert!(visits_per_hour >= 0.0, "a rate of visits is not negative");
        Self {
            users,
            visits_per_hour,
            assignment,
            cohorts: Vec::new(),
            share: Share::ZERO,
        }
    }

    /// Returns how many users are in now.
    pub fn assigned(&self) -> u64 {
        self.inside().map(|cohort| cohort.size).sum()
    }

    /// Returns how many different users have ever met the new version.
    pub fn exposed(&self) -> u64 {
        self.cohorts.iter().map(|cohort| cohort.exposed).sum()
    }

    /// Sets the share of users that are in, wider or narrower.
    ///
    /// Those who leave are the last who joined; when the share widens again they are the first to
    /// come back, and whoever of them was exposed before is not counted twice.
    pub fn set_share(&mut self, share: Share, draws: &mut Draws) {
        let reached = self.cohorts.last().map_or(Share::ZERO, |last| last.upper);
        if share > reached {
            let cohort = self.join(reached, share, draws);
            self.cohorts.push(cohort);
        } else {
            self.split_at(share, draws);
        }
        self.share = share;
    }

    /// Lets time pass and returns how many users met the new version for the first time.
    pub fn pass(&mut self, elapsed: SimDuration, draws: &mut Draws) -> u64 {
        let visits = self.visits_per_hour * elapsed.as_secs_f64() / 3600.0;
        let visited = -libm::expm1(-visits);
        let share = self.share;
        let inside = self
            .cohorts
            .iter_mut()
            .filter(|cohort| cohort.upper <= share);
        let mut new = 0;
        for cohort in inside {
            let met = sample::binomial(draws, cohort.size - cohort.exposed, visited);
            cohort.exposed += met;
            new += met;
        }
        new
    }

    fn inside(&self) -> impl Iterator<Item = &Cohort> {
        self.cohorts
            .iter()
            .filter(|cohort| cohort.upper <= self.share)
    }

    fn join(&self, lower: Share, upper: Share, draws: &mut Draws) -> Cohort {
        let size = match self.assignment {
            Assignment::Quota => upper.of_floor(self.users) - lower.of_floor(self.users),
            Assignment::Coin => {
                let before: u64 = self.cohorts.iter().map(|cohort| cohort.size).sum();
                let step = f64::from(upper.ppm() - lower.ppm());
                let left = f64::from(lower.complement().ppm());
                sample::binomial(draws, self.users - before, step / left)
            }
        };
        Cohort {
            upper,
            size,
            exposed: 0,
        }
    }

    /// Makes `share` a boundary between cohorts.
    fn split_at(&mut self, share: Share, draws: &mut Draws) {
        let Some(index) = self.cohorts.iter().position(|cohort| cohort.upper > share) else {
            return;
        };
        let lower = index
            .checked_sub(1)
            .map_or(Share::ZERO, |before| self.cohorts[before].upper);
        if lower == share {
            return;
        }
        let whole = self.cohorts[index];
        let size = self.part_below(whole, lower, share, draws);
        // The exposed ones of a cohort are any of its users.
        let exposed = sample::hypergeometric(draws, whole.size, whole.exposed, size);
        let below = Cohort {
            upper: share,
            size,
            exposed,
        };
        self.cohorts[index].size -= size;
        self.cohorts[index].exposed -= exposed;
        self.cohorts.insert(index, below);
    }

    fn part_below(&self, whole: Cohort, lower: Share, share: Share, draws: &mut Draws) -> u64 {
        match self.assignment {
            Assignment::Quota => share.of_floor(self.users) - lower.of_floor(self.users),
            Assignment::Coin => {
                let part = f64::from(share.ppm() - lower.ppm());
                let all = f64::from(whole.upper.ppm() - lower.ppm());
                sample::binomial(draws, whole.size, part / all)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Key;

    fn percent(n: f64) -> Share {
        Share::from_percent(n).expect("a percentage")
    }

    fn draws() -> Draws {
        Key::for_replication(11, 0).draws(1, 0, 0)
    }

    #[test]
    fn a_quota_is_exact_and_a_cohort_never_loses_a_user() {
        let draws = &mut draws();
        let mut users = StickyUsers::new(1_000, 1.0, Assignment::Quota);
        for (share, assigned) in [(1.0, 10), (25.0, 250), (5.0, 50), (33.3, 333), (0.0, 0)] {
            users.set_share(percent(share), draws);
            assert_eq!(users.assigned(), assigned, "at {share} %");
        }
        users.set_share(Share::ONE, draws);
        assert_eq!(users.assigned(), 1_000);
    }

    #[test]
    fn nobody_is_exposed_twice_and_nobody_outside_the_cohort() {
        let draws = &mut draws();
        let mut users = StickyUsers::new(1_000, 1.0, Assignment::Quota);
        let week = SimDuration::from_hours(168);
        assert_eq!(users.pass(week, draws), 0);
        users.set_share(percent(10.0), draws);
        assert_eq!(
            users.pass(week, draws),
            100,
            "a week of hourly visits misses nobody"
        );
        users.set_share(percent(4.0), draws);
        assert_eq!(users.pass(week, draws), 0);
        users.set_share(percent(20.0), draws);
        assert_eq!(users.pass(week, draws), 100);
        assert_eq!(users.exposed(), 200);
    }

    #[test]
    fn a_coin_gives_the_binomial_mean_and_variance_over_any_ramp() {
        let draws = &mut draws();
        let trials = 20_000_u32;
        let (mut sum, mut square) = (0.0, 0.0);
        for _ in 0..trials {
            let mut users = StickyUsers::new(1_000, 1.0, Assignment::Coin);
            for share in [2.0, 30.0, 10.0] {
                users.set_share(percent(share), draws);
            }
            let away = users.assigned() as f64 - 100.0;
            sum += away;
            square += away * away;
        }
        let n = f64::from(trials);
        let (mean, variance) = (sum / n, square / n);
        assert!(
            mean.abs() < 4.0 * (90.0 / n).sqrt(),
            "seed 11: mean off by {mean}"
        );
        assert!(
            (variance / 90.0 - 1.0).abs() < 4.0 * (2.0 / n).sqrt(),
            "{variance}"
        );
    }

    /// Source: sum of M dp (1 - exp(-rate (end - joined))) over the cohorts.
    #[test]
    fn the_exposed_are_those_who_visited_since_they_joined() {
        let draws = &mut draws();
        let trials = 2_000_u32;
        let ramp = [(1.0, 60), (5.0, 60), (25.0, 60), (100.0, 20)];
        let total: u64 = (0..trials)
            .map(|_| {
                let mut users = StickyUsers::new(100_000, 2.0, Assignment::Quota);
                for (share, minutes) in ramp {
                    users.set_share(percent(share), draws);
                    users.pass(SimDuration::from_mins(minutes / 2), draws);
                    users.pass(SimDuration::from_mins(minutes / 2), draws);
                }
                users.exposed()
            })
            .sum();
        let mean = total as f64 / f64::from(trials);
        let z = (mean - 60_065.160_164_092_25) / (141.662 / f64::from(trials).sqrt());
        assert!(z.abs() < 4.0, "seed 11: z = {z}");
    }
}
