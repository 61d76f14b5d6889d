//! Group B: breaches in a row, and breaches among the last few evaluations.

use sim_core::engine::{Draws, SimTime};
use sim_core::policy::gate::{Firing, Tracker, Window};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::samples::{Samples, samples};
use super::super::trials::{Trial, TrialSums, sums};
use super::run_metric::RunMetric;
use super::stickiness::{EVALUATIONS, Stickiness};
use super::watch::{BREACH, PASS, WatchedGate, indicator};

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
