//! Group B: breaches in a row, and breaches among the last few evaluations.

use sim_core::engine::{Draws, SimDuration, SimTime, sample};
use sim_core::policy::gate::{
    Firing, Limit, Measure, Reading, Relation, Sustain, SustainMode, Tracker, Window,
};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::trials::{Samples, Trial, TrialSums, samples, sums};
use super::watch::{BREACH, PASS, WatchedGate, indicator, minute};

const EVALUATIONS: u32 = 1;

/// How often a breach follows a breach, a breach a pass, and how often the first is a breach.
#[derive(Clone, Copy, Debug)]
pub struct Stickiness {
    after_breach: f64,
    first: f64,
    /// 1 / ln(1 - p) for the probability p that a breach follows a pass.
    per_pass: f64,
}

impl Stickiness {
    /// Breaches that know nothing of each other.
    pub fn independent(p: f64) -> Self {
        Self::new(p, p, p)
    }

    /// A Markov chain of two states.
    pub fn new(after_pass: f64, after_breach: f64, first: f64) -> Self {
        Self {
            after_breach,
            first,
            per_pass: 1.0 / (-after_pass).ln_1p(),
        }
    }

    /// Draws how many evaluations pass, once one has, before the next breach: one or more.
    pub fn passes(&self, draws: &mut Draws) -> u64 {
        1 + (draws.uniform().ln() * self.per_pass) as u64
    }
}

/// A walk through the evaluations of one rollout.
///
/// Only the last pass before a breach is shown to the tracker. The passes before it would change
/// nothing: the first pass ends the run of breaches, and a run that has ended cannot end again. A
/// window of consecutive evaluations does not look at the clock, so that one evaluation may take a
/// nanosecond.
#[derive(Clone, Debug)]
pub struct Walk {
    tracker: Tracker,
    evaluation: u64,
    breached: Option<bool>,
}

impl Walk {
    /// Stands before the first evaluation.
    pub fn new(watch: &WatchedGate) -> Self {
        Self {
            tracker: watch.tracker(),
            evaluation: 0,
            breached: None,
        }
    }

    /// Returns the number of breaches in a row.
    pub fn run_length(&self) -> u32 {
        self.tracker.run_length()
    }

    /// Goes on to the next breach, or to the last pass before it, and says whether the gate fires;
    /// none when that lies after the evaluation `last`.
    pub fn step(
        &mut self,
        watch: &WatchedGate,
        sticky: Stickiness,
        last: u64,
        draws: &mut Draws,
    ) -> Option<Firing> {
        let breach = match self.breached {
            None => draws.chance(sticky.first),
            Some(true) => draws.chance(sticky.after_breach),
            Some(false) => true,
        };
        let evaluations = if breach { 1 } else { sticky.passes(draws) };
        self.evaluation = self.evaluation.saturating_add(evaluations);
        if self.evaluation > last {
            return None;
        }
        self.breached = Some(breach);
        let reading = if breach { BREACH } else { PASS };
        Some(watch.show(
            &mut self.tracker,
            SimTime::from_nanos(self.evaluation),
            reading,
        ))
    }

    /// Returns the number of the evaluation at which the gate fires, unless it is after `last`.
    pub fn time_to_fire(
        mut self,
        watch: &WatchedGate,
        sticky: Stickiness,
        last: u64,
        draws: &mut Draws,
    ) -> Option<u64> {
        while self.step(watch, sticky, last, draws)? != Firing::Fired {}
        Some(self.evaluation)
    }
}

/// Independent breaches: at least k in a row among n, and the time to the first such run.
pub fn consecutive(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let (p, k, n) = (
        case.probability("p")?,
        case.at_least_one("k")?,
        case.count("n")?,
    );
    let chain = Stickiness::independent(p);
    let times = || first_runs(effort.part(1), chain, k, p);
    let times = (p > 0.0).then(|| std::cell::LazyCell::new(times));
    Ok(case.answers(|asked| match asked.name {
        "p_trigger" => Some(any_run(effort, chain, k, n).share(0)),
        "mean_time" => times.as_ref().map(|times| times.mean()),
        "sd_time" => times.as_ref().map(|times| times.sd()),
        _ => None,
    }))
}

