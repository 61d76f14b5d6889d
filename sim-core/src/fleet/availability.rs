//! Availability: hosts that fail and are repaired.

use std::collections::VecDeque;

use crate::engine::{Distribution, EventQueue, Key, SimDuration, SimTime};

/// How hosts fail and are repaired.
#[derive(Clone, Debug, PartialEq)]
pub struct Repairable {
    /// How many hosts there are.
    pub hosts: u32,
    /// How long a host works until it fails.
    pub works: Distribution,
    /// How long a repair takes.
    pub repair: Distribution,
    /// How many hosts can be repaired at the same time; none means all of them.
    pub crews: Option<u32>,
}

/// A fleet that fails and is repaired in virtual time, all hosts working at the start.
///
/// Each host has its own draws, one for each time that it changes, so that one host's history does
/// not depend on another's, except through a crew that is busy. Hosts that wait for a crew are
/// repaired in the order in which they failed.
#[derive(Clone, Debug)]
pub struct Availability {
    model: Repairable,
    key: Key,
    purpose: u32,
    changes: EventQueue<CapacityChange>,
    up: Vec<bool>,
    drawn: Vec<u32>,
    waiting: VecDeque<u32>,
    idle_crews: u32,
    working: u32,
    time_by_working: Vec<SimDuration>,
    now: SimTime,
}

#[derive(Clone, Copy, Debug)]
enum CapacityChange {
    Fails(u32),
    Repaired(u32),
}

impl Availability {
    /// Starts with all hosts working; `purpose` addresses the draws under `key`.
    ///
    /// # Panics
    /// When there are no hosts or no crews.
    pub fn new(model: Repairable, key: Key, purpose: u32) -> Self {
        assert!(model.hosts > 0, "there is a host that can fail");
        assert!(model.crews != Some(0), "without crews nothing is repaired");
        let hosts = model.hosts as usize;
        let mut fleet = Self {
            key,
            purpose,
            changes: EventQueue::with_capacity(hosts),
            up: vec![true; hosts],
            drawn: vec![0; hosts],
            waiting: VecDeque::new(),
            idle_crews: model.crews.unwrap_or(model.hosts),
            working: model.hosts,
            time_by_working: vec![SimDuration::ZERO; hosts + 1],
            now: SimTime::ZERO,
            model,
        };
        for host in 0..fleet.model.hosts {
            fleet.plan_failure(host);
        }
        fleet
    }

    /// Returns the instant up to which the fleet has been played.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Returns how many hosts work now.
    pub fn working(&self) -> u32 {
        self.working
    }

    /// Says whether `host` works now.
    ///
    /// # Panics
    /// When there is no such host.
    pub fn is_up(&self, host: u32) -> bool {
        self.up[host as usize]
    }

    /// Plays on until `to`. What happens at `to` has happened.
    pub fn advance_to(&mut self, to: SimTime) {
        while self.changes.peek_time().is_some_and(|at| at <= to) {
            self.step();
        }
        self.pass(to);
    }

    /// Plays on until fewer than `quorum` hosts work and returns that instant, or none when it
    /// does not come by `limit`.
    pub fn advance_to_loss(&mut self, quorum: u32, limit: SimTime) -> Option<SimTime> {
        while self.working >= quorum {
            if self.changes.peek_time().is_none_or(|at| at > limit) {
                return None;
            }
            self.step();
        }
        Some(self.now)
    }

    /// Forgets the times so far, as at the end of a warm-up.
    pub fn forget(&mut self) {
        self.time_by_working.fill(SimDuration::ZERO);
    }

    /// Returns for how long exactly n hosts worked, by n, since the start or the last
    /// [`Availability::forget`].
    pub fn time_by_working(&self) -> &[SimDuration] {
        &self.time_by_working
    }

    /// Returns the share of the time in which at least `quorum` hosts worked; NaN for no time.
    pub fn share_with_at_least(&self, quorum: u32) -> f64 {
        let whole: SimDuration = self.time_by_working.iter().copied().sum();
        let good: SimDuration = self
            .time_by_working
            .iter()
            .skip(quorum as usize)
            .copied()
            .sum();
        good.as_nanos() as f64 / whole.as_nanos() as f64
    }

    /// Returns the time average of the number of hosts that do not work; NaN for no time.
    pub fn mean_down(&self) -> f64 {
        let whole: SimDuration = self.time_by_working.iter().copied().sum();
        let down = self.time_by_working.iter().rev().zip(0_u32..);
        let weighted: f64 = down
            .map(|(time, down)| time.as_nanos() as f64 * f64::from(down))
            .sum();
        weighted / whole.as_nanos() as f64
    }

    fn step(&mut self) {
        let (at, change) = self
            .changes
            .pop()
            .expect("some host always fails or is repaired");
        self.pass(at);
        match change {
            CapacityChange::Fails(host) => self.fail(host),
            CapacityChange::Repaired(host) => self.restore(host),
        }
    }

    fn pass(&mut self, to: SimTime) {
        assert!(to >= self.now, "time does not go back");
        self.time_by_working[self.working as usize] += to - self.now;
        self.now = to;
    }

