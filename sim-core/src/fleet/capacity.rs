//! Capacity: servers, a queue before them, and what happens when either is too small.

use std::collections::VecDeque;

use crate::engine::{EventQueue, SimDuration, SimTime};

/// A host (or a pool of them) as a queueing station: `servers` of them, first come first served.
///
/// The caller owns the arrivals and draws how long each job needs, so that the station itself is
/// free of chance. Departures are taken one by one with [`Station::depart_by`]; whatever changes
/// the station first lets depart what is due. Time must not go backwards.
///
/// ```
/// use sim_core::engine::{SimDuration, SimTime};
/// use sim_core::fleet::capacity::Station;
/// let second = |n| SimTime::after(SimDuration::from_secs(n));
/// let mut host = Station::new(1, Some(0));
/// assert!(host.arrive(second(0), SimDuration::from_secs(5)));
/// assert!(!host.arrive(second(4), SimDuration::from_secs(5)), "busy and no room to wait");
/// assert!(host.arrive(second(5), SimDuration::from_secs(5)), "departures come before arrivals");
/// ```
#[derive(Clone, Debug)]
pub struct Station {
    servers: u32,
    room: Option<u32>,
    open: bool,
    running: u32,
    waiting: VecDeque<Job>,
    departures: EventQueue<Running>,
    tally: Tally,
    now: SimTime,
}

#[derive(Clone, Copy, Debug)]
struct Job {
    arrived: SimTime,
    needs: SimDuration,
}

#[derive(Clone, Copy, Debug)]
struct Running {
    arrived: SimTime,
    started: SimTime,
}

/// One job that has been served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// When it came.
    pub arrived: SimTime,
    /// When a server took it.
    pub started: SimTime,
    /// When it left.
    pub finished: SimTime,
}

/// What a station has seen since its tally was last taken; a tally taken at fixed intervals is a
/// batch in the sense of the method of batch means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The time that has passed.
    pub elapsed: SimDuration,
    /// Jobs that came, lost ones included.
    pub arrived: u64,
    /// Jobs that were turned away because all servers were busy and no room was left.
    pub lost: u64,
    /// Jobs that were served and left.
    pub served: u64,
    /// Those of them that had to wait.
    pub delayed: u64,
    /// The sum of their waits, in nanoseconds.
    pub wait_nanos: u128,
    /// The sum of their times from arrival to departure, in nanoseconds.
    pub sojourn_nanos: u128,
    /// The integral of the number of waiting jobs over time, in nanoseconds.
    pub queue_nanos: u128,
    /// The integral of the number of busy servers over time, in nanoseconds.
    pub busy_nanos: u128,
}

/// What became of the work when a station was shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Waiting jobs that were cancelled.
    pub cancelled: u64,
    /// Running jobs that are left to finish.
    pub finishing: u32,
    /// The time until the last of them has left; zero when nothing was running.
    pub empty_after: SimDuration,
}

impl Station {
    /// Makes an empty, open station.
    ///
    /// `room` is how many jobs may wait: none means any number, `Some(0)` makes a loss system.
    pub fn new(servers: u32, room: Option<u32>) -> Self {
        Self {
            servers,
            room,
            open: true,
            running: 0,
            waiting: VecDeque::new(),
            departures: EventQueue::new(),
            tally: Tally::default(),
            now: SimTime::ZERO,
        }
    }

    /// Returns how many jobs wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Returns how many jobs are being served.
    pub fn running(&self) -> u32 {
        self.running
    }

    /// Returns how many jobs are here, waiting or being served.
    pub fn present(&self) -> u64 {
        self.waiting.len() as u64 + u64::from(self.running)
    }

    /// Returns the instant of the next departure, if any job is being served.
    pub fn next_departure(&self) -> Option<SimTime> {
        self.departures.peek_time()
    }

    /// Takes the next departure that is due at `now`, or none when all of them have been taken.
    pub fn depart_by(&mut self, now: SimTime) -> Option<Served> {
        let due = self.departures.peek_time().is_some_and(|at| at <= now);
        let next = if due { self.departures.pop() } else { None };
        let Some((finished, job)) = next else {
            self.pass(now);
            return None;
        };
        self.pass(finished);
        self.running -= 1;
        self.start_waiting();
        let served = Served {
            arrived: job.arrived,
            started: job.started,
            finished,
        };
        self.tally.take_in(served);
        Some(served)
    }

