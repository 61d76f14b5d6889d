//! Group G: the time until the last host is back.

use sim_core::engine::{Distribution, SimDuration, SimTime};
use sim_core::fleet::Update;
use sim_core::fleet::fan_out::{Wave, WaveDraws};
use sim_core::policy::gate::Window;

use super::super::case::{AskedQuantity, ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::estimate::{Doubt, TrialEstimate};
use super::super::samples::{Samples, samples};
use super::super::trials::{Trial, TrialSums, sums};
use super::runs::Walk;
use super::stickiness::Stickiness;
use super::watch::WatchedGate;

const HOSTS: u32 = 1;
const PHASE: u32 = 2;
const EVALUATIONS: u32 = 3;

/// A host takes four steps: a draw, its time, its place in the heap and in the order.
const STEPS: f64 = 4.0;

/// A wave over all hosts of a case.
#[derive(Clone, Debug)]
struct Fleet {
    hosts: u32,
    update: Update,
}

impl Fleet {
    fn new(hosts: u32, takes: Distribution) -> Self {
        let update = Update {
            takes,
            ..Update::AT_ONCE
        };
        Self { hosts, update }
    }

    /// Rolls back from `begin` on.
    fn wave(&self, begin: SimTime, trial: Trial) -> Wave {
        let draws = WaveDraws {
            key: trial.key,
            purpose: HOSTS,
            wave: trial.number,
        };
        Wave::schedule(0..self.hosts, &self.update, begin, 1.0, draws)
    }

    fn steps(&self) -> f64 {
        STEPS * f64::from(self.hosts)
    }

    /// Plays rollbacks and keeps the seconds that each takes.
    fn makespans(&self, effort: Effort) -> Samples {
        samples(effort.at_cost(self.steps()), || {
            |trial: Trial| seconds_of(&self.wave(SimTime::ZERO, trial))
        })
    }
}

fn seconds_of(wave: &Wave) -> f64 {
    wave.last().expect("a fleet has hosts").as_secs_f64()
}

fn seconds(case: &ClosedFormCase, name: &str) -> Result<SimDuration, Unable> {
    Ok(SimDuration::from_secs_f64(case.positive(name)?))
}

fn lognormal(case: &ClosedFormCase, sigma: f64) -> Result<Distribution, Unable> {
    let takes = Distribution::Lognormal {
        median: seconds(case, "median")?,
        sigma,
    };
    let checked = takes.check().map(|()| takes.clone());
    checked.map_err(|error| Unable(error.to_string()))
}

fn exponential(case: &ClosedFormCase) -> Result<Distribution, Unable> {
    Ok(Distribution::Exponential {
        mean: seconds(case, "mean")?,
    })
}

/// Answers about the time of a whole rollback, under the names of a largest and of a makespan.
fn about_makespans(
    asked: &AskedQuantity<'_>,
    makespans: &Samples,
    deadline: Option<f64>,
) -> Option<TrialEstimate> {
    let within = |deadline: f64| makespans.share(|makespan| makespan <= deadline);
    match asked.name {
        "mean_max" | "mean_makespan" => Some(makespans.mean()),
        "sd_max" | "sd_makespan" => Some(makespans.sd()),
        "p_within" => deadline.map(within),
        _ => {
            if let Some(deadline) = asked.number_after("p_within_") {
                return Some(within(deadline));
            }
            let q = asked
                .quantile_before("_max")
                .or_else(|| asked.quantile_before("_makespan"))?;
            Some(makespans.quantile(q, asked.expected))
        }
    }
}

fn makespan_answers(
    case: &ClosedFormCase,
    fleet: &Fleet,
    effort: Effort,
    other: impl Fn(&AskedQuantity<'_>) -> Option<TrialEstimate>,
) -> Vec<ExactAnswer> {
    let makespans = fleet.makespans(effort);
    let deadline = case.number("deadline").ok();
    case.answers(|asked| about_makespans(&asked, &makespans, deadline).or_else(|| other(&asked)))
}

/// All hosts at once, lognormal times.
pub fn parallel_lognormal(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let takes = lognormal(case, case.number("sigma")?)?;
    parallel(case, effort, takes)
}

/// All hosts at once, exponential times.
pub fn parallel_exponential(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    parallel(case, effort, exponential(case)?)
}

fn parallel(
    case: &ClosedFormCase,
    effort: Effort,
    takes: Distribution,
) -> Result<Vec<ExactAnswer>, Unable> {
    let fleet = Fleet::new(case.at_least_one("hosts")?, takes);
    let deadline = case.number("deadline");
    Ok(makespan_answers(case, &fleet, effort, |asked| {
        let percent = asked
            .name
            .strip_prefix("max_hosts_for_")?
            .strip_suffix("pct")?;
        let deadline = SimTime::after(SimDuration::from_secs_f64(deadline.clone().ok()?));
        Some(most_hosts(
            &fleet,
            effort,
            deadline,
            percent.parse::<f64>().ok()? / 100.0,
        ))
    }))
}

/// Estimates how many hosts at once are all done by `deadline` with `probability`: the largest N
/// with F^N at least that, for the share F of single hosts that are done by then.
fn most_hosts(fleet: &Fleet, effort: Effort, deadline: SimTime, probability: f64) -> TrialEstimate {
    let done: TrialSums<1> = sums(effort.at_cost(fleet.steps()), || {
        |trial: Trial| {
            [f64::from(
                fleet.wave(SimTime::ZERO, trial).done_by(deadline),
            )]
        }
    });
    let mean = done.mean(0);
    let trials = mean.trials;
    let hosts = trials as f64 * f64::from(fleet.hosts);
    let share = mean.value / f64::from(fleet.hosts);
    let error = (share * (1.0 - share) / hosts).sqrt();
    let most = |share: f64| (probability.ln() / share.min(1.0).ln()).floor();
    let doubt = Doubt::Whole {
        low: most(share - 4.0 * error),
        high: most(share + 4.0 * error),
    };
    TrialEstimate {
        value: most(share),
        trials,
        doubt,
    }
}

/// So many hosts at a time; a worker that is free takes the next.
pub fn workers(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let mut fleet = Fleet::new(case.at_least_one("hosts")?, exponential(case)?);
    fleet.update.parallel = Some(case.at_least_one("parallel")?);
    Ok(makespan_answers(case, &fleet, effort, |_| None))
}

/// Batches that wait for their slowest host, and what that costs against workers that do not wait.
pub fn barrier_batches(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let mut fleet = Fleet::new(case.at_least_one("hosts")?, exponential(case)?);
    fleet.update.parallel = Some(case.at_least_one("batch")?);
    let mut patient = fleet.clone();
    patient.update.barrier = true;
    // Both play the same hosts with the same times.
    let penalty = || -> TrialEstimate {
        let pairs: TrialSums<2> = sums(effort.at_cost(2.0 * fleet.steps()), || {
            |trial: Trial| {
                [&patient, &fleet].map(|fleet| seconds_of(&fleet.wave(SimTime::ZERO, trial)))
            }
        });
        pairs.of_means(|[barrier, free]| barrier / free)
    };
    Ok(makespan_answers(case, &patient, effort, |asked| {
        (asked.name == "barrier_penalty").then(penalty)
    }))
}

/// A few hosts fail the first try, time out and need a second one.
pub fn retries(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let takes = lognormal(case, case.number("sigma")?)?;
    let mut fleet = Fleet::new(case.at_least_one("hosts")?, takes);
    fleet.update.fails = case.probability("p_retry")?;
    fleet.update.timeout = seconds(case, "timeout")?;
    Ok(makespan_answers(case, &fleet, effort, |_| None))
}

/// Hosts that share a factor, and hosts of the same spread that do not.
pub fn correlated(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (common, own) = (case.number("sd_common")?, case.number("sd_host")?);
    let hosts = case.at_least_one("hosts")?;
    let mut fleet = Fleet::new(hosts, lognormal(case, own)?);
    fleet.update.common = common;
    let alone = Fleet::new(hosts, lognormal(case, common.hypot(own))?);
    let deadline = case.number("deadline")?;
    Ok(makespan_answers(case, &fleet, effort, |asked| {
        (asked.name == "p_within_if_independent").then(|| {
            alone
                .makespans(effort.part(1))
                .share(|makespan| makespan <= deadline)
        })
    }))
}

/// From the fault to the last host: the wait for an evaluation, the breaches in a row, the rollback.
pub fn detect_and_rollback(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let (period, p) = (case.positive("period")?, case.positive("p")?);
    let k = case.at_least_one("k")?;
    let (hosts, sigma) = (case.at_least_one("hosts")?, case.number("sigma")?);
    let fleet = Fleet::new(hosts, lognormal(case, sigma)?);
    let chain = Stickiness::independent(p);
    let watch = WatchedGate::of_breaches(Window::Consecutive(k));
    let times = samples(effort.at_cost(fleet.steps() + 100.0), || {
        |trial: Trial| {
            let draws = &mut trial.draws(EVALUATIONS);
            let fired = Walk::new(&watch).time_to_fire(&watch, chain, u64::MAX, draws);
            let later = fired.expect("a run of breaches comes sooner or later") - 1;
            let first = period * trial.draws(PHASE).uniform();
            let trigger = SimDuration::from_secs_f64(first + period * later as f64);
            seconds_of(&fleet.wave(SimTime::after(trigger), trial))
        }
    });
    Ok(case.answers(|asked| match asked.name {
        "mean_seconds" => Some(times.mean()),
        "sd_seconds" => Some(times.sd()),
        _ => None,
    }))
}
