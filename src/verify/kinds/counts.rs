//! Group C: measurements that are counted, and a stage that is not satisfied in time.

use sim_core::engine::{Draws, Share, SimDuration, SimTime};
use sim_core::policy::gate::{Counting, Firing, Flaw, Reading, Window};
use sim_core::policy::{Decision, Observation, Policy, RolloutPhase, RolloutState, decide};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::samples::samples;
use super::super::trials::{Trial, TrialSums, sums};
use super::stage::one_stage;
use super::watch::{BREACH, PASS, WatchedGate, indicator, minute};

const MEASUREMENTS: u32 = 1;

/// A reading that tells nothing, and one that could not be made.
const SILENT: Reading = Reading::flawed(Flaw::Missing);
const FAILED: Reading = Reading::flawed(Flaw::Stale);

/// Measures until the window has an answer, which it must have in the end.
fn measure(
    watch: &mut WatchedGate,
    draws: &mut Draws,
    read: impl Fn(&mut Draws) -> Reading,
) -> Firing {
    watch.reset();
    loop {
        let now = minute(watch.measured().into());
        let firing = watch.see(now, read(draws));
        if firing != Firing::Quiet {
            return firing;
        }
    }
}

/// The analysis fails when more than `failure_limit` measurements do, and ends at once.
pub fn failure_limit(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (p, count) = (case.probability("p")?, case.at_least_one("count")?);
    let failures = Some(case.count("failure_limit")?);
    let window = Window::Count(Counting {
        failures,
        of: Some(count),
        ..Counting::default()
    });
    let ends: TrialSums<2> = sums(effort.at_cost(count.into()), || {
        let mut watch = WatchedGate::of_breaches(window);
        move |trial: Trial| {
            let fails = |draws: &mut Draws| if draws.chance(p) { BREACH } else { PASS };
            let end = measure(&mut watch, &mut trial.draws(MEASUREMENTS), fails);
            [indicator(end == Firing::Fired), watch.measured().into()]
        }
    });
    Ok(case.answers(|asked| match asked.name {
        "p_fail" => Some(ends.share(0)),
        "mean_measurements" => Some(ends.mean(1)),
        _ => None,
    }))
}

/// The analysis errs when more than so many measurements in a row could not be made.
pub fn consecutive_error_limit(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let (p, count) = (case.probability("p")?, case.at_least_one("count")?);
    let errors_in_a_row = Some(case.count("consecutive_error_limit")?);
    let window = Window::Count(Counting {
        errors_in_a_row,
        of: Some(count),
        ..Counting::default()
    });
    let ends: TrialSums<1> = sums(effort.at_cost(count.into()), || {
        let mut watch = WatchedGate::of_breaches(window);
        move |trial: Trial| {
            let errs = |draws: &mut Draws| if draws.chance(p) { FAILED } else { PASS };
            let end = measure(&mut watch, &mut trial.draws(MEASUREMENTS), errs);
            [indicator(end == Firing::Errored)]
        }
    });
    Ok(case.answers(|asked| (asked.name == "p_abort").then(|| ends.share(0))))
}

/// The number of checks until the r-th has failed.
pub fn cumulative_failures(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let (p, r) = (case.positive("p")?, case.at_least_one("r")?);
    let window = Window::Count(Counting {
        failures: Some(r - 1),
        ..Counting::default()
    });
    let checks = samples(effort.at_cost(f64::from(r) / p), || {
        let mut watch = WatchedGate::of_breaches(window);
        move |trial: Trial| {
            let fails = |draws: &mut Draws| if draws.chance(p) { BREACH } else { PASS };
            measure(&mut watch, &mut trial.draws(MEASUREMENTS), fails);
            watch.measured().into()
        }
    });
    Ok(case.answers(|asked| match asked.name {
        "mean" => Some(checks.mean()),
        "sd" => Some(checks.sd()),
        "median" => Some(checks.whole_quantile(0.5)),
        _ => {
            let by = asked.number_after("p_by_")?;
            Some(checks.share(|checks| checks <= by))
        }
    }))
}

/// Failures, silent measurements and success race each other.
pub fn failure_and_inconclusive_limits(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let p_fail = case.probability("p_fail")?;
    let p_silent = case.probability("p_inconclusive")?;
    let window = Window::Count(Counting {
        failures: Some(case.count("failure_limit")?),
        inconclusive: Some(case.count("inconclusive_limit")?),
        of: Some(case.at_least_one("count")?),
        ..Counting::default()
    });
    let read = move |draws: &mut Draws| match draws.uniform() {
        u if u < p_fail => BREACH,
        u if u < p_fail + p_silent => SILENT,
        _ => PASS,
    };
    let ends: TrialSums<3> = sums(effort.at_cost(case.number("count")?), || {
        let mut watch = WatchedGate::of_breaches(window);
        move |trial: Trial| {
            let end = measure(&mut watch, &mut trial.draws(MEASUREMENTS), read);
            ENDS.map(|is| indicator(end == is))
        }
    });
    Ok(case.answers(|asked| match asked.name {
        "fail" => Some(ends.share(0)),
        "inconclusive" => Some(ends.share(1)),
        "success" => Some(ends.share(2)),
        _ => None,
    }))
}

const ENDS: [Firing; 3] = [Firing::Fired, Firing::Inconclusive, Firing::Done];

/// A stage whose criteria are met at an evaluation with a fixed probability; it pauses when three
/// observation windows have passed.
pub fn pause_at_three_windows(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let (window, step) = (
        case.at_least_one("window_min")?,
        case.at_least_one("step_min")?,
    );
    let (green, evaluations) = (case.probability("p_green")?, case.count("evaluations")?);
    if evaluations != 2 * window / step + 1 {
        return Err(Unable(
            "its `evaluations` do not fill the time up to three windows".to_owned(),
        ));
    }
    let observe = SimDuration::from_mins(window.into());
    let policy = one_stage(Share::ONE, observe, Some(3), None);
    let stages: TrialSums<2> = sums(effort.at_cost(f64::from(evaluations)), || {
        |trial: Trial| {
            let mut draws = trial.draws(MEASUREMENTS);
            let (end, at) = play_stage(&policy, window, step, || draws.chance(green));
            [indicator(end == Decision::PauseOverdue), at as f64]
        }
    });
    Ok(case.answers(|asked| match asked.name {
        "p_pause" => Some(stages.share(0)),
        "mean_stage_minutes" => Some(stages.mean(1)),
        _ => None,
    }))
}

const fn seen_at(now: SimTime, criteria_met: bool) -> Observation {
    Observation {
        now,
        fired: None,
        criteria_met,
        flaw: None,
        exposure: Share::ONE,
        converged: true,
        approved: false,
        open: true,
    }
}

/// Evaluates the stage from the end of its first window on until it is left, and returns how and in
/// which minute.
fn play_stage(
    policy: &Policy,
    window: u32,
    step: u32,
    mut green: impl FnMut() -> bool,
) -> (Decision, u64) {
    let state = RolloutState {
        phase: RolloutPhase::Active,
        stage: 0,
        observed_since: Some(minute(0)),
        entered: minute(0),
        step_backs: 0,
        asked: None,
    };
    let mut at = u64::from(window);
    loop {
        match decide(policy, &state, &seen_at(minute(at), green())) {
            Decision::Hold => at += u64::from(step),
            end => return (end, at),
        }
    }
}
