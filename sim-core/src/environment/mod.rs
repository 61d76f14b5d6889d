//! The environment: load, arrivals, exposure and hosts in each interval, as far as signals depend on them.
//!
//! It knows no fault: what effects add to it is found in [`crate::faults`].

mod hosts;
mod interval;

pub(crate) use interval::{Interval, Piece, mean};

use crate::engine::{Draws, Key, Share, SimDuration, SimTime, sample};
use crate::fleet::Fleet;
use crate::policy::gate::Population;
use crate::traffic::{Arrivals, Dealer, Reach, Traffic};
use crate::{address, traffic};
use hosts::{HostFactors, Subset};
use interval::Open;

/// What an environment is made of, as far as it stays as it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'p> {
    pub traffic: &'p Traffic,
    /// The time of the week at which the rollout starts, from Monday 00:00 on.
    pub starts: SimDuration,
    pub fleet: &'p Fleet,
    /// The number of things that exposure is counted in: hosts, or parts per million of requests.
    pub units: u32,
    /// How long an interval lasts.
    pub interval: SimDuration,
    /// The number of past intervals to which anybody can look back.
    pub kept: usize,
}

/// The conditions of all intervals that have passed.
///
/// Interval `k` covers the time from scrape `k - 1` to scrape `k`, for `k` from 1. Those that nobody can
/// look back to any more are forgotten.
#[derive(Clone)]
pub(crate) struct Environment<'p> {
    setting: Setting<'p>,
    key: Key,
    /// The interval before the first that is kept.
    base: u64,
    intervals: Vec<Interval>,
    /// The interval that is under way.
    open: Open,
    /// What the last interval left of a request to each version, where their number is not left to chance.
    rest: [f64; 2],
    /// Who the users are.
    reach: Reach,
    /// The splitter that gives requests to versions, where it is not the share alone that does.
    dealer: Option<Dealer>,
    /// The load and the share right now, where somebody asks about an instant and not about an interval.
    instant: Option<(f64, f64)>,
    /// The requests to the canary and to the control that were drawn last, and their interval.
    arrived: [(u64, u64); 2],
    /// Which hosts show each effect.
    subsets: Vec<Subset>,
    hosts: HostFactors,
}

impl<'p> Environment<'p> {
    /// An environment at its beginning, in which `effects` effects may concern a part of the hosts.
    pub fn new(setting: Setting<'p>, effects: usize, (key, reach): (Key, Reach)) -> Self {
        let subsets = (0..effects).map(|_| Subset::new(setting.fleet.hosts));
        Self {
            setting,
            key,
            base: 0,
            intervals: Vec::new(),
            open: Open::default(),
            rest: [0.0; 2],
            reach,
            dealer: Dealer::new(setting.traffic.split),
            instant: None,
            arrived: [(0, 0); 2],
            subsets: subsets.collect(),
            hosts: HostFactors::new(setting.fleet, key),
        }
    }

    /// Draws from another key what is not drawn yet.
    pub fn reseed(&mut self, key: Key) {
        self.key = key;
        self.arrived = [(0, 0); 2];
    }

    /// Returns how many intervals have passed.
    pub fn passed(&self) -> u64 {
        self.base + self.intervals.len() as u64
    }

    /// Returns the scrape that ends interval `k`.
    pub fn scrape(&self, k: u64) -> SimTime {
        SimTime::ZERO + self.setting.interval.saturating_mul(k)
    }

    /// Returns the middle of interval `k`, at which movements are read.
    pub fn middle(&self, k: u64) -> SimTime {
        let half = self.setting.interval.as_nanos() / 2;
        SimTime::from_nanos(self.scrape(k).as_nanos() - half)
    }

    /// Returns the time in interval `k` in which `population` could feel an effect.
    pub fn span(&self, population: Population, k: u64) -> (SimTime, SimTime) {
        let begin = self.scrape(k - 1);
        match population {
            Population::Canary | Population::CanaryBaseline => self.interval(k).exposed(begin),
            Population::Control | Population::Fleet => (begin, self.scrape(k)),
        }
    }

    /// Returns the requests a second from `from` to `to`, before effects and before the chance of arrivals.
    pub fn load(&self, from: SimTime, to: SimTime) -> f64 {
        traffic::mean_load(self.setting.traffic, self.setting.starts, (from, to))
    }

    /// Adds a piece to the interval that is under way; returns the requests to the new version in it.
    pub fn pass(&mut self, piece: &Piece) -> f64 {
        self.open.add(piece, self.setting.units)
    }

    /// Ends the interval that is under way; `load` is that of its last piece, and of `updates` whose outcome it brought
    /// so many failed, of so many.
    pub fn close(&mut self, load: f64, updates: [f64; 2]) {
        let open = std::mem::take(&mut self.open);
        let begin = self.scrape(self.passed());
        let Setting {
            interval, units, ..
        } = self.setting;
        let mut interval = open.close(begin, interval, load, units);
        interval.updates = updates;
        if self.dealer.is_some() {
            self.deal(&mut interval.requests);
        } else if self.setting.traffic.arrivals == Arrivals::Exact {
            self.make_whole(&mut interval.requests);
        }
        self.intervals.push(interval);
        self.forget_old();
    }

    /// Requests come whole: what is left of one goes into the next interval, so that their number in any
    /// time is exact to a request.
    fn make_whole(&mut self, requests: &mut [f64; 2]) {
        for (requests, rest) in requests.iter_mut().zip(&mut self.rest) {
            let all = *requests + *rest;
            // A millionth is what adding up fractions of a request may cost.
            let whole = (all + 0.5 + 1e-6).floor().max(0.0);
            (*requests, *rest) = (whole, all - whole);
        }
    }

