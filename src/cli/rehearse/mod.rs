//! `coalmine rehearse`: the alert rules that you have, on rollouts that are simulated, by Prometheus' own engine.
//!
//! The rollout is played twice on the same luck: once as the policy has it, which says when its own gates act, and once
//! with gates that only record, whose series the rules watch. So a rule is not judged by what another alarm has cut off.

mod args;
#[cfg(feature = "serve")]
mod live;
#[cfg(feature = "serve")]
mod live_result;
pub mod names;
pub mod promtool;
mod result;

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
use super::resolve::choose_policy;
use super::run::{only_scenario, play};
use super::schema::pretty;
pub use args::RehearseArgs;
use promtool::Promtool;
use result::{Alarms, Rehearsed, RehearsedRollout};

/// How many rollouts are given to one process of promtool.
const BATCH: usize = 25;

/// Plays the rollouts, lets the rules watch them, and prints what fired when.
pub fn answer(args: &RehearseArgs, console: &Console) -> Answer {
    #[cfg(feature = "serve")]
    if args.live {
        return live::answer(args, console);
    }
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
    let renamed = |selector: &str| names::renamed(&names, selector);
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
            let run = &watched.played.run;
            played.push(RehearsedRollout::new(
                replication,
                (acted(&own.run.history), run.regression),
                first_firings(&run.history, &policy.document.value),
            ));
            groups.push((
                replication,
                promtool.asked_of(exposition(&watched)?, &renamed),
            ));
        }
        let fired = promtool.fired(&rehearsal(&groups, &renamed))?;
        rollouts.extend(played.into_iter().map(|rollout| rollout.with(&fired)));
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
pub fn record_only(policy: &mut Policy) {
    for class in &mut policy.classes {
        class.action = Action::Record;
        class.sign_off = None;
    }
    for stage in &mut policy.stages {
        stage.pause_after_windows = None;
    }
}

/// When each gate that is a trigger fired first, by its name.
fn first_firings(history: &sim_core::History, policy: &Policy) -> Alarms {
    let mut first = Alarms::new();
    for (at, event) in history {
        if let Event::Triggered { gate, .. } = event {
            let name = policy.gates[usize::from(*gate)].id.clone();
            first.entry(name).or_insert(at.as_secs_f64());
        }
    }
    first
}

/// When a trigger first did something.
fn acted(history: &sim_core::History) -> Option<SimTime> {
    let acts = |event: &Event| matches!(event, Event::Triggered { action, .. } if *action > Action::Record);
    let found = history.iter().find(|(_, event)| acts(event));
    found.map(|(at, _)| *at)
}
