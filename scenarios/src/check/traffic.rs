//! The load of a world.

use sim_core::engine::SimDuration;
use sim_core::traffic::{Arrivals, Load, Traffic, Work};

use super::numbers::{distribution, factor, lasts, positive, within};
use super::problem::{Problem, each};
use super::splitter;

/// Checks a load.
pub(crate) fn check(traffic: &Traffic) -> Vec<Problem> {
    let rate = traffic.requests_per_second;
    let mut problems: Vec<Problem> = within("traffic.requests-per-second", rate, 0.0..=1e9)
        .into_iter()
        .collect();
    problems
        .extend(each("traffic.shape", &traffic.shape).flat_map(|(path, load)| shape(&path, *load)));
    if let Arrivals::NegativeBinomial { size } = traffic.arrivals {
        problems.extend(positive("traffic.arrivals.negative-binomial.size", size));
    }
    problems.extend(splitter::check(traffic.split));
    problems.extend(traffic.work.iter().flat_map(work));
    problems
}

/// The most jobs that are played before anybody looks.
const JOBS_MAX: f64 = 1e7;

fn work(work: &Work) -> Vec<Problem> {
    let path = "traffic.work";
    let hour = SimDuration::from_hours(1).as_secs_f64();
    let jobs = work.jobs_per_hour * (work.warm_up.as_secs_f64() / hour);
    let crowd = (jobs > JOBS_MAX).then(|| {
        let message = format!("{jobs:.0} jobs come before anybody looks, at most {JOBS_MAX}");
        Problem::error("CM151", format!("{path}.warm-up"), message).help("shorten the warm-up")
    });
    let workers = f64::from(work.workers);
    let problems = [
        within(
            &format!("{path}.jobs-per-hour"),
            work.jobs_per_hour,
            1e-3..=1e7,
        ),
        within(&format!("{path}.workers"), workers, 1.0..=1e5),
        distribution(&format!("{path}.takes"), &work.takes),
        crowd,
    ];
    problems.into_iter().flatten().collect()
}

fn shape(path: &str, load: Load) -> Vec<Problem> {
    let problems = match load {
        Load::Diurnal { amplitude, .. } => [
            within(&format!("{path}.diurnal.amplitude"), amplitude, 0.0..=1.0),
            None,
        ],
        Load::Weekly { weekend } => [factor(&format!("{path}.weekly.weekend"), weekend), None],
        Load::Surge {
            lasts: length,
            factor: times,
            ..
        } => [
            factor(&format!("{path}.surge.factor"), times),
            lasts(
                &format!("{path}.surge.lasts"),
                length,
                "the surge would never be felt",
            ),
        ],
    };
    problems.into_iter().flatten().collect()
}