    fn fail(&mut self, host: u32) {
        self.up[host as usize] = false;
        self.working -= 1;
        if self.idle_crews == 0 {
            self.waiting.push_back(host);
            return;
        }
        self.idle_crews -= 1;
        self.plan_repair(host);
    }

    fn restore(&mut self, host: u32) {
        self.up[host as usize] = true;
        self.working += 1;
        self.plan_failure(host);
        match self.waiting.pop_front() {
            Some(next) => self.plan_repair(next),
            None => self.idle_crews += 1,
        }
    }

    fn plan_failure(&mut self, host: u32) {
        let delay = self.draw(host, true);
        let at = self.now.saturating_add(delay);
        self.changes.schedule(at, 0, CapacityChange::Fails(host));
    }

    fn plan_repair(&mut self, host: u32) {
        let delay = self.draw(host, false);
        let at = self.now.saturating_add(delay);
        self.changes.schedule(at, 0, CapacityChange::Repaired(host));
    }

    fn draw(&mut self, host: u32, works: bool) -> SimDuration {
        let drawn = &mut self.drawn[host as usize];
        let mut draws = self.key.draws(self.purpose, host, *drawn);
        *drawn += 1;
        let delay = if works {
            &self.model.works
        } else {
            &self.model.repair
        };
        delay.sample(&mut draws)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(n: u64) -> SimTime {
        SimTime::after(SimDuration::from_hours(n))
    }

    fn every(works: u64, repair: u64, hosts: u32, crews: Option<u32>) -> Availability {
        let constant = |hours| Distribution::Constant(SimDuration::from_hours(hours));
        let model = Repairable {
            hosts,
            works: constant(works),
            repair: constant(repair),
            crews,
        };
        Availability::new(model, Key::for_replication(1, 0), 1)
    }

    #[test]
    fn hosts_wait_for_a_crew_in_the_order_in_which_they_failed() {
        // Three hosts fail at hour 10; one crew returns them at 12, 14 and 16.
        let mut fleet = every(10, 2, 3, Some(1));
        let seen: Vec<u32> = [9, 10, 11, 12, 14, 16]
            .into_iter()
            .map(|hour| {
                fleet.advance_to(hours(hour));
                fleet.working()
            })
            .collect();
        assert_eq!(seen, [3, 0, 0, 1, 2, 3]);
        let times = fleet.time_by_working().iter();
        let times: Vec<u64> = times
            .map(|time| *time / SimDuration::from_hours(1))
            .collect();
        assert_eq!(times, [2, 2, 2, 10]);
        assert_eq!(fleet.share_with_at_least(2), 12.0 / 16.0);
        assert_eq!(fleet.mean_down(), 12.0 / 16.0);
    }

    #[test]
    fn quorum_is_lost_at_the_instant_of_the_failure() {
        assert_eq!(
            every(10, 2, 3, None).advance_to_loss(1, hours(50)),
            Some(hours(10))
        );
        assert_eq!(every(10, 2, 3, None).advance_to_loss(1, hours(9)), None);
        let mut fleet = every(10, 2, 2, None);
        fleet.advance_to(hours(11));
        fleet.forget();
        fleet.advance_to(hours(12));
        assert!(fleet.is_up(1));
        assert_eq!(fleet.share_with_at_least(1), 0.0);
    }

    /// Source: the birth and death process with rates (n - i) / MTBF and min(i + 1, c) / MTTR.
    #[test]
    fn a_crew_that_is_busy_makes_the_others_wait_as_long_as_theory_says() {
        let exponential = |hours| Distribution::Exponential {
            mean: SimDuration::from_hours(hours),
        };
        let check = |crews: Option<u32>, expect: f64| {
            let model = Repairable {
                hosts: 10,
                works: exponential(20),
                repair: exponential(2),
                crews,
            };
            let mut fleet = Availability::new(model, Key::for_replication(3, 0), 1);
            fleet.advance_to(hours(1_000));
            let batches: Vec<f64> = (1..=50)
                .map(|batch| {
                    fleet.forget();
                    fleet.advance_to(hours(1_000 + 4_000 * batch));
                    fleet.share_with_at_least(9)
                })
                .collect();
            let mean = batches.iter().sum::<f64>() / 50.0;
            let square: f64 = batches.iter().map(|x| (x - mean) * (x - mean)).sum();
            let z = (mean - expect) / (square / 49.0 / 50.0).sqrt();
            assert!(z.abs() < 4.0, "seed 3, crews {crews:?}: z = {z}");
        };
        check(None, stationary(10, 10));
        check(Some(1), stationary(10, 1));
    }

    /// The stationary probability of at most one of `n` hosts down, MTBF 20 and MTTR 2.
    fn stationary(n: u32, crews: u32) -> f64 {
        let mut weights = vec![1.0];
        for down in 0..n {
            let rate = f64::from(n - down) / 20.0 / (f64::from(crews.min(down + 1)) / 2.0);
            weights.push(weights[down as usize] * rate);
        }
        (weights[0] + weights[1]) / weights.iter().sum::<f64>()
    }
}
