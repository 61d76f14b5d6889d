//! One rollout that shows what somebody pointed at.

use std::sync::atomic::{AtomicBool, Ordering};

use reports::chart::timeline_chart;
use reports::explorer::DrawnChart;
use serde_json::{Value, json};
use sim_core::Seed;

use super::asked::PageQuestion;
use super::explored::Explored;
use crate::cli::failure::Failure;
use crate::cli::inputs::replay_command;
use crate::cli::resolve::Suite;
use crate::study::{self, Case};

/// Among so many rollouts one that ends as asked is looked for.
const LOOKED_AT: u64 = 20_000;

/// Returns the story of the rollout, and the command that plays it again.
///
/// # Errors
///
/// Where there is no such scenario or no such rollout.
pub fn why(explored: &Explored, asked: &PageQuestion, stop: &AtomicBool) -> Result<Value, Failure> {
    let changed = if asked.is_today {
        None
    } else {
        explored.changed(asked)?
    };
    let suite = changed
        .as_ref()
        .map_or(&explored.today, |changed| &changed.suite);
    let (named, case) = case(suite, asked)?;
    let first = seed(explored, asked.replication);
    let seed = match &asked.outcome {
        None => first,
        Some(outcome) => found(&case, first, outcome, stop).ok_or_else(|| {
            Failure::input(format!(
                "no rollout of {named} is {outcome} among those looked at"
            ))
        })?,
    };
    let replay = replay_command(&suite.policy, &named, seed);
    let timeline = study::timeline(&case, seed, replay.clone());
    let blast = case.experiment().policy.blast_radius;
    let limit = blast.map(|blast| f64::from(blast.max.ppm()) / 1e4);
    Ok(json!({
        "scenario": named,
        "replication": seed.replication,
        "outcome": timeline.outcome,
        "verdict": timeline.verdict.word(),
        "reasons": timeline.reasons,
        "chart": DrawnChart::from(&timeline_chart(&timeline, limit)),
        "command": replay,
        "changed": changed.is_some(),
    }))
}

fn seed(explored: &Explored, replication: u64) -> Seed {
    Seed {
        root: explored.seed,
        replication,
    }
}

fn case(suite: &Suite, asked: &PageQuestion) -> Result<(String, Case), Failure> {
    let pairs = suite.scenarios.iter().zip(&suite.experiments);
    let wanted = asked.scenario.as_deref().unwrap_or_default();
    let mut fitting = pairs
        .filter(|(scenario, _)| scenario.named == wanted || scenario.document.value.name == wanted);
    let (scenario, experiment) = fitting
        .next()
        .ok_or_else(|| Failure::input(format!("there is no scenario `{wanted}`")))?;
    let case = Case::new(experiment, &scenario.document.value);
    Ok((scenario.named.clone(), case))
}

/// The first rollout from `first` on that ends so.
fn found(case: &Case, first: Seed, outcome: &str, stop: &AtomicBool) -> Option<Seed> {
    let replications = first.replication..first.replication.saturating_add(LOOKED_AT);
    let seeds = replications.map(|replication| Seed {
        replication,
        ..first
    });
    let mut going = seeds.take_while(|_| !stop.load(Ordering::Relaxed));
    going.find(|seed| case.plan.play(*seed).outcome.word() == outcome)
}
