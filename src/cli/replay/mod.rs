//! `coalmine replay`: plays a recorded result again and compares the hashes.

pub(super) mod case;

use std::path::{Path, PathBuf};

use clap::Args;
use reports::{EventRow, RunReport, StudyReport};
use serde::de::DeserializeOwned;
use sim_core::Seed;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::objective_exit::MissArgs;
use super::order::Order;
use super::resolve::{
    AssumeArgs, Exec, PolicyArgs, ProfileArg, choose_checked, choose_policy, read_file,
};
use super::run::{self, PlayedRollout};
use super::simulate;
use crate::study::shards::RoundPlayer;

/// Which result.
#[derive(Args, Debug)]
pub struct ReplayArgs {
    /// A result that `run` or `simulate` wrote as JSON, or a case: a folder or a case.yaml
    result: PathBuf,
    /// Play the case under this policy instead of its own: is the invariant kept now?
    #[arg(long, value_name = "POLICY")]
    policy: Option<String>,
    #[command(flatten)]
    miss: MissArgs,
}

/// The most rollouts of one scenario, as `simulate` takes them.
const RUNS_MAX: u64 = 1_000_000_000;

/// Plays the result again and says whether it is the same.
pub fn answer(args: &ReplayArgs, console: &Console) -> Answer {
    if case::is_case(&args.result) {
        return case::answer(&args.result, args.policy.as_deref(), args.miss, console);
    }
    if args.policy.is_some() {
        return Err(Failure::usage("--policy goes with a case").help("leave it out"));
    }
    let bytes = read_file(&args.result)?;
    let value: serde_json::Value = parse(&args.result, &bytes)?;
    match value["schema"].as_str() {
        Some(RunReport::SCHEMA) => replay_run(&parse(&args.result, &bytes)?, console),
        Some(StudyReport::SCHEMA) => replay_study(&parse(&args.result, &bytes)?, console),
        _ => Err(Failure::input(format!(
            "{} is no result of coalmine",
            args.result.display()
        ))
        .help("coalmine run POLICY --out json=result.json writes one")),
    }
}

fn parse<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("{}:{}:{}", path.display(), error.line(), error.column());
        Failure::input(format!("{place}: {error}"))
            .help("coalmine schema run and coalmine schema simulate show what is expected")
    })
}

/// Plays the rollout that a stored result tells of, for whatever needs more of it than was stored.
///
/// # Errors
///
/// When it is no result of `coalmine run`, what it was made from has changed, or the rollout is not the
/// same.
pub fn play_again(path: &Path) -> Result<PlayedRollout, Failure> {
    let recorded: RunReport = parse(path, &read_file(path)?)?;
    let played = play_recorded(&recorded)?;
    if played.report.hash == recorded.hash {
        return Ok(played);
    }
    let what = "the rollout is no longer the one that the result tells of";
    let help = format!("coalmine replay {} names the difference", path.display());
    Err(Failure::input(what).help(help))
}

fn replay_run(recorded: &RunReport, console: &Console) -> Answer {
    let report = play_recorded(recorded)?.report;
    if report.hash == recorded.hash {
        return same(&report.hash, console);
    }
    diverged(&first_difference(&recorded.events, &report.events), console)
}

fn play_recorded(recorded: &RunReport) -> Result<PlayedRollout, Failure> {
    let policy = choose_policy(&again(&recorded.inputs))?;
    let named = recorded.inputs.scenario.as_deref();
    let named = named.ok_or_else(|| Failure::input("the result names no scenario"))?;
    let seed = Seed {
        root: recorded.seed,
        replication: recorded.replication,
    };
    let played = run::play(&policy, named, seed)?;
    same_inputs(&recorded.inputs, &played.report.inputs)?;
    Ok(played)
}

fn replay_study(recorded: &StudyReport, console: &Console) -> Answer {
    let scenarios = recorded.scenarios.len().max(1) as u64;
    let order = Order {
        scenario: recorded.inputs.scenario.clone(),
        runs: Some((recorded.runs / scenarios).max(1)),
        seed: recorded.seed,
        threads: 0,
    };
    refuse_unplayable(recorded, recorded.runs / scenarios)?;
    let suite = choose_checked(&again(&recorded.inputs), order.scenario.as_deref())?;
    let report = simulate::play(&suite, &order, &RoundPlayer::here(), console)?;
    same_inputs(&recorded.inputs, &report.inputs)?;
    if !report.complete {
        let what = "the result was not played again to its end";
        return Ok(console.interrupted(what));
    }
    if report.hash == recorded.hash {
        return same(&report.hash, console);
    }
    diverged(&first_block(recorded, &report), console)
}

