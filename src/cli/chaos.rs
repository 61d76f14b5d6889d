//! `coalmine chaos`: a campaign of faults against a policy.

mod again;
mod cases;
mod drive;
mod plan;

use std::path::PathBuf;

use clap::Args;
use reports::{ChaosEnd, ChaosReport, Verdict};
use scenarios::reading;

use self::drive::{Driven, drive};
use self::plan::plan;
use super::choose::{ChosenPolicy, ChosenScenario, PolicyArgs, choose_base, choose_policy, quoted};
use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::folder::check_writable;
use super::inputs::inputs;
use super::miss::MissArgs;
use super::output::{Output, OutputArgs};
use super::renderers::Forms as _;
use crate::study::campaign::{Checkpoint, Told, chaos_report};

/// What to play, and how much.
#[derive(Args, Debug)]
pub struct ChaosArgs {
    #[command(flatten)]
    policy: PolicyArgs,
    /// The scenario to which the faults are added [default: `healthy`, else the first good release]
    #[arg(long, short, value_name = "NAME|FILE")]
    scenario: Option<String>,
    /// Play the smoke campaign, which ends within seconds
    #[arg(long, conflicts_with = "campaign")]
    smoke: bool,
    /// A campaign file, or the name of a shipped one: pre-release, smoke [default: pre-release]
    #[arg(long, value_name = "NAME|FILE")]
    campaign: Option<String>,
    /// Keep what has been found in this folder, and go on from there after an interruption
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Write each finding as a case, which `coalmine replay` plays again, into a folder below this one
    #[arg(long, value_name = "DIR")]
    cases: Option<PathBuf>,
    /// Simulate nothing but this fault-injection experiment of the campaign, and show what happens in it
    #[arg(long, value_name = "R")]
    rehearsal: Option<u64>,
    /// The root seed
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// How many threads to use [default: one a core]; the result does not depend on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    miss: MissArgs,
}

/// Plays the campaign and prints what it found.
pub fn answer(args: &ChaosArgs, console: &Console) -> Answer {
    let output = Output::open(&args.output, &ChaosReport::formats())?;
    check_folders(args, &output)?;
    let policy = choose_policy(&args.policy)?;
    let base = choose_base(&policy, args.scenario.as_deref())?;
    let scenario = &base.document.value;
    let objectives = scenario.objectives.or_defaults(scenario.release.is);
    let planned = plan(args, &base.experiment(&policy)?, &objectives)?;
    if let Some(number) = args.rehearsal {
        return again::answer(&planned.campaign, number, console);
    }
    let inputs = inputs(&policy, std::slice::from_ref(&base), Some(&base.named));
    let driven = drive(&planned, args, &inputs.digest, console)?;
    let replay = |number| command(args, &policy, &base, number);
    let cases = args.cases.as_deref();
    let cases = cases.map_or(Ok(Vec::new()), |folder| {
        cases::write(folder, &driven.shown, &replay)
    })?;
    let told = Told {
        scenario: base.named.clone(),
        inputs,
        stopped: driven.stopped,
        shown: &driven.shown,
        frontiers: &driven.frontiers,
        replay: &replay,
        case: &|place| cases.get(place).cloned().flatten(),
    };
    let report = chaos_report(&planned.campaign, &driven.tally, told);
    output.show(console, &report)?;
    resume(args, &driven, console);
    Ok(code(&report, args.miss))
}

/// Refuses folders that cannot be written, and results at the place of the campaign's state.
fn check_folders(args: &ChaosArgs, output: &Output) -> Result<(), Failure> {
    if let Some(folder) = &args.cases {
        check_writable(folder, "--cases")?;
    }
    if let Some(folder) = &args.state {
        check_writable(folder, "--state")?;
        let kept = Checkpoint::new(folder, String::new());
        output.beside(kept.path())?;
        reading::writes(kept.path());
    }
    Ok(())
}

/// The command that plays one rehearsal of the campaign.
fn command(args: &ChaosArgs, policy: &ChosenPolicy, base: &ChosenScenario, number: u64) -> String {
    let (words, base) = (policy.words(), quoted(&base.named));
    let campaign = match &args.campaign {
        _ if args.smoke => " --smoke".to_owned(),
        Some(named) => format!(" --campaign {}", quoted(named)),
        None => String::new(),
    };
    let seed = args.seed;
    format!("coalmine chaos {words} --scenario {base}{campaign} --seed {seed} --rehearsal {number}")
}

/// Says how to go on with what was interrupted.
fn resume(args: &ChaosArgs, driven: &Driven, console: &Console) {
    if driven.stopped != ChaosEnd::Interrupted {
        return;
    }
    let (done, kept) = (driven.tally.runs, driven.kept);
    console.say(&match &args.state {
        Some(folder) => format!(
            "{kept} of {done} fault-injection experiments are kept in {}: the same command goes on from there",
            folder.display()
        ),
        None => format!("{done} fault-injection experiments; --state DIR keeps them next time"),
    });
}

fn code(report: &ChaosReport, miss: MissArgs) -> ExitCode {
    if report.self_check.differed > 0 {
        return ExitCode::DeterminismBroken;
    }
    match (report.stopped, report.verdict) {
        (ChaosEnd::Interrupted, _) => ExitCode::Interrupted,
        (_, Verdict::Fail) => miss.code(),
        (_, Verdict::Inconclusive | Verdict::Miss) => ExitCode::Undecided,
        _ => ExitCode::Success,
    }
}
