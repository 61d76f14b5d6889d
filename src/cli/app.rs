//! The command line: what there is to type, and who answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use super::console::{Console, ConsoleArgs};
use super::exit_code::{self, ExitCode};
use super::failure::{Answer, Failure};
#[cfg(feature = "serve")]
use super::serve;
use super::{
    backtest, calibrate, chaos, compare, completions, curve, decide, defaults, diff, explain,
    export, import, init, interrupt, lint, list, man, merge, mutate, offered, plan, rehearse,
    replay, report, run, schema, shard, shrink, simulate, submit, tune, verify,
};
use crate::study::shards::RoundPlayer;

/// Plays a staged-rollout policy against a simulated fleet, before anyone deploys.
///
/// coalmine shows what a rollout policy does to good and bad releases: how often it rolls back a
/// good one, how fast it detects a bad one, how many users it affects, how long a rollback takes, and
/// which invariant breaks under which fault.
#[derive(Debug, Parser)]
#[command(name = "coalmine", version, after_help = FIRST_STEPS, after_long_help = long_help())]
pub struct Cli {
    #[command(flatten)]
    console: ConsoleArgs,
    #[command(subcommand)]
    command: Command,
}

const FIRST_STEPS: &str = "First steps:
  coalmine list
  coalmine simulate wedge
  coalmine run wedge --scenario step-regression --seed 7

Defaults: a coalmine.toml in this folder or one above it, such as
  seed = 7
  [simulate]
  runs = 20000

Exit codes: coalmine help exit-codes";

fn long_help() -> String {
    format!("{FIRST_STEPS}\n\n{}", exit_code::table())
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the systems of the library and their scenarios
    List(list::ListArgs),
    /// Write a policy, scenarios and a CI snippet to start from
    Init(init::InitArgs),
    /// Say what of another product's policy is read, key by key
    Import(import::ImportArgs),
    /// Say what can be said without playing anything
    Lint(lint::LintArgs),
    /// Simulate one rollout: the timeline and the verdict
    Run(run::RunArgs),
    /// Simulate many rollouts: rates with intervals, objectives
    Simulate(simulate::SimulateArgs),
    /// Play two policies on the same random numbers and tell them apart
    Compare(compare::CompareArgs),
    /// Run a fault-injection campaign: which invariant breaks under which faults
    Chaos(chaos::ChaosArgs),
    /// Scale a release: what the policy notices, how likely, how fast
    Curve(curve::CurveArgs),
    /// Search better numbers: the front, a recommendation, a patch
    Tune(tune::TuneArgs),
    /// Open a local page on which thresholds are moved and their consequences move with them
    #[cfg(feature = "serve")]
    Serve(serve::ServeArgs),
    /// Play the policy against recorded metrics as they are
    Backtest(backtest::BacktestArgs),
    /// Fit noise models to recorded metrics, or say why not
    Calibrate(calibrate::CalibrateArgs),
    /// Write a stored result in another form: a page, a table
    Report(report::ReportArgs),
    /// Weaken the policy in every place and say what no rehearsal would notice
    Mutate(mutate::MutateArgs),
    /// Play a recorded result or a case again and compare the hashes
    Replay(replay::ReplayArgs),
    /// Minimize a failing case
    Shrink(shrink::ShrinkArgs),
    /// Write what a system, or monitoring, keeps of a rollout, in its own shape
    Export(export::ExportArgs),
    /// Let your own alert rules watch simulated rollouts, in Prometheus' own engine
    Rehearse(rehearse::RehearseArgs),
    /// Show where a system's document and its code part, and what proves it
    Diff(diff::DiffArgs),
    /// Judge given metrics once with the gates of a system
    Decide(decide::DecideArgs),
    /// Plan a study that is played in shards, or list the shards that are missing
    Plan(plan::PlanArgs),
    /// Simulate one shard of a plan
    Shard(shard::ShardArgs),
    /// Merge the shards of a plan: the same bytes as the undivided study
    Merge(merge::MergeArgs),
    /// Hand the shards of a plan to Kubernetes, Slurm, HyperQueue or rch
    Submit(submit::SubmitArgs),
    /// Check the simulator against answers that are known without it
    Verify(verify::VerifyArgs),
    /// Explain a code, an invariant, a fault, or what each fault of a case did
    Explain(explain::ExplainArgs),
    /// Print the JSON Schema of a kind of file
    Schema(schema::SchemaArgs),
    /// Print the completions for a shell
    Completions(completions::CompletionsArgs),
    /// Write the manual pages into a folder
    Man(man::ManArgs),
    /// Show what the exit codes mean
    #[command(after_help = exit_code::table())]
    ExitCodes,
}