/// Refuses a result that is too large, and one that is incomplete.
fn refuse_unplayable(recorded: &StudyReport, runs: u64) -> Result<(), Failure> {
    if runs > RUNS_MAX {
        let what = format!("the result tells of {} rollouts", recorded.runs);
        return Err(
            Failure::input(what).help(format!("no study has more than {RUNS_MAX} of a scenario"))
        );
    }
    if !recorded.complete {
        return Err(
            Failure::input("the result is incomplete: it was interrupted")
                .help("run coalmine simulate again"),
        );
    }
    Ok(())
}

/// Names the policy that a result was made with.
fn again(inputs: &reports::Inputs) -> PolicyArgs {
    let profile = match inputs.profile.as_deref() {
        Some("as-written") => Some(ProfileArg::AsWritten),
        Some("as-implemented") => Some(ProfileArg::AsImplemented),
        _ => None,
    };
    let lowered = inputs.lowered.as_ref();
    let options = lowered.and_then(|lowered| lowered.options.as_deref());
    PolicyArgs {
        policy: inputs.policy.clone(),
        profile,
        assume: options.map(AssumeArgs::of_words).unwrap_or_default(),
        exec: Exec::default(),
    }
}

/// A different policy, scenario or world is no broken determinism.
fn same_inputs(recorded: &reports::Inputs, now: &reports::Inputs) -> Result<(), Failure> {
    if recorded.digest == now.digest {
        return Ok(());
    }
    let what = "the policy, the scenario or the world has changed since the result was made";
    let mut help = format!("digest then {}, now {}", recorded.digest, now.digest);
    if recorded.tool != now.tool {
        help += &format!("; made with {}, this is {}", recorded.tool, now.tool);
    }
    Err(Failure::input(what).help(help))
}

fn same(hash: &str, console: &Console) -> Answer {
    console.answer(&format!("same: hash {hash} reproduced\n"))?;
    Ok(ExitCode::Success)
}

fn diverged(first: &str, console: &Console) -> Answer {
    console.answer(&format!("DIVERGED: {first}\n"))?;
    Ok(ExitCode::DeterminismBroken)
}

/// Names the first event at which two histories differ.
fn first_difference(recorded: &[EventRow], now: &[EventRow]) -> String {
    let longer = recorded.len().max(now.len());
    let Some(at) = (0..longer).find(|&at| recorded.get(at) != now.get(at)) else {
        return "the events read the same, and yet their hashes differ".to_owned();
    };
    let say = |event: Option<&EventRow>| match event {
        Some(event) => {
            let time = reports::figure::clock(event.t_s);
            let detail = reports::escape(&event.detail);
            format!("{time} {} {detail}", reports::escape(&event.code))
        }
        None => "the end".to_owned(),
    };
    format!(
        "first at event {at}:\n  recorded  {}\n  now       {}",
        say(recorded.get(at)),
        say(now.get(at))
    )
}

/// The scenarios of a suite, or the report itself.
fn parts(report: &StudyReport) -> &[StudyReport] {
    if report.scenarios.is_empty() {
        std::slice::from_ref(report)
    } else {
        &report.scenarios
    }
}

/// Names the first block of rollouts in which two studies differ.
fn first_block(recorded: &StudyReport, now: &StudyReport) -> String {
    for (one, other) in parts(recorded).iter().zip(parts(now)) {
        let longer = one.blocks.len().max(other.blocks.len()) as u64;
        let differs = |at: &u64| one.blocks.get(*at as usize) != other.blocks.get(*at as usize);
        if let Some(block) = (0..longer).find(differs) {
            let size = StudyReport::block_of(one.runs);
            let (first, last) = (block * size, (block + 1) * size - 1);
            let scenario = reports::escape(&one.scenario);
            return format!("first in scenario {scenario}, replications {first} to {last}");
        }
    }
    "the results do not hold the same scenarios".to_owned()
}
