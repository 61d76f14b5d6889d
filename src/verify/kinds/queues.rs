//! Group E: the queue of a host, in the steady state.

use super::super::case::{AskedQuantity, ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::estimate::TrialEstimate;
use super::super::samples::Samples;
use super::super::trials::TrialSums;
use super::queue_model::{QueueModel, ServiceLaw, Stretch};

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
            let services = one.sojourns.iter().zip(&one.waits);
            let squares = services.map(|(sojourn, wait)| (sojourn - wait) * (sojourn - wait));
            (one.waits.len() as u64, [squares.sum()])
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
    let (mu, sigma) = (-0.5, 1.0);
    let services = [
        ("", exponential(1.0)),
        (", constant service", ServiceLaw::Constant { s: 1.0 }),
        (", lognormal service", ServiceLaw::Lognormal { mu, sigma }),
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
        let answers = case.answers(|asked| seen.answer(&asked));
        all.extend(answers.into_iter().map(named));
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
