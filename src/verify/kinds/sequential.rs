//! Group D, first part: tests of a rate that end by themselves, and tests that look too often.

use sim_core::engine::sample;
use sim_core::policy::gate::test::{
    Boundary, GroupSequential, Mixture, Sides, Sprt, Verdict, always_valid_p, crossing,
};
use sim_core::policy::gate::{Limit, Measure, Reading, Relation, Window};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::estimate::TrialEstimate;
use super::super::trials::{Trial, TrialSums, sums};
use super::stickiness::Stickiness;
use super::wald::Wald;
use super::watch::{WatchedGate, indicator};

const REQUESTS: u32 = 1;
const OBSERVATIONS: u32 = 2;

/// Wald's test of a rate, request by request, and his approximations.
pub fn sprt(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let wald = Wald::of(case)?;
    let rate = case.probability("p")?;
    let fresh = wald.test();
    let steps = most_steps(case, &fresh)?;
    let ended: TrialSums<2> = sums(effort.at_cost(0.5 * steps), || {
        |trial: Trial| {
            let (verdict, taken) = ends(fresh, rate, trial);
            [indicator(verdict.rejects()), taken as f64]
        }
    });
    Ok(case.answers(|asked| match asked.name {
        "p_reject" => Some(ended.share(0)),
        "p_accept" => {
            let rejected = ended.share(0);
            Some(TrialEstimate {
                value: 1.0 - rejected.value,
                ..rejected
            })
        }
        "mean_n" => Some(ended.mean(1)),
        "wald_p_reject" => Some(TrialEstimate::exact(wald.rejects(rate))),
        "wald_asn" => Some(TrialEstimate::exact(wald.mean_size(rate))),
        _ => None,
    }))
}

/// Returns how many requests a test may take on average, and refuses what never ends.
///
/// Between the two rates the drift vanishes; there the mean size is largest, near
/// `upper |lower| / variance` of one step, and the overshoot adds little.
fn most_steps(case: &ClosedFormCase, fresh: &Sprt) -> Result<f64, Unable> {
    let [lower, upper] = fresh.boundaries();
    let p0 = case.number("p0")?;
    let step = (case.number("p1")? / p0).ln();
    let steps = -lower * upper / (p0 * step * step);
    (steps < 1e6)
        .then_some(steps)
        .ok_or_else(|| Unable("its test takes too long to be played request by request".to_owned()))
}

/// Plays requests of the failure rate `rate` until the test ends; returns how, and after how many.
fn ends(mut test: Sprt, rate: f64, trial: Trial) -> (Verdict, u64) {
    let (draws, requests) = (&mut trial.draws(REQUESTS), Stickiness::independent(rate));
    loop {
        // The gap counts the successes and the failure that ends them.
        let gap = requests.passes(draws);
        for request in 1..=gap {
            let verdict = test.observe(u64::from(request == gap), 1);
            if verdict != Verdict::Undecided {
                return (verdict, test.taken());
            }
        }
    }
}

/// A z statistic that is compared with the same limit at each of K looks, without any effect.
pub fn peeking(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (looks, limit) = (case.at_least_one("K")?, case.positive("z")?);
    few_looks(looks)?;
    let gate = WatchedGate::new(
        Measure::Last,
        Relation::AtLeast,
        Limit::Absolute(limit),
        Window::Instant,
    );
    let rejected: TrialSums<1> = sums(effort.at_cost(looks.into()), || {
        |trial: Trial| {
            let (draws, mut sum) = (&mut trial.draws(OBSERVATIONS), 0.0_f64);
            let mut looks = 1..=looks;
            [indicator(looks.any(|look| {
                sum += sample::standard_normal(draws);
                let z = sum / f64::from(look).sqrt();
                gate.breaches(Reading::of(z.abs(), u64::from(look)), None)
            }))]
        }
    });
    let by_look = crossing(&vec![limit; looks as usize], Sides::Two)
        .ok_or_else(|| Unable("its recursion does not converge".to_owned()))?;
    Ok(case.answers(|asked| match (asked.name, asked.place) {
        ("p_any_reject", None) => Some(rejected.share(0)),
        ("by_look", Some(look)) => by_look.get(look).copied().map(TrialEstimate::exact),
        _ => None,
    }))
}

fn few_looks(looks: u32) -> Result<(), Unable> {
    let few = looks <= GroupSequential::MOST_LOOKS;
    few.then_some(())
        .ok_or_else(|| Unable("it has more interim analyses than anybody can plan".to_owned()))
}

/// The constants of a group-sequential test.
pub fn group_sequential_boundary(
    case: &ClosedFormCase,
    _: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let (looks, alpha) = (case.at_least_one("K")?, case.fraction("alpha")?);
    few_looks(looks)?;
    if alpha >= 0.5 {
        return Err(Unable("its `alpha` is a half or more".to_owned()));
    }
    let last = |sides, boundary| {
        let test = GroupSequential::new(looks, alpha, sides, boundary);
        test.limits().last().copied().map(TrialEstimate::exact)
    };
    Ok(case.answers(|asked| match asked.name {
        "pocock_z" => last(Sides::Two, Boundary::Pocock),
        "obf_final_z" => last(Sides::Two, Boundary::OBrienFleming),
        "pocock_z_one_sided" => last(Sides::One, Boundary::Pocock),
        "obf_final_z_one_sided" => last(Sides::One, Boundary::OBrienFleming),
        _ => None,
    }))
}

fn mixture(case: &ClosedFormCase) -> Result<Mixture, Unable> {
    Ok(Mixture {
        tau2: case.positive("tau2")?,
        sigma2: case.positive("sigma2")?,
    })
}

/// The mixture test of normal observations, looked at after each, without any effect.
pub fn msprt_crossing(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (mixture, alpha) = (mixture(case)?, case.fraction("alpha")?);
    let last = case.at_least_one("n_max")?;
    let sigma = mixture.sigma2.sqrt();
    let horizon = |name: &str| name.strip_prefix("p_reject_by_")?.parse::<u32>().ok();
    let mut horizons: Vec<u32> = case
        .expected
        .keys()
        .filter_map(|name| horizon(name))
        .collect();
    horizons.retain(|by| *by <= last);
    // The first crossing is noted; by which of the horizons it came is asked afterwards.
    let crossed = super::super::samples::samples(effort.at_cost(3.0 * f64::from(last)), || {
        |trial: Trial| {
            let (draws, mut sum) = (&mut trial.draws(OBSERVATIONS), 0.0);
            let mut looks = 1..=last;
            let first = looks.find(|n| {
                sum += sigma * sample::standard_normal(draws);
                mixture.log_ratio(f64::from(*n), sum) >= -alpha.ln()
            });
            first.map_or(f64::INFINITY, f64::from)
        }
    });
    Ok(case.answers(|asked| {
        let by = horizons
            .iter()
            .find(|by| horizon(asked.name) == Some(**by))?;
        Some(crossed.share(|first| first <= f64::from(*by)))
    }))
}

/// The mixture's likelihood ratio after some observations.
pub fn msprt_value(case: &ClosedFormCase, _: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let ratio = mixture(case)?.ratio(case.positive("n")?, case.number("sum")?);
    Ok(case.answers(|asked| match asked.name {
        "Lambda" => Some(TrialEstimate::exact(ratio)),
        "p_always_valid" => Some(TrialEstimate::exact(always_valid_p(ratio))),
        _ => None,
    }))
}
