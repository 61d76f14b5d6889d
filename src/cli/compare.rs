//! `coalmine compare`: two policies on the same random numbers.

use std::path::Path;

use clap::Args;
use reports::{CompareReport, ComparedPolicy};
use sim_core::Seed;

use super::console::Console;
use super::divided;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::inputs::{inputs, replay_command};
use super::interrupt;
use super::output::{Output, OutputArgs};
use super::renderers::Forms as _;
use super::report::read_study;
use super::resolve::{
    AssumeArgs, ChosenPolicy, ChosenScenario, choose_assuming, choose_scenario, choose_suite,
};
use crate::study::paired::{
    Comparison, Contest, Pair, Score, compare_report, compare_results, mismatch,
};
use crate::study::shards::RoundPlayer;

/// Which two policies, where, and how often.
#[derive(Args, Debug)]
pub struct CompareArgs {
    /// The first policy: a file, a system of the library, or SYSTEM:PROFILE; or, with a second one, a
    /// result of `simulate` in JSON
    #[arg(value_name = "A")]
    first: String,
    /// The second policy; every difference is the second minus the first
    #[arg(value_name = "B")]
    second: String,
    /// One scenario, named as for the first policy; `suite` means all of them
    #[arg(long, short, value_name = "NAME|FILE|suite", default_value = SUITE)]
    scenario: String,
    /// How many pairs of rollouts of each scenario [default: 1000, for a whole suite 200]
    #[arg(short = 'n', long, value_name = "N",
          value_parser = crate::cli::whole::whole(1..=1_000_000_000))]
    runs: Option<u64>,
    /// The root seed
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// How many threads to use [default: one a core]; the result does not depend on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Exit with 99 when the second policy is worse in any row
    #[arg(long)]
    fail_if_worse: bool,
    #[command(flatten)]
    assume: AssumeArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// The word for all scenarios of the first policy.
const SUITE: &str = "suite";
/// How many pairs are played where nobody says: of one scenario, and of each scenario of a suite.
const RUNS: [u64; 2] = [1000, 200];

/// Plays both policies, or that of it which is for `player`, and prints the differences.
pub fn answer(args: &CompareArgs, player: &RoundPlayer, console: &Console) -> Answer {
    let output = Output::open(&args.output, &CompareReport::formats())?;
    let report = if [&args.first, &args.second]
        .into_iter()
        .all(|it| is_result(it))
    {
        divided::only_here(player, "two stored results")?;
        stored(args)?
    } else {
        let [first, second] =
            [&args.first, &args.second].map(|named| choose_assuming(named, &args.assume));
        let policies = [first?, second?];
        play(args, &policies, player, console)?
    };
    divided::answers(player)?;
    output.show(console, &report)?;
    Ok(if !report.complete {
        ExitCode::Interrupted
    } else if args.fail_if_worse && report.is_worse() {
        ExitCode::Missed
    } else {
        ExitCode::Success
    })
}

/// Whether a stored result is meant and no policy.
fn is_result(named: &str) -> bool {
    let path = Path::new(named);
    path.extension().is_some_and(|ending| ending == "json")
}

/// Compares two stored results of the same scenarios under the same seed.
fn stored(args: &CompareArgs) -> Result<CompareReport, Failure> {
    if args.scenario != SUITE || args.runs.is_some() {
        let help = "leave out --scenario and -n: two results have their rollouts behind them";
        return Err(Failure::usage("a stored result cannot be played again").help(help));
    }
    let results = [read_study(&args.first)?, read_study(&args.second)?];
    let both = [&results[0], &results[1]];
    if let Some(why) = mismatch(both) {
        let help = "simulate both with the same --seed, -n and --scenario, or compare the policies";
        return Err(Failure::input(format!("the results cannot be compared: {why}")).help(help));
    }
    let tool = concat!("coalmine ", env!("CARGO_PKG_VERSION"));
    Ok(compare_results(both, [&args.first, &args.second], tool))
}

fn play(
    args: &CompareArgs,
    policies: &[ChosenPolicy; 2],
    player: &RoundPlayer,
    console: &Console,
) -> Result<CompareReport, Failure> {
    let (first, second) = (&policies[0], &policies[1]);
    let (scenarios, runs) = if args.scenario == SUITE {
        (choose_suite(first)?, RUNS[1])
    } else {
        (vec![choose_scenario(first, &args.scenario)?], RUNS[0])
    };
    let comparison = Comparison {
        pairs: pairs(policies, &scenarios)?,
        seed: args.seed,
        runs: args.runs.unwrap_or(runs),
    };
    let scores = scores(args, &comparison, player, console)?;
    let replay = |scenario: usize, replication: u64| {
        let seed = Seed {
            root: args.seed,
            replication,
        };
        let scenario: &ChosenScenario = &scenarios[scenario];
        [
            replay_command(first, &scenario.named, seed),
            replay_command(second, &scenario.named_elsewhere(first), seed),
        ]
    };
    let contest = Contest {
        tool: concat!("coalmine ", env!("CARGO_PKG_VERSION")),
        policies: &policies.each_ref().map(|policy| side(policy, &scenarios)),
        replay: &replay,
    };
    Ok(compare_report(&comparison, &scores, &contest))
}

fn scores(
    args: &CompareArgs,
    comparison: &Comparison,
    player: &RoundPlayer,
    console: &Console,
) -> Result<Vec<Score>, Failure> {
    let progress = console.progress(comparison.total());
    let played = comparison.play(
        player,
        args.threads.unwrap_or(0).into(),
        interrupt::watch(),
        &|more| progress.done(more),
    );
    progress.finish();
    played?.ok_or_else(|| divided::halted(player))
}

/// Puts every scenario together with both policies, and tells everything that does not fit.
fn pairs(policies: &[ChosenPolicy; 2], scenarios: &[ChosenScenario]) -> Result<Vec<Pair>, Failure> {
    let pair = |scenario: &ChosenScenario| {
        Ok(Pair {
            cases: scenario.cases(policies)?,
        })
    };
    scenarios.iter().map(pair).collect()
}

fn side(policy: &ChosenPolicy, scenarios: &[ChosenScenario]) -> ComparedPolicy {
    let made_from = inputs(policy, scenarios, None);
    ComparedPolicy {
        named: policy.words(),
        policy: policy.document.value.name.clone(),
        profile: crate::study::profile_word(policy.document.value.profile).to_owned(),
        digest: made_from.digest,
        lowered: made_from.lowered,
    }
}
