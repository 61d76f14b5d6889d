//! `coalmine chaos`: a campaign of faults against a policy.

mod again;
mod args;
mod cases;
mod drive;
mod plan;

use reports::{ChaosEnd, ChaosReport, Verdict};
use scenarios::reading;

pub use self::args::ChaosArgs;
use self::drive::{Driven, drive};
use self::plan::{Planned, plan};
use super::atomic_dir::check_writable;
use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::inputs::inputs;
use super::objective_exit::MissArgs;
use super::output::Output;
use super::renderers::Forms as _;
use super::resolve::{ChosenPolicy, ChosenScenario, choose_base, choose_policy, quoted};
use crate::study::campaign::{CampaignTold, Checkpoint, chaos_report};
use crate::study::shards::RoundPlayer;

/// Plays the campaign, or that of it which is for `player`, and prints what it found.
pub fn answer(args: &ChaosArgs, player: &RoundPlayer, console: &Console) -> Answer {
    let output = Output::open(&args.output, &ChaosReport::formats())?;
    check_folders(args, &output)?;
    let policy = choose_policy(&args.policy)?;
    must_be_played_as_a_case(args, &policy)?;
    let base = choose_base(&policy, args.scenario.as_deref())?;
    let planned = planned(args, &base, &policy)?;
    if let Some(number) = args.rehearsal {
        return again::answer(&planned.campaign, number, console);
    }
    let inputs = inputs(&policy, std::slice::from_ref(&base), Some(&base.named));
    let driven = drive(&planned, args, &inputs.digest, player, console)?;
    let replay = |number| command(args, &policy, &base, number);
    let folder = args.cases.as_deref();
    let cases = folder.map(|folder| cases::write(folder, &driven.shown, &replay));
    let cases = cases.transpose()?.unwrap_or_default();
    let told = CampaignTold {
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

/// Plans the campaign on its base, with the objectives of its scenario.
fn planned(
    args: &ChaosArgs,
    base: &ChosenScenario,
    policy: &ChosenPolicy,
) -> Result<Planned, Failure> {
    let scenario = &base.document.value;
    let objectives = scenario.objectives.or_defaults(scenario.release.is);
    plan(args, &base.experiment(policy)?, &objectives)
}

fn must_be_played_as_a_case(args: &ChaosArgs, policy: &ChosenPolicy) -> Result<(), Failure> {
    if args.cases.is_none() {
        return Ok(());
    }
    let why = "a case is of coalmine's own form, which does not hold the engine of another product; without --cases the \
               campaign is played, and each finding says the command that plays it again";
    policy.must_decide_itself("chaos --cases", why)
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
