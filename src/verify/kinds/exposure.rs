//! Group F: how much is exposed before somebody stops it.

use sim_core::engine::sample::Binomial;
use sim_core::engine::{Draws, Share, SimDuration};
use sim_core::policy::Rounding;
use sim_core::policy::gate::{Firing, Limit, Measure, Reading, Relation, Window};
use sim_core::traffic::sticky::{Assignment, StickyUsers};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::trials::{Trial, TrialSums, sums};
use super::blast::USERS;
use super::tilt::Tilt;
use super::watch::{WatchedGate, minute};

const REQUESTS: u32 = 1;
/// A staged ramp with a gate on the error ratio of each tick; the first breach rolls back.
pub fn ramp_exposure(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    ramp(case, effort, Window::Instant)
}

/// The same with k breaching ticks in a row, counted across stages.
pub fn ramp_exposure_consecutive(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    ramp(case, effort, Window::Consecutive(case.at_least_one("k")?))
}

/// One stage of a ramp: how many ticks it lasts, how many requests a tick exposes.
struct ExposureLevel {
    ticks: u32,
    requests: u32,
    failures: Binomial,
}

fn ramp(case: &ClosedFormCase, effort: Effort, window: Window) -> Result<Vec<ExactAnswer>, Unable> {
    let (p, thr) = (case.probability("p_err")?, case.number("thr")?);
    let levels = levels(case, p)?;
    let rollback = case.count("rollback_ticks")?;
    let limit = Limit::Absolute(thr);
    let gate = WatchedGate::new(Measure::Ratio, Relation::Above, limit, window);
    let play = |effort| -> TrialSums<3> {
        sums(effort, || {
            let mut gate = gate.clone();
            let levels = &levels;
            move |trial: Trial| play_ramp(&mut gate, levels, rollback, &mut trial.draws(REQUESTS))
        })
    };
    let few = Effort {
        trials: effort.trials.min(256),
        ..effort.part(9)
    };
    let minutes = play(few).mean(2).value;
    let ends = play(effort.at_cost(5.0 * minutes));
    Ok(case.answers(|asked| match (asked.name, asked.place) {
        ("mean_exposed_requests", _) => Some(ends.mean(0)),
        ("p_rollback", _) => Some(ends.share(1)),
        ("mean_minutes_to_end", _) => Some(ends.mean(2)),
        ("per_tick_detect" | "per_tick_breach", Some(place)) => {
            let requests = levels.get(place)?.requests;
            let tilt = Tilt::towards(requests, p, thr);
            let all = f64::from(requests);
            let breaches = |failed: u64| gate.breaches(Reading::ratio(failed as f64, all), None);
            Some(tilt.tail(effort.part(10 + place as u64), breaches))
        }
        _ => None,
    }))
}

fn levels(case: &ClosedFormCase, p: f64) -> Result<Vec<ExposureLevel>, Unable> {
    let (shares, ticks) = (case.list("pct")?, case.list("ticks")?);
    if shares.len() != ticks.len() {
        return Err(Unable(
            "its `pct` and `ticks` are not of one length".to_owned(),
        ));
    }
    let all = case.count("requests_per_tick")?;
    let level = |(share, ticks): (f64, f64)| {
        let share = Share::from_fraction(share)?;
        let requests = Rounding::Nearest.apply(share, all.into()) as u32;
        let failures = Binomial::new(requests.into(), p);
        Some(ExposureLevel {
            ticks: ticks as u32,
            requests,
            failures,
        })
    };
    let levels: Option<Vec<_>> = shares.into_iter().zip(ticks).map(level).collect();
    levels.ok_or_else(|| Unable("its `pct` are no shares".to_owned()))
}

/// Returns the exposed requests, whether the gate fired, and the minutes until the end.
fn play_ramp(
    gate: &mut WatchedGate,
    levels: &[ExposureLevel],
    rollback: u32,
    draws: &mut Draws,
) -> [f64; 3] {
    gate.reset();
    let (mut exposed, mut tick) = (0, 0);
    for level in levels {
        for _ in 0..level.ticks {
            tick += 1;
            exposed += u64::from(level.requests);
            let failed = level.failures.sample(draws) as f64;
            let reading = Reading::ratio(failed, level.requests.into());
            if gate.see(minute(tick), reading) == Firing::Fired {
                exposed += u64::from(level.requests) * u64::from(rollback);
                return [exposed as f64, 1.0, (tick + u64::from(rollback)) as f64];
            }
        }
    }
    [exposed as f64, 0.0, tick as f64]
}

/// Users of sticky nested cohorts who meet the new version before a ramp is stopped.
pub fn sticky_cohort_exposure(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let users = case.at_least_one("users")?;
    let (shares, at) = (case.list("pct")?, case.list("at")?);
    let (end, visits_per_minute) = (case.number("end")?, case.number("visit_rate")?);
    let share = |share: f64| Share::from_fraction(share);
    let shares: Option<Vec<Share>> = shares.into_iter().map(share).collect();
    let shares = shares.ok_or_else(|| Unable("its `pct` are no shares".to_owned()))?;
    let ends = at.iter().skip(1).chain([&end]);
    let length =
        |(from, to): (&f64, &f64)| SimDuration::from_secs_f64(60.0 * (to.min(end) - from.min(end)));
    let lasts: Vec<_> = at.iter().zip(ends).map(length).collect();
    let effort = effort.at_cost(10.0 * (lasts.len() * lasts.len()) as f64);
    let exposed: TrialSums<1> = sums(effort, || {
        |trial: Trial| {
            let draws = &mut trial.draws(USERS);
            let visits = 60.0 * visits_per_minute;
            let mut users = StickyUsers::new(users.into(), visits, Assignment::Quota);
            for (share, lasts) in shares.iter().zip(&lasts) {
                users.set_share(*share, draws);
                users.pass(*lasts, draws);
            }
            [users.exposed() as f64]
        }
    });
    Ok(case.answers(|asked| (asked.name == "mean_unique_exposed").then(|| exposed.mean(0))))
}
