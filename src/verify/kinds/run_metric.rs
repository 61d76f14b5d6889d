//! Windows over evaluations: m of n, and rates over windows that overlap.

use sim_core::engine::{Draws, SimDuration, SimTime, sample};
use sim_core::policy::gate::{
    Firing, Limit, Measure, Reading, Relation, Sustain, SustainMode, Window,
};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::trials::{Trial, TrialSums, sums};
use super::stickiness::{EVALUATIONS, Stickiness};
use super::watch::{BREACH, WatchedGate, indicator, minute};

/// A Gaussian metric of variance 1 with memory, and the limit on it.
#[derive(Clone, Copy, Debug)]
pub struct RunMetric {
    phi: f64,
    thr: f64,
    k: u32,
}

impl RunMetric {
    /// Reads the metric of a case.
    pub fn of(case: &ClosedFormCase) -> Result<Self, Unable> {
        let (phi, thr) = (case.number("phi")?, case.number("thr")?);
        if phi.abs() >= 1.0 {
            return Err(Unable(
                "its `phi` is not below 1: the metric would run away".to_owned(),
            ));
        }
        Ok(Self {
            phi,
            thr,
            k: case.at_least_one("k")?,
        })
    }

    /// Returns the same metric with values that know nothing of each other.
    pub fn without_memory(self) -> Self {
        Self { phi: 0.0, ..self }
    }

    /// Returns the gate that watches the metric.
    pub fn watch(&self) -> WatchedGate {
        let limit = Limit::Absolute(self.thr);
        WatchedGate::new(
            Measure::Last,
            Relation::Above,
            limit,
            Window::Consecutive(self.k),
        )
    }

    /// Returns the value after `value`.
    pub fn next(&self, value: f64, draws: &mut Draws) -> f64 {
        self.phi * value + (1.0 - self.phi * self.phi).sqrt() * sample::standard_normal(draws)
    }

    pub fn fires_within(&self, watch: &mut WatchedGate, n: u32, trial: Trial) -> bool {
        let draws = &mut trial.draws(EVALUATIONS);
        watch.reset();
        let mut value = sample::standard_normal(draws);
        for evaluation in 0..n {
            let now = SimTime::from_nanos(evaluation.into());
            if watch.see(now, Reading::of(value, 1)) == Firing::Fired {
                return true;
            }
            value = self.next(value, draws);
        }
        false
    }
}

/// At least r breaches among any `window` evaluations in a row.
///
/// Passes are not shown to the tracker: its window is a stretch of time, and only breaches are in it.
pub fn m_of_n(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (window, r) = (case.at_least_one("window")?, case.at_least_one("r")?);
    let (p, n) = (case.positive("p")?, case.count("n")?);
    let over = SimDuration::from_mins(window.into());
    let window = Window::Sustained(Sustain {
        over,
        mode: SustainMode::AtLeast(r),
    });
    let chain = Stickiness::independent(p);
    let fired: TrialSums<1> = sums(effort.at_cost(3.0 * p * f64::from(n)), || {
        let mut watch = WatchedGate::of_breaches(window);
        move |trial: Trial| {
            let draws = &mut trial.draws(EVALUATIONS);
            watch.reset();
            let mut evaluation = 0;
            loop {
                // The gap counts the passes and the breach that ends them.
                evaluation = u64::saturating_add(evaluation, chain.passes(draws));
                if evaluation > n.into() {
                    return [0.0];
                }
                if watch.see(minute(evaluation), BREACH) == Firing::Fired {
                    return [1.0];
                }
            }
        }
    });
    Ok(case.answers(|asked| (asked.name == "p_trigger").then(|| fired.share(0))))
}

/// A count over the last minutes, evaluated every minute: neighbouring evaluations share minutes.
pub fn overlapping_rate(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let window = case.at_least_one("window_min")? as usize;
    let (lam, thr) = (case.positive("lam_per_min")?, case.number("thr_count")?);
    let first = case.at_least_one("first_eval_minute")?;
    let minutes = case.count("minutes")?;
    let gate = WatchedGate::of_count(Relation::Above, thr);
    let breaches = |count: u64| gate.breaches(Reading::of(count as f64, count), None);
    let alarms: TrialSums<3> = sums(effort.at_cost(3.0 * f64::from(minutes)), || {
        let mut counts = vec![0; window];
        move |trial: Trial| {
            let draws = &mut trial.draws(EVALUATIONS);
            counts.fill(0);
            let mut seen = Vec::new();
            for minute in 1..=minutes {
                counts[minute as usize % window] = sample::poisson(draws, lam);
                if minute >= first {
                    seen.push(breaches(counts.iter().sum()));
                }
            }
            alarms_of(&seen)
        }
    });
    let evaluations = (minutes + 1).saturating_sub(first);
    let all = lam * window as f64;
    let independent = || any_of_independent(effort.part(1), evaluations, all, &breaches);
    let if_independent = format!("p_any_if_{evaluations}_independent");
    Ok(case.answers(|asked| match asked.name {
        "p_any_alarm" => Some(alarms.share(0)),
        "p_single_eval" => Some(alarms.share(1)),
        "expected_false_evals" => Some(alarms.mean(2)),
        name if name == if_independent => Some(independent().share(0)),
        _ => None,
    }))
}

/// Whether there was an alarm, whether the first evaluation was one, and how many there were.
fn alarms_of(seen: &[bool]) -> [f64; 3] {
    let alarms = seen.iter().filter(|breach| **breach).count() as f64;
    [
        indicator(alarms > 0.0),
        indicator(seen.first() == Some(&true)),
        alarms,
    ]
}

/// How often any of so many evaluations breaches that share no minute.
fn any_of_independent(
    effort: Effort,
    evaluations: u32,
    mean: f64,
    breaches: &(impl Fn(u64) -> bool + Sync),
) -> TrialSums<1> {
    sums(effort.at_cost(3.0 * f64::from(evaluations)), || {
        |trial: Trial| {
            let draws = &mut trial.draws(EVALUATIONS);
            let mut counts = (0..evaluations).map(|_| sample::poisson(draws, mean));
            [indicator(counts.any(breaches))]
        }
    })
}
