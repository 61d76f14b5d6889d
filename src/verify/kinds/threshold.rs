//! Group A: one reading against one limit.

use sim_core::engine::sample::{self, Binomial};
use sim_core::policy::gate::{Limit, Measure, Population, Reading, Relation, Window};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::trials::{Trial, TrialSums, sums};
use super::watch::{WatchedGate, indicator};

const REQUESTS: u32 = 1;
const FAILURES: u32 = 2;
const CONTROL: u32 = 3;

/// Failures of n requests with probability p: X ~ Bin(n, p) against n thr, above and at least.
pub fn binomial(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (n, p, thr) = (
        case.at_least_one("n")?,
        case.probability("p")?,
        case.number("thr")?,
    );
    let gates = [Relation::Above, Relation::AtLeast].map(|is| WatchedGate::of_ratio(is, thr));
    let failures = Binomial::new(n.into(), p);
    let breaches = sums(effort, || {
        |trial: Trial| {
            let failed = failures.sample(&mut trial.draws(FAILURES));
            let reading = Reading::ratio(failed as f64, f64::from(n));
            [0, 1].map(|index: usize| indicator(gates[index].breaches(reading, None)))
        }
    });
    Ok(case.answers(|asked| match asked.name {
        "p_gt" => Some(breaches.share(0)),
        "p_ge" => Some(breaches.share(1)),
        _ => None,
    }))
}

/// The same with N ~ Poisson(lam) requests; without requests there are no data.
pub fn poisson_volume(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (lam, p) = (case.positive("lam")?, case.probability("p")?);
    let gate = WatchedGate::of_ratio(Relation::Above, case.number("thr")?);
    let breaches = sums(effort, || {
        |trial: Trial| {
            let requests = sample::poisson(&mut trial.draws(REQUESTS), lam);
            let failed = sample::binomial(&mut trial.draws(FAILURES), requests, p);
            [indicator(gate.breaches(
                Reading::ratio(failed as f64, requests as f64),
                None,
            ))]
        }
    });
    Ok(case.answers(|asked| (asked.name == "p_gt").then(|| breaches.share(0))))
}

/// Failures that share a probability drawn from beta(alpha, beta), and independent ones of the same
/// mean.
pub fn beta_binomial(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let n = case.at_least_one("n")?;
    let (a, b) = (case.positive("alpha")?, case.positive("beta")?);
    let gate = WatchedGate::of_ratio(Relation::Above, case.number("thr")?);
    let breach =
        |failed: u64| indicator(gate.breaches(Reading::ratio(failed as f64, f64::from(n)), None));
    let together: TrialSums<3> = sums(effort, || {
        |trial: Trial| {
            let failed = sample::beta_binomial(&mut trial.draws(FAILURES), n.into(), a, b);
            let count = failed as f64;
            [breach(failed), count, count * count]
        }
    });
    let p = a / (a + b);
    let independent = Binomial::new(n.into(), p);
    let alone: TrialSums<1> = sums(effort.part(1), || {
        |trial: Trial| [breach(independent.sample(&mut trial.draws(FAILURES)))]
    });
    let binomial_variance = f64::from(n) * p * (1.0 - p);
    Ok(case.answers(|asked| match asked.name {
        "p_gt" => Some(together.share(0)),
        "p_gt_if_binomial" => Some(alone.share(0)),
        "dispersion" => {
            Some(together.of_means(|[_, mean, square]| (square - mean * mean) / binomial_variance))
        }
        _ => None,
    }))
}

/// A bursty count against a limit, and a Poisson count of the same mean.
pub fn negative_binomial(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let (mean, size) = (case.positive("mean")?, case.positive("size")?);
    let gate = WatchedGate::of_count(Relation::Above, case.number("thr")?);
    let breach = |count: u64| indicator(gate.breaches(Reading::of(count as f64, count), None));
    let counts: TrialSums<2> = sums(effort, || {
        |trial: Trial| {
            let bursty = sample::negative_binomial(&mut trial.draws(FAILURES), mean, size);
            let calm = sample::poisson(&mut trial.draws(CONTROL), mean);
            [breach(bursty), breach(calm)]
        }
    });
    Ok(case.answers(|asked| match asked.name {
        "p_gt" => Some(counts.share(0)),
        "p_gt_if_poisson" => Some(counts.share(1)),
        _ => None,
    }))
}

/// The canary's failure ratio against a multiple of the control's at the same time.
pub fn ratio_to_control(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (canary, control) = (
        case.at_least_one("n_canary")?,
        case.at_least_one("n_control")?,
    );
    let limit = Limit::Times {
        factor: case.number("ratio")?,
        of: Population::Control,
    };
    let gate = WatchedGate::new(Measure::Ratio, Relation::Above, limit, Window::Instant);
    let (p_null, p_alt) = (case.probability("p_null")?, case.probability("p_alt")?);
    let fires = |p_canary: f64, effort: Effort| -> TrialSums<1> {
        let sick = Binomial::new(canary.into(), p_canary);
        let well = Binomial::new(control.into(), p_null);
        sums(effort, || {
            |trial: Trial| {
                let failed = sick.sample(&mut trial.draws(FAILURES)) as f64;
                let others = well.sample(&mut trial.draws(CONTROL)) as f64;
                let reading = Reading::ratio(failed, canary.into());
                let reference = Reading::ratio(others, control.into());
                [indicator(gate.breaches(reading, Some(reference)))]
            }
        })
    };
    Ok(case.answers(|asked| match asked.name {
        "p_false" => Some(fires(p_null, effort).share(0)),
        "p_detect" => Some(fires(p_alt, effort.part(1)).share(0)),
        _ => None,
    }))
}