/// Reads the command line, does what it says and returns how it went.
pub fn main() -> std::process::ExitCode {
    let (cli, defaults) = match parsed() {
        Ok(parsed) => parsed,
        Err(Refused::File(failure)) => {
            Console::new(ConsoleArgs::default()).complain(&failure);
            return failure.exit().into();
        }
        Err(Refused::Words(error)) => {
            return said(&error).into();
        }
    };
    interrupt::install();
    let console = Console::new(cli.console);
    if let Some(path) = defaults {
        console.detail(&format!("defaults are those of {}", path.display()));
    }
    let answer = guarded(|| answer(&cli.command, &console));
    let code = answer.unwrap_or_else(|failure| {
        console.complain(&failure);
        failure.exit()
    });
    code.into()
}

/// Prints what clap has to say. Help and versions are answers, everything else is the user's mistake.
fn said(error: &clap::Error) -> ExitCode {
    drop(error.print());
    if error.use_stderr() {
        ExitCode::Usage
    } else {
        ExitCode::Success
    }
}

/// The command line with all that is known of it: each command lists the forms that it has.
pub(super) fn command() -> clap::Command {
    offered::narrow(Cli::command())
}

/// Why there is nothing to do.
enum Refused {
    Words(clap::Error),
    File(Failure),
}

/// The command line, and the file of its defaults.
fn parsed() -> Result<(Cli, Option<PathBuf>), Refused> {
    let here = std::env::current_dir().unwrap_or_default();
    let (command, defaults) = defaults::apply(command(), &here).map_err(Refused::File)?;
    let command = plan::with_defaults(command);
    let matches = command.try_get_matches().map_err(Refused::Words)?;
    let cli = Cli::from_arg_matches(&matches).map_err(Refused::Words)?;
    Ok((cli, defaults))
}

/// Does what the words of a planned command say, as it would be typed, by a player.
///
/// # Errors
/// Those of the command, and why the player did not go on.
fn play(words: &[String], player: &RoundPlayer, console: &Console) -> Answer {
    let words = std::iter::once("coalmine").chain(words.iter().map(String::as_str));
    let matches = command().try_get_matches_from(words);
    let cli = matches.and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = cli.map_err(|error| {
        let what = format!("the command of the plan cannot be understood: {error}");
        Failure::input(what.trim_end().to_owned())
    })?;
    answer_by(&cli.command, player, console)
}

fn answer(command: &Command, console: &Console) -> Answer {
    answer_by(command, &RoundPlayer::here(), console)
}

fn answer_by(command: &Command, player: &RoundPlayer, console: &Console) -> Answer {
    let planned = |words: &[String], player: &RoundPlayer| play(words, player, console);
    match command {
        Command::List(args) => list::answer(args, console),
        Command::Init(args) => init::answer(args, console),
        Command::Import(args) => import::answer(args, console),
        Command::Lint(args) => lint::answer(args, console),
        Command::Run(args) => run::answer(args, console),
        Command::Simulate(args) => simulate::answer(args, player, console),
        Command::Compare(args) => compare::answer(args, player, console),
        Command::Chaos(args) => chaos::answer(args, player, console),
        Command::Curve(args) => curve::answer(args, player, console),
        Command::Tune(args) => tune::answer(args, player, console),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::answer(args, console),
        Command::Backtest(args) => backtest::answer(args, console),
        Command::Calibrate(args) => calibrate::answer(args, console),
        Command::Report(args) => report::answer(args, console),
        Command::Mutate(args) => mutate::answer(args, console),
        Command::Replay(args) => replay::answer(args, console),
        Command::Shrink(args) => shrink::answer(args, console),
        Command::Export(args) => export::answer(args, console),
        Command::Rehearse(args) => rehearse::answer(args, console),
        Command::Diff(args) => diff::answer(args, console),
        Command::Decide(args) => decide::answer(args, console),
        Command::Plan(args) => plan::answer(args, &planned, console),
        Command::Shard(args) => shard::answer(args, &planned, console),
        Command::Merge(args) => merge::answer(args, &planned, console),
        Command::Submit(args) => submit::answer(args, console),
        Command::Verify(args) => verify::answer(args, console),
        Command::Explain(args) => explain::answer(args, console),
        Command::Schema(args) => schema::answer(args, console),
        Command::Completions(args) => completions::answer(args, self::command(), console),
        Command::Man(args) => man::answer(args, &self::command(), console),
        Command::ExitCodes => {
            console.answer(&exit_code::table())?;
            Ok(ExitCode::Success)
        }
    }
}

/// Does what a command line says, as the command would.
#[cfg(test)]
pub(super) fn answer_to(cli: &Cli) -> Answer {
    answer(&cli.command, &Console::new(cli.console))
}

/// Turns a panic, which is a mistake of this program, into exit code 1: a panic's own 101 means
/// something else to remote runners.
fn guarded(work: impl FnOnce() -> Answer) -> Answer {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Failure::unexpected("this is a mistake in coalmine itself")
            .help("please report it with the command and the files that led here"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn a_panic_ends_with_code_1() {
        let failure = guarded(|| panic!("for the test")).expect_err("it did not answer");
        assert_eq!(failure.exit(), ExitCode::Unexpected);
    }
}
