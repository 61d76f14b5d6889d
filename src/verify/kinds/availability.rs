//! Group H: hosts that fail and are repaired.
//!
//! The unit of the inputs, an hour or whatever it is, is played as a second: the answers do not
//! depend on it, and centuries fit into virtual time.

use sim_core::engine::{Distribution, SimDuration, SimTime};
use sim_core::fleet::availability::{Availability, Repairable};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::samples::{Samples, samples};
use super::super::trials::{Trial, TrialSums, groups, sums};
use super::watch::indicator;

const HOSTS: u32 = 1;
const MINUTES_PER_YEAR: f64 = 365.0 * 24.0 * 60.0;

/// Independent stretches of the steady state.
const CHAINS: u32 = 64;

/// A failure and its repair take some 20 steps.
const STEPS: f64 = 20.0;

fn units(number: f64) -> SimDuration {
    SimDuration::from_secs_f64(number)
}

fn exponential(mean: f64) -> Distribution {
    Distribution::Exponential { mean: units(mean) }
}

/// At least k of n hosts work; each has a repair crew of its own.
pub fn k_of_n_up(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    quorum(case, effort, None)
}

/// The same with fewer crews than hosts.
pub fn k_of_n_up_crews(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    quorum(case, effort, Some(case.at_least_one("crews")?))
}

fn quorum(
    case: &ClosedFormCase,
    effort: Effort,
    crews: Option<u32>,
) -> Result<Vec<ExactAnswer>, Unable> {
    let (hosts, k) = (case.at_least_one("n")?, case.at_least_one("k")?);
    let (mtbf, mttr) = (case.positive("mtbf")?, case.positive("mttr")?);
    let fleet = Repairable {
        hosts,
        works: exponential(mtbf),
        repair: exponential(mttr),
        crews,
    };
    let cycle = mtbf / f64::from(hosts);
    let steady = std::cell::LazyCell::new(|| {
        // As if one crew had to repair them all: no fleet takes longer to settle.
        let warm_up = 20.0 * mttr * f64::from(hosts);
        steady_state(&fleet, k, cycle, warm_up, effort)
    });
    Ok(case.answers(|asked| match asked.name {
        "p_k_of_n" => Some(steady.of_means(|[time, good, _]| good / time)),
        "downtime_min_per_year" => Some(steady.of_means(|[time, good, _]| downtime(good / time))),
        "mean_down" => Some(steady.of_means(|[time, _, down]| down / time)),
        "A_host" => Some(steady.of_means(|[time, _, down]| 1.0 - down / time / f64::from(hosts))),
        "mean_hours" => Some(times_to_loss(&fleet, k, cycle, effort.part(1)).mean()),
        "sd_hours" => Some(times_to_loss(&fleet, k, cycle, effort.part(1)).sd()),
        _ => None,
    }))
}

fn downtime(availability: f64) -> f64 {
    (1.0 - availability) * MINUTES_PER_YEAR
}

/// Plays one failure a trial, shared out over independent chains, and sums up the time, the time
/// with a quorum, and the time of hosts that were down.
fn steady_state(
    fleet: &Repairable,
    k: u32,
    cycle: f64,
    warm_up: f64,
    effort: Effort,
) -> TrialSums<3> {
    let failures = effort.at_cost(STEPS).trials.div_ceil(CHAINS.into());
    let chains = Effort {
        trials: CHAINS.into(),
        ..effort
    };
    let warm = SimTime::after(units(warm_up));
    let end = warm + units(cycle * failures as f64);
    let play = |trial: Trial| {
        let mut hosts = Availability::new(fleet.clone(), trial.own_key(), HOSTS);
        hosts.advance_to(warm);
        hosts.forget();
        hosts.advance_to(end);
        let time = (end - warm).as_secs_f64();
        let sums = [
            time,
            time * hosts.share_with_at_least(k),
            time * hosts.mean_down(),
        ];
        (failures, sums)
    };
    TrialSums::of(groups(chains, |trials| trials.map(play).collect::<Vec<_>>()).concat())
}

/// Plays from all hosts working until fewer than `k` do. A few trials first say how many the budget
/// allows.
fn times_to_loss(fleet: &Repairable, k: u32, cycle: f64, effort: Effort) -> Samples {
    let play = |effort| {
        samples(effort, || {
            |trial: Trial| {
                let mut hosts = Availability::new(fleet.clone(), trial.own_key(), HOSTS);
                let lost = hosts.advance_to_loss(k, SimTime::MAX);
                lost.expect("every quorum is lost within the lifetime of the sun")
                    .as_secs_f64()
            }
        })
    };
    let few = Effort {
        trials: effort.trials.min(256),
        ..effort.part(9)
    };
    let failures = play(few).mean().value / cycle;
    play(effort.at_cost(STEPS * (failures + f64::from(fleet.hosts))))
}

/// One host from up: whether it is up at t, and how long it is within T.
pub fn transient_availability(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let (lam, mu) = (case.positive("lam")?, case.positive("mu")?);
    let (t, whole) = (case.positive("t")?, case.positive("T")?);
    let host = Repairable {
        hosts: 1,
        works: exponential(1.0 / lam),
        repair: exponential(1.0 / mu),
        crews: None,
    };
    let (at, end) = (SimTime::after(units(t)), SimTime::after(units(whole)));
    let steps = STEPS * (1.0 + t.max(whole) * lam);
    let seen: TrialSums<2> = sums(effort.at_cost(steps), || {
        |trial: Trial| {
            let mut host = Availability::new(host.clone(), trial.own_key(), HOSTS);
            seen_at(&mut host, at, end)
        }
    });
    Ok(case.answers(|asked| match asked.name {
        "A_t" => Some(seen.share(0)),
        "A_interval" => Some(seen.mean(1)),
        _ => None,
    }))
}

/// Whether a host is up at one instant, and for which share of the time until another one.
fn seen_at(host: &mut Availability, at: SimTime, end: SimTime) -> [f64; 2] {
    let (mut is_up, mut share) = (false, 0.0);
    for instant in [at.min(end), at.max(end)] {
        host.advance_to(instant);
        if instant == at {
            is_up = host.is_up(0);
        }
        if instant == end {
            share = host.share_with_at_least(1);
        }
    }
    [indicator(is_up), share]
}
