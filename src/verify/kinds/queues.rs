//! Group E: the queue of a host, in the steady state.

use sim_core::engine::{Draws, SimDuration, SimTime, sample};
use sim_core::fleet::capacity::{Station, Tally};

use super::super::case::{AskedQuantity, ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::estimate::TrialEstimate;
use super::super::trials::{Samples, Trial, TrialSums, groups};

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
enum ServiceLaw {
    Exponential { mean: f64 },
    Constant { s: f64 },
    Lognormal { mu: f64, sigma: f64 },
}

/// Poisson arrivals at a station.
#[derive(Clone, Copy, Debug)]
struct QueueModel {
    lam: f64,
    service: ServiceLaw,
    servers: u32,
    room: Option<u32>,
    /// In how many seconds the state forgets a factor of e.
    relaxation: f64,
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
struct Stretch {
    waits: Vec<f64>,
    sojourns: Vec<f64>,
    tally: Tally,
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
    fn queue(
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
    fn warm_up(&self) -> f64 {
        WARM_UP * self.lam * self.relaxation + 100.0
    }

    /// Plays `effort.trials` customers or more, after those of the warm-up, in independent chains.
    fn play(self, effort: Effort) -> Result<Vec<Stretch>, Unable> {
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
    fn play_through(self, effort: Effort, servers: &[u32]) -> Result<Vec<Vec<Stretch>>, Unable> {
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
        Ok(
            groups(chains, |trials| trials.map(play).collect::<Vec<_>>())
                .into_iter()
                .flatten()
                .collect(),
        )
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

/// What all chains say together.
struct Seen {
    waits: Samples,
    sojourns: Samples,
    /// By chain, per customer: arrivals, losses, the queue's and the servers' integrals, the time
    /// and the squares of the service times.
    sums: TrialSums<5>,
    service_squares: TrialSums<1>,
    servers: f64,
}

impl Seen {
    fn of(stretches: Vec<Stretch>, servers: u32) -> Self {
        let count = |one: &Stretch| one.tally.arrived;
        let sums = stretches.iter().map(|one| {
            let tally = &one.tally;
            let sums = [
                tally.arrived as f64,
                tally.lost as f64,
                tally.queue_nanos as f64,
                tally.busy_nanos as f64,
                tally.elapsed.as_nanos() as f64,
            ];
            (count(one), sums)
        });
        let squares = stretches.iter().map(|one| {
            let services = one
                .sojourns
                .iter()
                .zip(&one.waits)
                .map(|(sojourn, wait)| sojourn - wait);
            (
                one.waits.len() as u64,
                [services.map(|service| service * service).sum()],
            )
        });
        Self {
            sums: TrialSums::of(sums.collect()),
            service_squares: TrialSums::of(squares.collect()),
            servers: f64::from(servers),
            waits: Samples::of(stretches.iter().map(|one| one.waits.clone()).collect()),
            sojourns: Samples::of(stretches.into_iter().map(|one| one.sojourns).collect()),
        }
    }

    fn loss(&self) -> TrialEstimate {
        self.sums.of_means(|[arrived, lost, ..]| lost / arrived)
    }

    fn present(&self) -> TrialEstimate {
        self.sums
            .of_means(|[_, _, queue, busy, time]| (queue + busy) / time)
    }

    /// Answers by the names that queueing theory uses.
    fn answer(&self, asked: &AskedQuantity<'_>) -> Option<TrialEstimate> {
        Some(match asked.name {
            "W" => self.sojourns.mean(),
            "Wq" => self.waits.mean(),
            "L" => self.present(),
            "Lq" => self.sums.of_means(|[_, _, queue, _, time]| queue / time),
            "rho" => self
                .sums
                .of_means(|[_, _, _, busy, time]| busy / time / self.servers),
            "ES2" => self.service_squares.mean(0),
            "p_wait" => self.waits.dependent_share(|wait| wait > 0.0),
            "p_loss" => self.loss(),
            _ => return self.answer_about_times(asked),
        })
    }

    fn answer_about_times(&self, asked: &AskedQuantity<'_>) -> Option<TrialEstimate> {
        for (samples, tail, suffix) in [
            (&self.waits, "p_wait_gt_", "_wait"),
            (&self.sojourns, "p_sojourn_gt_", "_sojourn"),
        ] {
            if let Some(limit) = asked.number_after(tail) {
                return Some(samples.dependent_share(|time| time > limit));
            }
            if let Some(q) = asked.quantile_before(suffix) {
                return Some(samples.dependent_quantile(q, asked.expected));
            }
        }
        None
    }
}

fn exponential(mu: f64) -> ServiceLaw {
    ServiceLaw::Exponential { mean: 1.0 / mu }
}

/// One server, exponential service.
pub fn mm1(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (lam, mu) = (case.positive("lam")?, case.positive("mu")?);
    steady(
        case,
        QueueModel::queue(lam, exponential(mu), 1.0 / mu, 1.0, 1)?,
        effort,
    )
}

/// Several servers, exponential service (Erlang C).
pub fn mmc(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (lam, mu) = (case.positive("lam")?, case.positive("mu")?);
    let servers = case.at_least_one("c")?;
    steady(
        case,
        QueueModel::queue(lam, exponential(mu), 1.0 / mu, 1.0, servers)?,
        effort,
    )
}

/// One server, lognormal service (Pollaczek and Khinchine).
pub fn mg1_lognormal(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (lam, mean) = (case.positive("lam")?, case.positive("service_mean")?);
    let sigma = case.number("sigma_log")?;
    let service = ServiceLaw::Lognormal {
        mu: mean.ln() - 0.5 * sigma * sigma,
        sigma,
    };
    let cv2 = (sigma * sigma).exp_m1();
    steady(case, QueueModel::queue(lam, service, mean, cv2, 1)?, effort)
}

/// One server, constant service.
pub fn md1(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (lam, s) = (case.positive("lam")?, case.positive("S")?);
    steady(
        case,
        QueueModel::queue(lam, ServiceLaw::Constant { s }, s, 0.0, 1)?,
        effort,
    )
}

fn steady(
    case: &ClosedFormCase,
    model: QueueModel,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let seen = Seen::of(model.play(effort)?, model.servers);
    Ok(case.answers(|asked| seen.answer(&asked)))
}

/// A rolling restart takes servers away while customers keep coming.
pub fn capacity_loss_delay(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let (before, during) = (
        case.at_least_one("c_before")?,
        case.at_least_one("c_during")?,
    );
    let load = case.positive("a")?;
    let slower = QueueModel::queue(load, exponential(1.0), 1.0, 1.0, before.min(during))?;
    let model = QueueModel {
        servers: before,
        ..slower
    };
    let chains = model.play_through(effort, &[before, during])?;
    let sums = chains.iter().map(|stretches| {
        let total = |at: usize| stretches[at].waits.iter().sum::<f64>();
        (stretches[0].waits.len() as u64, [total(0), total(1)])
    });
    let waits = TrialSums::of(sums.collect());
    Ok(case.answers(|asked| match asked.name {
        "Wq_before" => Some(waits.mean(0)),
        "Wq_during" => Some(waits.mean(1)),
        "ratio" => Some(waits.of_means(|[before, during]| during / before)),
        _ => None,
    }))
}

/// No room to wait: the share that is lost does not depend on the distribution of the service, so
/// three of them must give the same answer.
pub fn erlang_b(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (servers, lam) = (case.at_least_one("c")?, case.positive("a")?);
    // The mean is 1: mu = -sigma^2 / 2.
    let lognormal = ServiceLaw::Lognormal {
        mu: -0.5,
        sigma: 1.0,
    };
    let services = [
        ("", exponential(1.0)),
        (", constant service", ServiceLaw::Constant { s: 1.0 }),
        (", lognormal service", lognormal),
    ];
    let mut all = Vec::new();
    for (part, (suffix, service)) in services.into_iter().enumerate() {
        let model = QueueModel {
            lam,
            service,
            servers,
            room: Some(0),
            relaxation: 1.0,
        };
        let seen = Seen::of(model.play(effort.part(part as u64))?, servers);
        let named = |answer: ExactAnswer| ExactAnswer {
            name: answer.name + suffix,
            ..answer
        };
        all.extend(
            case.answers(|asked| seen.answer(&asked))
                .into_iter()
                .map(named),
        );
    }
    Ok(all)
}

/// One server, and room for K customers in all: the share that is turned away, and how many are in.
///
/// The relaxation time is the inverse of the spectral gap, mu (1 + rho - 2 sqrt(rho) cos(pi / (K + 1))).
pub fn mm1k_blocking(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (rho, room) = (case.positive("rho")?, case.at_least_one("K")?);
    let angle = std::f64::consts::PI / (f64::from(room) + 1.0);
    let gap = 1.0 + rho - 2.0 * rho.sqrt() * angle.cos();
    let model = QueueModel {
        lam: rho,
        service: exponential(1.0),
        servers: 1,
        room: Some(room - 1),
        relaxation: 1.0 / gap,
    };
    let seen = Seen::of(model.play(effort)?, 1);
    let says = |name: &str, words: &[&str]| words.iter().any(|word| name.contains(word));
    Ok(case.answers(|asked| match asked.name {
        name if says(name, &["block", "loss", "lost", "full"]) => Some(seen.loss()),
        name if says(name, &["number", "in_system", "mean_n", "EN"]) => Some(seen.present()),
        _ => seen.answer(&asked),
    }))
}