/// The same where a breach is likelier after a breach.
pub fn sticky_consecutive(
    case: &ClosedFormCase,
    effort: Effort,
) -> Result<Vec<ExactAnswer>, Unable> {
    let (p01, p11) = (case.positive("p01")?, case.positive("p11")?);
    let (k, n) = (case.at_least_one("k")?, case.count("n")?);
    // The share of breaches in the long run balances the two changes of state.
    let stationary = p01 / (p01 + 1.0 - p11);
    let chain = Stickiness::new(p01, p11, stationary);
    let iid = Stickiness::independent(stationary);
    Ok(case.answers(|asked| match asked.name {
        "p_trigger" => Some(any_run(effort, chain, k, n).share(0)),
        "mean_time" => Some(first_runs(effort.part(1), chain, k, stationary).mean()),
        "sd_time" => Some(first_runs(effort.part(1), chain, k, stationary).sd()),
        "p_trigger_if_iid" => Some(any_run(effort.part(2), iid, k, n).share(0)),
        _ => None,
    }))
}

fn any_run(effort: Effort, chain: Stickiness, k: u32, n: u32) -> TrialSums<1> {
    let watch = WatchedGate::of_breaches(Window::Consecutive(k));
    sums(effort, || {
        |trial: Trial| {
            let draws = &mut trial.draws(EVALUATIONS);
            [indicator(
                Walk::new(&watch)
                    .time_to_fire(&watch, chain, n.into(), draws)
                    .is_some(),
            )]
        }
    })
}

/// Plays until the gate fires. A few trials first say how many the budget allows.
fn first_runs(effort: Effort, chain: Stickiness, k: u32, breaches: f64) -> Samples {
    let watch = WatchedGate::of_breaches(Window::Consecutive(k));
    let play = |effort| {
        samples(effort, || {
            |trial: Trial| {
                let draws = &mut trial.draws(EVALUATIONS);
                let fired = Walk::new(&watch).time_to_fire(&watch, chain, u64::MAX, draws);
                fired.expect("a run of breaches comes sooner or later") as f64
            }
        })
    };
    let few = Effort {
        trials: effort.trials.min(256),
        ..effort.part(9)
    };
    let evaluations = play(few).mean().value;
    // A breach and the passes after it take three steps or so together.
    play(effort.at_cost(3.0 * evaluations * breaches))
}

/// A Gaussian metric with memory, x' = phi x + sqrt(1 - phi^2) e, above its limit k times in a row.
pub fn ar1_consecutive(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let metric = RunMetric::of(case)?;
    let n = case.count("n")?;
    let iid = metric.without_memory();
    let play = |metric: RunMetric, effort: Effort| -> TrialSums<1> {
        sums(effort.at_cost(n.into()), || {
            let mut watch = metric.watch();
            move |trial: Trial| [indicator(metric.fires_within(&mut watch, n, trial))]
        })
    };
    Ok(case.answers(|asked| match asked.name {
        "p_trigger" => Some(play(metric, effort).share(0)),
        "p_trigger_if_iid" => Some(play(iid, effort.part(1)).share(0)),
        _ => None,
    }))
}

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

    fn fires_within(&self, watch: &mut WatchedGate, n: u32, trial: Trial) -> bool {
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
    let (first, minutes) = (
        case.at_least_one("first_eval_minute")?,
        case.count("minutes")?,
    );
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
            let alarms = seen.iter().filter(|breach| **breach).count() as f64;
            [
                indicator(alarms > 0.0),
                indicator(seen.first() == Some(&true)),
                alarms,
            ]
        }
    });
    let evaluations = (minutes + 1).saturating_sub(first);
    let independent = || -> TrialSums<1> {
        sums(effort.part(1).at_cost(3.0 * f64::from(evaluations)), || {
            |trial: Trial| {
                let draws = &mut trial.draws(EVALUATIONS);
                let mut counts =
                    (0..evaluations).map(|_| sample::poisson(draws, lam * window as f64));
                [indicator(counts.any(breaches))]
            }
        })
    };
    let if_independent = format!("p_any_if_{evaluations}_independent");
    Ok(case.answers(|asked| match asked.name {
        "p_any_alarm" => Some(alarms.share(0)),
        "p_single_eval" => Some(alarms.share(1)),
        "expected_false_evals" => Some(alarms.mean(2)),
        name if name == if_independent => Some(independent().share(0)),
        _ => None,
    }))
}
