//! `coalmine rehearse`: the alert rules that you have, on rollouts that are simulated, by Prometheus' own engine.
//!
//! The rollout is played twice on the same luck: once as the policy has it, which says when its own gates act, and once
//! with gates that only record, whose series the rules watch. So a rule is not judged by what another alarm has cut off.

mod names;
mod promtool;
mod result;

use std::path::PathBuf;

use clap::Args;
use reports::artifact::rehearsal;
use scenarios::Verdict;
use sim_core::engine::SimTime;
use sim_core::policy::{Action, Policy};
use sim_core::{Event, Seed};

use super::console::Console;
use super::exit_code::ExitCode;
use super::export::{ExportInput, exposition};
use super::failure::Answer;
use super::offered::{Answers, Plain};
use super::output::OutputArgs;
use super::resolve::{PolicyArgs, choose_policy};
use super::run::{only_scenario, play};
use super::schema::pretty;
use promtool::Promtool;
use result::{Rehearsed, RehearsedRollout};

/// Which rules, on which rollouts.
#[derive(Args, Debug)]
pub struct RehearseArgs {
    #[command(flatten)]
    policy: PolicyArgs,
    /// The file of alerting rules; promtool reads it and runs nothing else
    #[arg(long, value_name = "FILE")]
    rules: PathBuf,
    /// Which of our series your rules call what: a JSON map such as
    /// {"error_rate_total": "http_requests_total{job=\"shop\"}"}
    #[arg(long, value_name = "FILE")]
    series: Option<PathBuf>,
    /// A scenario of the system, SYSTEM/NAME, or a path to a scenario file
    #[arg(long, short, value_name = "NAME|FILE")]
    scenario: Option<String>,
    /// How many rollouts
    #[arg(short = 'n', long, default_value_t = 10, value_name = "N",
          value_parser = crate::cli::whole::whole(1..=1000))]
    runs: u64,
    /// The root seed
    #[arg(long, default_value_t = 42)]
    seed: u64,
    #[command(flatten)]
    output: OutputArgs,
}

/// How many rollouts are given to one process of promtool.
const BATCH: usize = 25;

/// Plays the rollouts, lets the rules watch them, and prints what fired when.
pub fn answer(args: &RehearseArgs, console: &Console) -> Answer {
    let output = Answers::<Plain>::open(&args.output)?;
    let promtool = Promtool::find(&args.rules)?;
    let names = names::read(args.series.as_deref())?;
    let policy = choose_policy(&args.policy)?;
    policy.must_decide_itself("rehearse", "its metrics are asked by its own engine")?;
    let mut deaf = choose_policy(&args.policy)?;
    record_only(&mut deaf.document.value);
    let named = match &args.scenario {
        Some(named) => named.clone(),
        None => only_scenario(&policy)?,
    };
    let (mut rollouts, mut good) = (Vec::new(), false);
    let numbers: Vec<u64> = (0..args.runs).collect();
    for batch in numbers.chunks(BATCH) {
        let mut groups = Vec::new();
        let mut played = Vec::new();
        for &replication in batch {
            let seed = Seed {
                root: args.seed,
                replication,
            };
            let own = play(&policy, &named, seed)?;
            let watched = ExportInput::of(play(&deaf, &named, seed)?);
            good = own.case.release == Verdict::Good;
            played.push((
                replication,
                acted(&own.run.history),
                watched.played.run.regression,
            ));
            groups.push((replication, exposition(&watched)?));
        }
        let test = rehearsal(&groups, &|selector| names::renamed(&names, selector));
        let fired = promtool.fired(&test)?;
        rollouts.extend(played.into_iter().map(|(replication, acted, regression)| {
            let alerts = fired.get(&replication).cloned().unwrap_or_default();
            RehearsedRollout::new(replication, (acted, regression), alerts)
        }));
    }
    let result = Rehearsed {
        policy: policy.named.clone(),
        scenario: named,
        rules: args.rules.display().to_string(),
        seed: args.seed,
        good,
        rollouts,
    };
    output.write(console, |form, style| match form {
        Plain::Json => pretty(&result.json()) + "\n",
        Plain::Text => result.text(style),
    })?;
    Ok(ExitCode::Success)
}

/// Lets the gates of a policy record and nothing more, so that the release is watched to the end.
fn record_only(policy: &mut Policy) {
    for class in &mut policy.classes {
        class.action = Action::Record;
        class.sign_off = None;
    }
    for stage in &mut policy.stages {
        stage.pause_after_windows = None;
    }
}

/// When a trigger first did something.
fn acted(history: &sim_core::History) -> Option<SimTime> {
    let acts = |event: &Event| matches!(event, Event::Triggered { action, .. } if *action > Action::Record);
    let found = history.iter().find(|(_, event)| acts(event));
    found.map(|(at, _)| *at)
}
