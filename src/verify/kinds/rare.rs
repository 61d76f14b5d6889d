//! Group R: what is too rare to be waited for.

use sim_core::engine::{Draws, SimDuration, SimTime, sample};
use sim_core::fleet::capacity::Station;
use sim_core::policy::gate::{Reading, Relation, Tracker, Window};

use super::super::case::{Answer, Case, Unable};
use super::super::closed_form::Effort;
use super::super::estimate::Estimate;
use super::super::trials::{Sums, Trial, sums};
use super::runs::{Metric, Stickiness, Walk};
use super::tilt::Tilt;
use super::watch::Watch;
use crate::study::splitting::fixed_effort;

const SPLITTING: u32 = 1;

/// Estimates by splitting. The trials are the tries of each level, shared out over independent
/// replications: as many as each of them has tries.
fn split<S: Clone + Sync>(
    effort: Effort,
    start: &S,
    levels: u32,
    climb: impl Fn(&mut S, u32, &mut Draws) -> bool + Sync,
) -> Estimate {
    let tries = (effort.trials as f64).sqrt() as u32;
    let replications = Effort {
        trials: effort.trials.div_ceil(tries.into()),
        ..effort
    };
    let products: Sums<1> = sums(replications, || {
        |trial: Trial| {
            let draws = &mut trial.draws(SPLITTING);
            [fixed_effort(start, levels, tries, draws, &climb)]
        }
    });
    let estimate = products.of_weighted(|[mean]| *mean);
    Estimate {
        trials: estimate.trials * u64::from(tries),
        ..estimate
    }
}

/// A run of breaches that hardly ever comes: a level is one more breach in a row.
pub fn consecutive_rare(case: &Case, effort: Effort) -> Result<Vec<Answer>, Unable> {
    let (p, k, n) = (
        case.positive("p")?,
        case.at_least_one("k")?,
        case.count("n")?,
    );
    let chain = Stickiness::independent(p);
    let watch = Watch::of_breaches(Window::Consecutive(k));
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
pub fn ar1_consecutive_rare(case: &Case, effort: Effort) -> Result<Vec<Answer>, Unable> {
    let metric = Metric::of(case)?;
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
    fn step(&mut self, metric: &Metric, watch: &Watch, draws: &mut Draws) {
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
pub fn birth_death_overflow(case: &Case, effort: Effort) -> Result<Vec<Answer>, Unable> {
    let (lam, mu) = (case.positive("lam")?, case.positive("mu")?);
    let top = case.at_least_one("level")?;
    let host = Host {
        station: Station::new(1, None),
        now: SimTime::ZERO,
    };
    let climb = |host: &mut Host, level: u32, draws: &mut Draws| {
        host.climb(u64::from(level), lam, mu, draws)
    };
    let levels = f64::from(top);
    // A climb that fails may have to come down from any level, in steps of some 100 ns.
    let effort = effort.at_cost(20.0 * levels * levels);
    Ok(case.answers(|asked| (asked.name == "p").then(|| split(effort, &host, top, climb))))
}

/// A host with a queue. What is still to come is not part of its state: arrivals are memoryless.
#[derive(Clone, Debug)]
struct Host {
    station: Station,
    now: SimTime,
}

impl Host {
    /// Plays until `level` jobs are here, or none. The first job, with which it all begins, comes
    /// for certain.
    fn climb(&mut self, level: u64, lam: f64, mu: f64, draws: &mut Draws) -> bool {
        let seconds = SimDuration::from_secs_f64;
        while self.station.present() < level {
            if level > 1 {
                self.now += seconds(sample::exponential(draws, 1.0 / lam));
            }
            while self.station.depart_by(self.now).is_some() {
                if self.station.present() == 0 {
                    return false;
                }
            }
            self.station
                .arrive(self.now, seconds(sample::exponential(draws, 1.0 / mu)));
        }
        true
    }
}

/// The tail of a binomial count from draws that are tilted into it.
pub fn binomial_tail(case: &Case, effort: Effort) -> Result<Vec<Answer>, Unable> {
    let (n, p) = (case.at_least_one("n")?, case.positive("p")?);
    let tilt = Tilt::new(n.into(), p, case.positive("p_tilt")?);
    let gate = Watch::of_count(Relation::AtLeast, case.number("thr")?);
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
