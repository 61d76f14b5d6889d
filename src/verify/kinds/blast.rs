//! Blast radius: who is reached where users or hosts are assigned.

use sim_core::engine::{Share, SimDuration, SimTime, sample};
use sim_core::policy::gate::{Reading, Relation};
use sim_core::policy::{
    Decision, Observation, Policy, RolloutPhase, RolloutState, Rounding, decide,
};
use sim_core::traffic::sticky::{Assignment, StickyUsers};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::estimate::{Doubt, TrialEstimate};
use super::super::samples::samples;
use super::super::trials::{Trial, TrialSums, groups, sums};
use super::stage::one_stage;
use super::tilt::Tilt;
use super::watch::{WatchedGate, indicator, minute};

pub(super) const USERS: u32 = 2;

const CRASHES: u32 = 3;

/// Users who are assigned by a coin each exceed the blast radius now and then.
pub fn random_assignment_blast(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let users = u64::from(case.at_least_one("users")?);
    let share = |name: &str| {
        let share = Share::from_fraction(case.number(name)?);
        share.ok_or_else(|| Unable(format!("its `{name}` is no share")))
    };
    let (target, max) = (share("target")?, share("max_blast")?);
    let policy = one_stage(target, SimDuration::from_mins(60), None, Some(max));
    let violated: TrialSums<1> = sums(effort.at_cost(20.0), || {
        |trial: Trial| {
            [indicator(is_violated(
                &policy,
                users,
                assign(users, target, trial),
            ))]
        }
    });
    Ok(case.answers(|asked| {
        if asked.name == "p_violation" {
            Some(violated.share(0))
        } else {
            let exponent = asked.number_after("headroom_target_for_1e")?;
            let probability = 10_f64.powf(-exponent);
            Some(headroom(effort.part(1), &policy, users, max, probability))
        }
    }))
}

fn assign(users: u64, target: Share, trial: Trial) -> u64 {
    let mut cohort = StickyUsers::new(users, 1.0, Assignment::Coin);
    cohort.set_share(target, &mut trial.draws(USERS));
    cohort.assigned()
}

/// Says whether the policy rolls back because so many users are exposed.
fn is_violated(policy: &Policy, users: u64, exposed: u64) -> bool {
    let state = RolloutState {
        phase: RolloutPhase::Active,
        stage: 0,
        observed_since: Some(SimTime::ZERO),
        entered: SimTime::ZERO,
        step_backs: 0,
        asked: None,
    };
    // Rounded up, so that nothing above the limit is rounded down to it.
    let ppm = (exposed * 1_000_000).div_ceil(users) as u32;
    let seen = Observation {
        now: minute(1),
        fired: None,
        criteria_met: true,
        flaw: None,
        exposure: Share::from_ppm(ppm).expect("no more users are exposed than there are"),
        converged: true,
        approved: false,
        open: true,
    };
    decide(policy, &state, &seen) == Decision::RollbackBlast
}

/// Finds the target at which the blast radius is exceeded with `probability`.
///
/// Users are assigned with the limit itself as the target, where it is exceeded every other time;
/// the likelihood ratio says what the same assignments are worth at any other target.
fn headroom(
    effort: Effort,
    policy: &Policy,
    users: u64,
    max: Share,
    probability: f64,
) -> TrialEstimate {
    let counts = counts_of(effort, users, max);
    let trials: u64 = counts.iter().sum();
    let beyond: Vec<(u64, f64)> = (0..=users)
        .zip(&counts)
        .filter(|(exposed, count)| **count > 0 && is_violated(policy, users, *exposed))
        .map(|(exposed, count)| (exposed, *count as f64))
        .collect();
    let moments = |target: f64| {
        let tilt = Tilt::new(users as f64, target, max.as_f64());
        let mean = |value: &dyn Fn(u64, f64) -> f64| {
            let terms = beyond
                .iter()
                .map(|(x, count)| count * value(*x, tilt.weight(*x)));
            terms.sum::<f64>() / trials as f64
        };
        // The weight of x grows with the target by x / target - (users - x) / (1 - target).
        let slope = |x: u64| x as f64 / target - (users - x) as f64 / (1.0 - target);
        (
            mean(&|_, w| w),
            mean(&|_, w| w * w),
            mean(&|x, w| w * slope(x)),
        )
    };
    let high = bisected(max.as_f64(), |target| moments(target).0 < probability);
    let (mean, square, slope) = moments(high);
    let error = ((square - mean * mean) / trials as f64).sqrt() / slope;
    TrialEstimate {
        value: high,
        trials,
        doubt: Doubt::Weighted { error },
    }
}

/// The end of the targets at which it is still too rare.
fn bisected(max: f64, is_low: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, max);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if is_low(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// How often each number of users was exposed.
fn counts_of(effort: Effort, users: u64, max: Share) -> Vec<u64> {
    let drawn: Vec<Vec<u64>> = groups(effort.at_cost(20.0), |trials| {
        trials.map(|trial| assign(users, max, trial)).collect()
    });
    let mut counts = vec![0_u64; users as usize + 1];
    for assigned in drawn.iter().flatten() {
        counts[*assigned as usize] += 1;
    }
    counts
}

/// Shares of small fleets become whole hosts.
pub fn host_rounding_blast(case: &ClosedFormCase, _: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let target = Share::from_fraction(case.number("target")?);
    let target = target.ok_or_else(|| Unable("its `target` is no share".to_owned()))?;
    let hosts = case.list("hosts")?;
    Ok(case.answers(|asked| {
        let hosts = *hosts.get(asked.place?)?;
        let rounded = |rounding: Rounding| rounding.apply(target, hosts as u64) as f64;
        Some(TrialEstimate::exact(match asked.name {
            "floor_hosts" => rounded(Rounding::Down),
            "ceil_hosts" => rounded(Rounding::Up),
            "round_hosts" => rounded(Rounding::Nearest),
            "floor_fraction" => rounded(Rounding::Down) / hosts,
            "ceil_fraction" => rounded(Rounding::Up) / hosts,
            _ => return None,
        }))
    }))
}

/// A soak of a day: does a rare crash show in time?
pub fn soak_detection(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let rate = case.positive("rate_per_24h")?;
    let gate = WatchedGate::of_count(Relation::AtLeast, 1.0);
    let seen: TrialSums<1> = sums(effort, || {
        |trial: Trial| {
            let crashes = sample::poisson(&mut trial.draws(CRASHES), rate);
            [indicator(
                gate.breaches(Reading::of(crashes as f64, crashes), None),
            )]
        }
    });
    // A crash that comes after t days at one a day comes after t / r at r a day: the rate with which
    // a share q shows within the day is the quantile q of t.
    let first_crash = || {
        samples(effort.part(1), || {
            |trial: Trial| sample::exponential(&mut trial.draws(CRASHES), 1.0)
        })
    };
    Ok(case.answers(|asked| {
        if asked.name == "p_detect" {
            Some(seen.share(0))
        } else {
            let percent = asked.number_after("rate_for_")?;
            Some(first_crash().quantile(percent / 100.0, asked.expected))
        }
    }))
}