    /// Requests come, and the splitter gives each of them to a version.
    fn deal(&mut self, requests: &mut [f64; 2]) {
        let k = (self.passed() + 1) as u32;
        let mean = requests[0] + requests[1];
        let share = if mean > 0.0 { requests[0] / mean } else { 0.0 };
        let mut all = [mean, 0.0];
        if self.setting.traffic.arrivals == Arrivals::Exact {
            self.make_whole(&mut all);
        }
        let come = self.come(all[0], Population::Fleet, k);
        let mut draws = self.key.draws(address::SPLIT, 2, k);
        let dealer = self.dealer.as_mut();
        let canary = dealer.map_or(0, |it| {
            it.deal(come, share, self.setting.interval, &mut draws)
        });
        *requests = [canary as f64, (come - canary) as f64];
    }

    /// Returns how many requests come where `mean` do on average.
    fn come(&self, mean: f64, population: Population, k: u32) -> u64 {
        let draws = self.key.draws(address::ARRIVALS, population as u32, k);
        self.arriving(draws, mean)
    }

    fn forget_old(&mut self) {
        let kept = self.setting.kept;
        if self.intervals.len() > kept.saturating_mul(2).saturating_add(64) {
            let surplus = self.intervals.len() - kept;
            self.intervals.drain(..surplus);
            self.base += surplus as u64;
        }
    }

    pub fn interval(&self, k: u64) -> Interval {
        self.intervals[(k - 1 - self.base) as usize]
    }

    /// Returns the share of units that `population` had in interval `k`.
    pub fn part(&self, population: Population, k: u64) -> f64 {
        let share = self.interval(k).share;
        match population {
            Population::Canary | Population::CanaryBaseline => share,
            Population::Control => 1.0 - share,
            Population::Fleet => 1.0,
        }
    }

    /// Returns the share of the users of `population` in interval `k` who always fail, where `base` of all do.
    pub fn failing(&self, signal: u32, base: f64, (population, k): (Population, u64)) -> f64 {
        let share = self.interval(k).share;
        let inside = match population {
            Population::Canary | Population::CanaryBaseline => [0.0, share],
            Population::Control => [share, 1.0],
            Population::Fleet => [0.0, 1.0],
        };
        self.reach.failing(signal, base, inside)
    }

    /// Returns how many requests reached `population`, canary or control, in interval `k`: several signals
    /// count the same ones.
    pub fn requests(&mut self, population: Population, k: u64) -> u64 {
        let place = version(population);
        if self.arrived[place].0 != k {
            self.arrived[place] = (k, self.arrivals(population, k));
        }
        self.arrived[place].1
    }

    fn arrivals(&self, population: Population, k: u64) -> u64 {
        let requests = self.interval(k).requests[version(population)];
        match self.dealer {
            // They have come and been dealt.
            Some(_) => requests as u64,
            None => self.come(requests, population, k as u32),
        }
    }

    fn arriving(&self, mut draws: Draws, mean: f64) -> u64 {
        match self.setting.traffic.arrivals {
            Arrivals::Exact => mean as u64,
            Arrivals::Poisson => sample::poisson(&mut draws, mean),
            Arrivals::NegativeBinomial { size } => {
                sample::negative_binomial(&mut draws, mean, size)
            }
        }
    }

    /// Returns the mean number of requests in an interval before the start, at the load of the first interval.
    pub fn mean_before(&self) -> f64 {
        let load = self.load(SimTime::ZERO, self.scrape(1));
        load * self.setting.interval.as_secs_f64()
    }

    /// Returns how many requests arrived in an interval before the start, counted backwards from 0.
    pub fn requests_before(&self, k: u32) -> u64 {
        let entity = address::ARRIVALS_BEFORE;
        let draws = self.key.draws(address::BEFORE, entity, k);
        self.arriving(draws, self.mean_before())
    }

    /// Lets questions about load and exposure mean an instant with this load and this share on the new
    /// version, or again the intervals that have passed.
    pub fn at_instant(&mut self, instant: Option<(f64, f64)>) {
        self.instant = instant;
    }

    /// Returns the load and the share on the new version around `at`, or in the newest interval before it;
    /// none before the first interval is over.
    pub fn around(&self, at: SimTime) -> Option<(f64, f64)> {
        if self.instant.is_some() {
            return self.instant;
        }
        let k = at.as_nanos().div_ceil(self.setting.interval.as_nanos());
        let k = k.clamp(self.base + 1, self.passed().max(self.base + 1));
        (k <= self.passed()).then(|| (self.interval(k).load, self.interval(k).share))
    }

    /// Returns the share of the canary's hosts that show effect `index`, which concerns `part` of all hosts,
    /// while `share` of all serve the new version.
    pub fn affected(&mut self, index: usize, part: Share, share: f64) -> f64 {
        let hosts = share * f64::from(self.setting.fleet.hosts);
        self.subsets[index].among(self.key, index, part.as_f64(), hosts.ceil() as usize)
    }

    /// Returns the mean of the own factors of the hosts of `population` while `share` of all serve the new
    /// version.
    pub fn host_factor(&self, population: Population, share: f64) -> f64 {
        self.hosts.mean(population, share)
    }
}

/// The place of a population among the two versions.
fn version(population: Population) -> usize {
    usize::from(population == Population::Control)
}
