//! Group D, second part: control charts and how long they run.

use sim_core::engine::{Draws, sample};
use sim_core::policy::gate::test::{CountCusum, Cusum, Ewma, Verdict};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::estimate::TrialEstimate;
use super::super::samples::{Samples, samples};
use super::super::trials::Trial;
use super::run_length::Chart;
use super::stickiness::Stickiness;

const READINGS: u32 = 1;
const REQUESTS: u32 = 2;

/// The number that stands in names such as `arl0` and `arl_shift_0p5`.
fn shift(name: &str) -> Option<f64> {
    if name == "arl0" {
        return Some(0.0);
    }
    name.strip_prefix("arl_shift_")?
        .replace('p', ".")
        .parse()
        .ok()
}

/// Page's one-sided sum of normal readings.
pub fn cusum(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (slack, limit) = (case.number("k")?, case.positive("h")?);
    let fresh = Cusum::new(slack, limit);
    run_lengths(
        case,
        effort,
        Chart::Cusum { slack, limit },
        |shift, draws| {
            let mut chart = fresh;
            readings(shift, draws, |reading| chart.observe(reading))
        },
    )
}

/// The moving average of normal readings.
pub fn ewma(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (weight, width) = (case.fraction("lam")?, case.positive("L")?);
    let fresh = Ewma::new(weight, width);
    let limit = width * (weight / (2.0 - weight)).sqrt();
    run_lengths(
        case,
        effort,
        Chart::Ewma { weight, limit },
        |shift, draws| {
            let mut chart = fresh;
            readings(shift, draws, |reading| chart.observe(reading))
        },
    )
}

/// Counts readings of mean `shift` until one makes the chart alarm.
fn readings(shift: f64, draws: &mut Draws, mut observe: impl FnMut(f64) -> Verdict) -> f64 {
    let mut count = 0.0;
    loop {
        count += 1.0;
        if observe(shift + sample::standard_normal(draws)).rejects() {
            return count;
        }
    }
}

/// Says each mean run length twice: by its integral equation and as `play` finds it.
///
/// The first of the two is the answer to the name itself where the case states no standard
/// deviation, which is how it asks for a number without chance.
fn run_lengths(
    case: &ClosedFormCase,
    effort: Effort,
    chart: Chart,
    play: impl Fn(f64, &mut Draws) -> f64 + Sync,
) -> Result<Vec<ExactAnswer>, Unable> {
    let mut all = Vec::new();
    for (part, answer) in case.answers(|_| None).into_iter().enumerate() {
        let Some(shift) = shift(&answer.name) else {
            all.push(answer);
            continue;
        };
        let exact = chart
            .mean_run_length(shift)
            .ok_or_else(|| Unable("its integral equation does not converge".to_owned()))?;
        let effort = affordable(effort.part(part as u64), 2.0 * exact)?;
        let played = samples(effort, || {
            |trial: Trial| play(shift, &mut trial.draws(READINGS))
        });
        let [first, second] = in_order(&answer, exact, &played);
        all.extend([first, second]);
    }
    Ok(all)
}

fn in_order(answer: &ExactAnswer, exact: f64, played: &Samples) -> [ExactAnswer; 2] {
    let with = |estimate, suffix: &str| ExactAnswer {
        name: format!("{}{suffix}", answer.name),
        estimate: Some(estimate),
        ..answer.clone()
    };
    let exact = TrialEstimate::exact(exact);
    if answer.sd_per_trial.is_some() {
        [with(played.mean(), ""), with(exact, ", by its equation")]
    } else {
        [with(exact, ""), with(played.mean(), ", played")]
    }
}

/// Returns the effort at `steps` steps a trial, unless not even a few trials can be afforded.
fn affordable(effort: Effort, steps: f64) -> Result<Effort, Unable> {
    if steps * 256.0 > effort.budget {
        return Err(Unable("its runs are too long to be played".to_owned()));
    }
    Ok(effort.at_cost(steps))
}

/// The sum of outcomes: `up` for a failure, `down` off for a success.
pub fn count_cusum(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let whole = |name| case.at_least_one(name).map(u64::from);
    let fresh = CountCusum::new(whole("up")?, whole("down")?, whole("h")?);
    let (p0, p1) = (case.fraction("p0")?, case.fraction("p1")?);
    let rate = |name: &str| match name {
        "arl0" => Some(p0),
        "arl1" => Some(p1),
        _ => None,
    };
    let mut answers = case.answers(|_| None);
    for (part, answer) in answers.iter_mut().enumerate() {
        if let Some(p) = rate(&answer.name) {
            let runs = outcomes(fresh, p, effort.part(part as u64))?;
            answer.estimate = Some(runs.mean());
        }
    }
    Ok(answers)
}

/// How many outcomes a trial may take in the few that tell the cost of the others.
const LONGEST: f64 = 1e7;

fn outcomes(fresh: CountCusum, p: f64, effort: Effort) -> Result<Samples, Unable> {
    let play = |effort, longest| {
        samples(effort, || {
            move |trial: Trial| alarm(fresh, p, longest, &mut trial.draws(REQUESTS))
        })
    };
    let few = play(
        Effort {
            trials: effort.trials.min(256),
            ..effort.part(9)
        },
        LONGEST,
    );
    if few.share(|outcomes| outcomes >= LONGEST).value > 0.0 {
        return Err(Unable("its runs are too long to be played".to_owned()));
    }
    // An outcome costs a tenth of a step; where the sum is 0, successes cost nothing.
    Ok(play(effort.at_cost(0.1 * few.mean().value), f64::INFINITY))
}

/// Counts outcomes until one makes the sum alarm, or to more than `longest`.
///
/// Successes at a sum of 0 change nothing and are not shown.
fn alarm(mut sum: CountCusum, p: f64, longest: f64, draws: &mut Draws) -> f64 {
    let requests = Stickiness::independent(p);
    let mut count = 0.0;
    while count < longest {
        let gap = requests.passes(draws);
        let mut successes = gap - 1;
        while successes > 0 && sum.sum() > 0 {
            sum.observe(false);
            successes -= 1;
        }
        count += gap as f64;
        if sum.observe(true).rejects() {
            return count;
        }
    }
    count
}