    /// Lets a job arrive that `needs` a server for so long; false when it is turned away.
    ///
    /// # Panics
    /// When `now` lies before what has already happened here.
    pub fn arrive(&mut self, now: SimTime, needs: SimDuration) -> bool {
        self.settle(now);
        self.tally.arrived += 1;
        let job = Job {
            arrived: now,
            needs,
        };
        if self.open && self.running < self.servers {
            self.start(job);
        } else if self.open
            && self
                .room
                .is_none_or(|room| self.waiting.len() < room as usize)
        {
            self.waiting.push_back(job);
        } else {
            self.tally.lost += 1;
            return false;
        }
        true
    }

    /// Changes the number of servers, as a rolling restart does.
    ///
    /// A server that goes finishes the job that it has; one that comes takes a waiting job.
    pub fn set_servers(&mut self, now: SimTime, servers: u32) {
        self.settle(now);
        self.servers = servers;
        self.start_waiting();
    }

    /// Shuts the station: waiting jobs are cancelled, running ones finish, new ones are lost.
    pub fn drain(&mut self, now: SimTime) -> Drained {
        self.settle(now);
        self.open = false;
        let cancelled = self.waiting.len() as u64;
        self.waiting.clear();
        let mut departures = self.departures.clone();
        let ends = std::iter::from_fn(|| departures.pop());
        let last = ends.last().map_or(now, |(at, _)| at);
        Drained {
            cancelled,
            finishing: self.running,
            empty_after: last - now,
        }
    }

    /// Takes what was tallied since the last time, up to `now`.
    pub fn take_tally(&mut self, now: SimTime) -> Tally {
        self.settle(now);
        std::mem::take(&mut self.tally)
    }

    fn settle(&mut self, now: SimTime) {
        while self.depart_by(now).is_some() {}
    }

    /// Lets time pass in which nothing changes.
    fn pass(&mut self, now: SimTime) {
        assert!(now >= self.now, "time at a station does not go back");
        let nanos = u128::from((now - self.now).as_nanos());
        self.tally.elapsed += now - self.now;
        self.tally.queue_nanos += nanos * self.waiting.len() as u128;
        self.tally.busy_nanos += nanos * u128::from(self.running);
        self.now = now;
    }

    fn start_waiting(&mut self) {
        while self.running < self.servers {
            let Some(job) = self.waiting.pop_front() else {
                return;
            };
            self.start(job);
        }
    }

    fn start(&mut self, job: Job) {
        self.running += 1;
        let running = Running {
            arrived: job.arrived,
            started: self.now,
        };
        let end = self.now.saturating_add(job.needs);
        self.departures.schedule(end, 0, running);
    }
}

impl Served {
    /// Returns how long the job waited.
    pub fn wait(&self) -> SimDuration {
        self.started - self.arrived
    }

    /// Returns how long the job was here.
    pub fn sojourn(&self) -> SimDuration {
        self.finished - self.arrived
    }
}

impl Tally {
    fn take_in(&mut self, served: Served) {
        self.served += 1;
        self.delayed += u64::from(!served.wait().is_zero());
        self.wait_nanos += u128::from(served.wait().as_nanos());
        self.sojourn_nanos += u128::from(served.sojourn().as_nanos());
    }

    /// Returns the mean wait of a served job in seconds; NaN when none was served.
    pub fn mean_wait(&self) -> f64 {
        self.wait_nanos as f64 / 1e9 / self.served as f64
    }

    /// Returns the mean time of a served job from arrival to departure in seconds.
    pub fn mean_sojourn(&self) -> f64 {
        self.sojourn_nanos as f64 / 1e9 / self.served as f64
    }

    /// Returns the time average of the number of waiting jobs.
    pub fn mean_waiting(&self) -> f64 {
        self.queue_nanos as f64 / self.elapsed.as_nanos() as f64
    }

    /// Returns the time average of the number of busy servers.
    pub fn mean_busy(&self) -> f64 {
        self.busy_nanos as f64 / self.elapsed.as_nanos() as f64
    }

    /// Returns the share of arriving jobs that were turned away.
    pub fn loss(&self) -> f64 {
        self.lost as f64 / self.arrived as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Draws, Key, sample};

    fn second(n: u64) -> SimTime {
        SimTime::after(SimDuration::from_secs(n))
    }

    fn secs(n: u64) -> SimDuration {
        SimDuration::from_secs(n)
    }

