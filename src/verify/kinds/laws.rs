//! The exact laws of windows: the recursion against published numbers, and the gate against both.

use serde_json::Value;
use sim_core::engine::{Draws, SimDuration};
use sim_core::exact::{Law, LookStage, Odds, law};
use sim_core::policy::gate::{Firing, Flaw, Reading, Window};

use super::super::case::{ClosedFormCase, ExactAnswer, Unable};
use super::super::effort::Effort;
use super::super::estimate::TrialEstimate;
use super::super::trials::{Trial, TrialSums, sums};
use super::watch::{BREACH, PASS, WatchedGate, indicator, minute};

const LOOKS: u32 = 1;

/// Looks a minute apart in several stages, each with its odds, through one window as a policy writes it.
///
/// What begins with `exact` is the recursion's own answer, without chance; the others are simulated.
pub fn window_law(case: &ClosedFormCase, effort: Effort) -> Result<Vec<ExactAnswer>, Unable> {
    let window = window(case)?;
    let stages = stages(case)?;
    let exact = law(window, SimDuration::from_mins(1), &stages);
    let exact = exact.map_err(|reason| Unable(reason.to_string()))?;
    let looks: u32 = stages.iter().map(|stage| stage.looks).sum();
    let ends = std::cell::LazyCell::new(|| -> TrialSums<2> {
        sums(effort.at_cost(looks.into()), || {
            let mut watch = WatchedGate::of_breaches(window);
            let stages = &stages;
            move |trial: Trial| {
                let end = first_end(&mut watch, window, stages, &mut trial.draws(LOOKS));
                [Firing::Fired, Firing::Errored].map(|kind| indicator(end == Some(kind)))
            }
        })
    });
    Ok(case.answers(|asked| match asked.name {
        "p_fire" => Some(ends.share(0)),
        "p_error" => Some(ends.share(1)),
        name => answer(&exact, name).map(TrialEstimate::exact),
    }))
}

fn answer(exact: &Law, name: &str) -> Option<f64> {
    match name {
        "exact_p_fire" => Some(exact.fired()),
        "exact_p_error" => Some(exact.errored()),
        "exact_p_quiet" => Some(exact.quiet()),
        "exact_mean_looks" => exact.mean_looks(),
        _ => None,
    }
}

fn window(case: &ClosedFormCase) -> Result<Window, Unable> {
    let written = case.inputs.get("window").cloned().unwrap_or(Value::Null);
    serde_json::from_value(written).map_err(|reason| Unable(format!("its `window`: {reason}")))
}

fn stages(case: &ClosedFormCase) -> Result<Vec<LookStage>, Unable> {
    let (looks, breach) = (case.list("looks")?, case.list("breach")?);
    if looks.len() != breach.len() {
        return Err(Unable("each stage has its looks and its `breach`".into()));
    }
    let rate = |name| match case.inputs.get(name) {
        None => Ok(0.0),
        Some(_) => case.probability(name),
    };
    let (hold, error) = (rate("hold")?, rate("error")?);
    let stage = |(looks, breach): (f64, f64)| LookStage {
        looks: looks as u32,
        odds: Odds::of_breach(breach).with_gaps(hold, error),
    };
    Ok(looks.into_iter().zip(breach).map(stage).collect())
}

fn first_end(
    watch: &mut WatchedGate,
    window: Window,
    stages: &[LookStage],
    draws: &mut Draws,
) -> Option<Firing> {
    watch.reset();
    let mut look = 0;
    for stage in stages {
        if window.begins_with_the_stage() {
            watch.reset();
        }
        let first = look;
        look += u64::from(stage.looks);
        let says = |at| watch.see(minute(at), reading(stage.odds, draws));
        // A gate that is done has nothing to say until the next stage.
        match (first..look).map(says).find(|said| *said != Firing::Quiet) {
            None | Some(Firing::Done) => {}
            end => return end,
        }
    }
    None
}

fn reading(odds: Odds, draws: &mut Draws) -> Reading {
    if draws.chance(odds.error) {
        return Reading::flawed(Flaw::Stale);
    }
    let seen = 1.0 - odds.error;
    if draws.chance(odds.hold / seen) {
        return Reading::flawed(Flaw::Missing);
    }
    if draws.chance(odds.breach / (odds.breach + odds.pass)) {
        BREACH
    } else {
        PASS
    }
}
