//! A queue: jobs that arrive, and servers that take their time.

use sim_core::engine::{Draws, SimDuration, SimTime, sample};
use sim_core::fleet::capacity::{Station, Tally};

use super::super::case::Unable;
use super::super::effort::Effort;
use super::super::trials::{Trial, groups};

const ARRIVALS: u32 = 1;

const SERVICES: u32 = 2;

/// Independent chains are the batches of the method of batch means; so they owe each other nothing.
const CHAINS: u32 = 64;

/// After so many relaxation times the empty start is forgotten: e^-20 of it is left.
const WARM_UP: f64 = 20.0;

/// A customer takes some ten steps: two draws, an event, the tally.
const STEPS: f64 = 10.0;

/// How long a server needs for a job, in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) enum ServiceLaw {
    Exponential { mean: f64 },
    Constant { s: f64 },
    Lognormal { mu: f64, sigma: f64 },
}

/// Poisson arrivals at a station.
#[derive(Clone, Copy, Debug)]
pub(super) struct QueueModel {
    pub lam: f64,
    pub service: ServiceLaw,
    pub servers: u32,
    pub room: Option<u32>,
    /// In how many seconds the state forgets a factor of e.
    pub relaxation: f64,
}

/// One chain: a station and its customers.
struct Chain {
    model: QueueModel,
    station: Station,
    now: SimTime,
    arrivals: Draws,
    services: Draws,
}

/// What the customers of one measured stretch met.
pub(super) struct Stretch {
    pub waits: Vec<f64>,
    pub sojourns: Vec<f64>,
    pub tally: Tally,
}

impl ServiceLaw {
    fn draw(self, draws: &mut Draws) -> SimDuration {
        SimDuration::from_secs_f64(match self {
            Self::Exponential { mean } => sample::exponential(draws, mean),
            Self::Constant { s } => s,
            Self::Lognormal { mu, sigma } => sample::lognormal(draws, mu, sigma),
        })
    }
}

impl QueueModel {
    /// A queue with room for everybody. The relaxation time is that of exponential service,
    /// 1 / (c mu (1 - sqrt rho)^2), stretched by how uneven the service is: (1 + `cv2`) / 2.
    pub fn queue(
        lam: f64,
        service: ServiceLaw,
        mean: f64,
        cv2: f64,
        servers: u32,
    ) -> Result<Self, Unable> {
        let rho = lam * mean / f64::from(servers);
        if rho >= 1.0 {
            return Err(Unable(
                "its queue grows for ever: there is no steady state".to_owned(),
            ));
        }
        let gap = f64::from(servers) / mean * (1.0 - rho.sqrt()).powi(2);
        let relaxation = 0.5 * (1.0 + cv2).max(2.0) / gap;
        Ok(Self {
            lam,
            service,
            servers,
            room: None,
            relaxation,
        })
    }

    /// Returns how many customers make the chain forget that it started empty.
    pub fn warm_up(&self) -> f64 {
        WARM_UP * self.lam * self.relaxation + 100.0
    }

    /// Plays `effort.trials` customers or more, after those of the warm-up, in independent chains.
    pub fn play(self, effort: Effort) -> Result<Vec<Stretch>, Unable> {
        self.play_through(effort, &[self.servers]).map(|chains| {
            chains
                .into_iter()
                .filter_map(|mut chain| chain.pop())
                .collect()
        })
    }

    /// Does the same in one stretch after another while the number of servers changes.
    ///
    /// A stretch is at least as long as the warm-up. Over a single relaxation time the mean of a chain
    /// is nearly as skewed as one wait, and the errors that chains show would be skewed with it: too
    /// small where the mean is small, so that deviations of four errors were no rarity.
    pub fn play_through(
        self,
        effort: Effort,
        servers: &[u32],
    ) -> Result<Vec<Vec<Stretch>>, Unable> {
        if self.warm_up() * f64::from(CHAINS) * STEPS > effort.budget {
            return Err(Unable(
                "its queue takes too long to reach the steady state".to_owned(),
            ));
        }
        let asked = effort.at_cost(STEPS).trials.div_ceil(CHAINS.into());
        let customers = asked.max(self.warm_up() as u64);
        let chains = Effort {
            trials: CHAINS.into(),
            ..effort
        };
        let play = |trial| {
            let mut chain = Chain::new(self, trial);
            let stretch = |servers: &u32| {
                chain.station.set_servers(chain.now, *servers);
                chain.measure(self.warm_up() as u64, customers)
            };
            servers.iter().map(stretch).collect()
        };
        let all = groups(chains, |trials| trials.map(play).collect::<Vec<_>>());
        Ok(all.into_iter().flatten().collect())
    }
}

impl Chain {
    fn new(model: QueueModel, trial: Trial) -> Self {
        Self {
            model,
            station: Station::new(model.servers, model.room),
            now: SimTime::ZERO,
            arrivals: trial.draws(ARRIVALS),
            services: trial.draws(SERVICES),
        }
    }

    /// Lets the next customer come and returns whether it was let in.
    fn arrive(&mut self) -> bool {
        let needs = self.model.service.draw(&mut self.services);
        self.station.arrive(self.now, needs)
    }

    /// Lets time pass until the next customer comes.
    fn wait(&mut self) {
        let gap = sample::exponential(&mut self.arrivals, 1.0 / self.model.lam);
        self.now += SimDuration::from_secs_f64(gap);
    }

    /// Warms up, then follows `customers` customers until each has left; others keep coming.
    fn measure(&mut self, warm_up: u64, customers: u64) -> Stretch {
        for _ in 0..warm_up {
            self.wait();
            self.arrive();
        }
        self.station.take_tally(self.now);
        let from = self.now;
        let mut stretch = Stretch::with_capacity(customers);
        let mut inside = 0;
        for _ in 0..customers {
            self.wait();
            stretch.take_departures(self, from..=SimTime::MAX);
            inside += usize::from(self.arrive());
        }
        let until = self.now;
        stretch.tally = self.station.take_tally(until);
        while stretch.waits.len() < inside {
            self.wait();
            stretch.take_departures(self, from..=until);
            self.arrive();
        }
        stretch
    }
}

impl Stretch {
    fn with_capacity(customers: u64) -> Self {
        let room = || Vec::with_capacity(customers as usize);
        Self {
            waits: room(),
            sojourns: room(),
            tally: Tally::default(),
        }
    }

    /// Notes the departures that are due of those who came within `came`, the first instant apart.
    fn take_departures(&mut self, chain: &mut Chain, came: std::ops::RangeInclusive<SimTime>) {
        while let Some(served) = chain.station.depart_by(chain.now) {
            if served.arrived > *came.start() && served.arrived <= *came.end() {
                self.waits.push(served.wait().as_secs_f64());
                self.sojourns.push(served.sojourn().as_secs_f64());
            }
        }
    }
}
