//! Group R: what is too rare to be waited for.

use sim_core::engine::{Draws, SimDuration, SimTime, sample};
use sim_core::fleet::capacity::Station;
use sim_core::policy::gate::{Reading, Relation, Tracker, Window};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::estimate::TrialEstimate;
use super::super::trials::{Trial, TrialSums, sums};
use super::run_metric::RunMetric;
use super::runs::Walk;
use super::stickiness::Stickiness;
use super::tilt::Tilt;
use super::watch::WatchedGate;
use crate::study::splitting::fixed_effort;

const SPLITTING: u32 = 1;

/// The fewest tries of a level over all replications: with fewer than some hundred in each of them a way of
/// several levels mostly dies out, and what is left has no normal error.
const SPLIT_MIN: u64 = 1 << 16;

/// Estimates by splitting. The trials are the tries of each level, shared out over independent
/// replications: as many as each of them has tries.
fn split<S: Clone + Sync>(
    effort: Effort,
    start: &S,
    levels: u32,
    climb: impl Fn(&mut S, u32, &mut Draws) -> bool + Sync,
) -> TrialEstimate {
    let trials = effort.trials.max(SPLIT_MIN);
    let tries = (trials as f64).sqrt() as u32;
    let replications = Effort {
        trials: trials.div_ceil(tries.into()),
        ..effort
    };
    let products: TrialSums<1> = sums(replications, || {
        |trial: Trial| {
            let draws = &mut trial.draws(SPLITTING);
            [fixed_effort(start, levels, tries, draws, &climb)]
        }
    });
    let estimate = products.of_weighted(|[mean]| *mean);
    TrialEstimate {
        trials: estimate.trials * u64::from(tries),
        ..estimate
    }
}

/// A run of breaches that hardly ever comes: a level is one more breach in a row.
pub fn consecutive_rare(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (p, k, n) = (
        case.positive("p")?,
        case.at_least_one("k")?,
        case.count("n")?,
    );
    let chain = Stickiness::independent(p);
    let watch = WatchedGate::of_breaches(Window::Consecutive(k));
    let climb = |walk: &mut Walk, level: u32, draws: &mut Draws| {
        while walk.run_length() < level {
            if walk.step(&watch, chain, n.into(), draws).is_none() {
                return false;
            }
        }
        true
    };
    let steps = 5.0 * f64::from(k) * (1.0 + p * f64::from(n));
    let trigger = || split(effort.at_cost(steps), &Walk::new(&watch), k, climb);
    Ok(case.answers(|asked| (asked.name == "p_trigger").then(trigger)))
}

/// The same for a metric with memory, where a breach makes the next one likelier.
pub fn ar1_consecutive_rare(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let metric = RunMetric::of(case)?;
    let (k, n) = (case.at_least_one("k")?, case.count("n")?);
    let watch = metric.watch();
    let start = Course {
        tracker: watch.tracker(),
        evaluation: 0,
        value: None,
    };
    let climb = |course: &mut Course, level: u32, draws: &mut Draws| {
        while course.tracker.run_length() < level {
            if course.evaluation == n {
                return false;
            }
            course.step(&metric, &watch, draws);
        }
        true
    };
    let steps = 2.0 * f64::from(k) * f64::from(n);
    let trigger = || split(effort.at_cost(steps), &start, k, climb);
    let iid = || {
        let metric = metric.without_memory();
        let climb = |course: &mut Course, level: u32, draws: &mut Draws| {
            while course.tracker.run_length() < level && course.evaluation < n {
                course.step(&metric, &watch, draws);
            }
            course.tracker.run_length() >= level
        };
        split(effort.part(1).at_cost(steps), &start, k, climb)
    };
    Ok(case.answers(|asked| match asked.name {
        "p_trigger" => Some(trigger()),
        "p_trigger_if_iid" => Some(iid()),
        _ => None,
    }))
}

/// The course of a metric with memory, from nowhere.
#[derive(Clone, Debug)]
struct Course {
    tracker: Tracker,
    evaluation: u32,
    value: Option<f64>,
}

impl Course {
    fn step(&mut self, metric: &RunMetric, watch: &WatchedGate, draws: &mut Draws) {
        let value = match self.value {
            None => sample::standard_normal(draws),
            Some(value) => metric.next(value, draws),
        };
        self.value = Some(value);
        let now = SimTime::from_nanos(self.evaluation.into());
        self.evaluation += 1;
        watch.show(&mut self.tracker, now, Reading::of(value, 1));
    }
}

/// A busy host whose queue overflows before it is empty again: a level is one more job.
///
/// At the instant at which a level is reached, all that matters is how many jobs are here: what is
/// left of an exponential service is as long as a new one, and so is the time to the next arrival.
/// So each try begins with a host of its own with that many new jobs.
pub fn birth_death_overflow(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let host = Host {
        lam: case.positive("lam")?,
        mu: case.positive("mu")?,
    };
    let top = case.at_least_one("level")?;
    let climb = |(): &mut (), level: u32, draws: &mut Draws| host.climbs_from(level, draws);
    let levels = f64::from(top);
    // A try fills the queue and, when it fails, empties it again.
    let effort = effort.at_cost(6.0 * levels * levels);
    let overflow = || split(effort, &(), top - 1, climb);
    Ok(case.answers(|asked| (asked.name == "p").then(overflow)))
}

/// A host of one server, and the work that comes to it.
#[derive(Clone, Copy, Debug)]
struct Host {
    lam: f64,
    mu: f64,
}

impl Host {
    /// Says whether one job more than `jobs` is here before none is.
    fn climbs_from(&self, jobs: u32, draws: &mut Draws) -> bool {
        let seconds = |draws: &mut Draws, rate: f64| {
            SimDuration::from_secs_f64(sample::exponential(draws, 1.0 / rate))
        };
        let mut station = Station::new(1, None);
        let mut now = SimTime::ZERO;
        for _ in 0..jobs {
            station.arrive(now, seconds(draws, self.mu));
        }
        while station.present() <= u64::from(jobs) {
            now += seconds(draws, self.lam);
            while station.depart_by(now).is_some() {
                if station.present() == 0 {
                    return false;
                }
            }
            station.arrive(now, seconds(draws, self.mu));
        }
        true
    }
}

/// The tail of a binomial count from draws that are tilted into it.
pub fn binomial_tail(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (n, p) = (case.at_least_one("n")?, case.positive("p")?);
    let tilt = Tilt::new(n.into(), p, case.positive("p_tilt")?);
    let gate = WatchedGate::of_count(Relation::AtLeast, case.number("thr")?);
    let weights = tilt.sums(effort, |x| gate.breaches(Reading::of(x as f64, x), None));
    Ok(case.answers(|asked| match asked.name {
        "p_tail" => Some(weights.of_weighted(|[mean, _]| *mean)),
        "rel_var_one_sample_is" => {
            Some(weights.of_weighted(|[mean, square]| square / (mean * mean) - 1.0))
        }
        "rel_var_naive" => Some(weights.of_weighted(|[mean, _]| (1.0 - mean) / mean)),
        _ => None,
    }))
}