    #[test]
    fn jobs_are_served_in_the_order_of_their_arrival() {
        let mut host = Station::new(2, None);
        for (at, needs) in [(0, 10), (1, 3), (2, 4), (3, 1)] {
            assert!(host.arrive(second(at), secs(needs)));
        }
        let mut told = Vec::new();
        while let Some(served) = host.depart_by(second(100)) {
            let at = |time: SimTime| time.as_nanos() / 1_000_000_000;
            told.push((at(served.arrived), at(served.started), at(served.finished)));
        }
        assert_eq!(told, [(1, 1, 4), (2, 4, 8), (3, 8, 9), (0, 0, 10)]);
    }

    #[test]
    fn fewer_servers_finish_what_they_have_and_more_take_what_waits() {
        let mut host = Station::new(3, None);
        for _ in 0..5 {
            host.arrive(second(0), secs(10));
        }
        host.set_servers(second(1), 1);
        assert_eq!((host.running(), host.waiting()), (3, 2));
        assert!(host.depart_by(second(10)).is_some());
        host.set_servers(second(10), 1);
        assert_eq!(
            (host.running(), host.waiting()),
            (1, 1),
            "one server, one job"
        );
        host.set_servers(second(12), 4);
        assert_eq!((host.running(), host.waiting()), (2, 0));
    }

    #[test]
    fn a_drain_cancels_what_waits_and_lets_finish_what_runs() {
        let mut host = Station::new(2, None);
        for needs in [10, 7, 5, 5] {
            host.arrive(second(0), secs(needs));
        }
        let expect = Drained {
            cancelled: 2,
            finishing: 2,
            empty_after: secs(6),
        };
        assert_eq!(host.drain(second(4)), expect);
        assert!(
            !host.arrive(second(5), secs(1)),
            "a shut station takes nothing"
        );
        assert_eq!(host.present(), 2);
        host.take_tally(second(10));
        assert_eq!(host.present(), 0);
        assert_eq!(host.drain(second(11)).empty_after, SimDuration::ZERO);
    }

    #[test]
    fn a_tally_holds_what_happened_since_the_last_one() {
        let mut host = Station::new(1, Some(1));
        host.arrive(second(0), secs(10));
        host.arrive(second(2), secs(10));
        host.arrive(second(4), secs(10));
        let first = host.take_tally(second(10));
        assert_eq!((first.arrived, first.lost, first.served), (3, 1, 1));
        assert_eq!((first.mean_waiting(), first.mean_busy()), (0.8, 1.0));
        let second_tally = host.take_tally(second(30));
        assert_eq!((second_tally.served, second_tally.delayed), (1, 1));
        assert_eq!(
            (second_tally.mean_wait(), second_tally.mean_sojourn()),
            (8.0, 18.0)
        );
        assert_eq!(second_tally.mean_busy(), 0.5);
    }

    /// Plays Poisson arrivals and exponential service of mean 1 s in batches and returns the mean
    /// of `read` over the batches and its standard error.
    fn batches(lam: f64, mut host: Station, read: impl Fn(&Tally) -> f64) -> (f64, f64) {
        let mut draws: Draws = Key::for_replication(7, 0).draws(1, 0, 0);
        let mut now = SimTime::ZERO;
        let mut batch = |jobs| {
            for _ in 0..jobs {
                now += SimDuration::from_secs_f64(sample::exponential(&mut draws, 1.0 / lam));
                let needs = SimDuration::from_secs_f64(sample::exponential(&mut draws, 1.0));
                host.arrive(now, needs);
            }
            host.take_tally(now)
        };
        batch(2_000);
        let means: Vec<f64> = (0..40).map(|_| read(&batch(10_000))).collect();
        let mean = means.iter().sum::<f64>() / 40.0;
        let square = means.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
        (mean, (square / 39.0 / 40.0).sqrt())
    }

    /// Sources: M/M/1 has W = 1 / (mu - lambda) and Lq = rho^2 / (1 - rho); Erlang's loss formula
    /// gives 0.121661 for 10 servers and 8 Erlang.
    #[test]
    fn queues_have_their_known_means() {
        let check = |(mean, error): (f64, f64), expect: f64| {
            assert!(
                ((mean - expect) / error).abs() < 4.0,
                "{mean} +- {error}, not {expect}"
            );
        };
        check(
            batches(0.5, Station::new(1, None), Tally::mean_sojourn),
            2.0,
        );
        check(
            batches(0.5, Station::new(1, None), Tally::mean_waiting),
            0.5,
        );
        check(
            batches(8.0, Station::new(10, Some(0)), Tally::loss),
            0.121_661_064_252_951_5,
        );
    }
}
