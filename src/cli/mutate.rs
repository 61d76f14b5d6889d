//! `coalmine mutate`: what a policy could lose without anybody noticing.

use chaos::mutant::{Mutant, OPERATORS, mutants};
use clap::Args;
use reports::{MutateReport, MutateStatus};
use scenarios::{Verdict, load};

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::inputs::inputs;
use super::interrupt;
use super::objective_exit::MissArgs;
use super::output::{Output, OutputArgs};
use super::renderers::Forms as _;
use super::resolve::{ChosenPolicy, ChosenScenario, PolicyArgs};
use super::resolve::{choose_base, choose_policy, quoted, suggestion};
use crate::study::mutate::{MutateSubject, MutationCampaign, mutate_report};
use crate::study::on_threads;

/// Which policy, in which world, and which weaknesses.
#[derive(Args, Debug)]
pub struct MutateArgs {
    #[command(flatten)]
    policy: PolicyArgs,
    /// A scenario with a good release, which every rehearsal begins with [default: the first one]
    #[arg(long, short, value_name = "NAME|FILE")]
    scenario: Option<String>,
    /// Play the mutants of this operator alone; may be repeated
    #[arg(long = "operator", value_name = "NAME")]
    operators: Vec<String>,
    /// The most rollouts, shared evenly among the mutants
    #[arg(short = 'n', long, value_name = "N", default_value_t = 60_000,
          value_parser = crate::cli::whole::whole(1..=10_000_000))]
    runs: u64,
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

/// Plays the campaign and prints what became of every mutant.
pub fn answer(args: &MutateArgs, console: &Console) -> Answer {
    let output = Output::open(&args.output, &MutateReport::formats())?;
    check_operators(&args.operators)?;
    let mut policy = choose_policy(&args.policy)?.in_own_form(console)?;
    let scenario = ground(&policy, args.scenario.as_deref())?;
    policy.document.value = policy.in_world(&scenario.world.telemetry);
    let campaign = MutationCampaign {
        base: scenario.experiment(&policy)?,
        mutants: weaknesses(&policy, &scenario, &args.operators),
        seed: args.seed,
        runs_max: args.runs,
    };
    let stop = interrupt::watch();
    let progress = console.progress(0);
    let threads = args.threads.unwrap_or(0).into();
    let mutated = on_threads(threads, || campaign.play(stop, &|more| progress.done(more)));
    progress.finish();
    let mutated = mutated?;
    let scenarios = std::slice::from_ref(&scenario);
    let subject = MutateSubject {
        inputs: inputs(&policy, scenarios, Some(&scenario.named)),
        scenario: scenario.document.value.name.clone(),
    };
    let report = mutate_report(&campaign, &mutated, subject);
    output.show(console, &report)?;
    Ok(code(&report, args.miss))
}

fn code(report: &MutateReport, miss: MissArgs) -> ExitCode {
    match report.status {
        MutateStatus::Met => ExitCode::Success,
        MutateStatus::Missed => miss.code(),
        MutateStatus::Interrupted => ExitCode::Interrupted,
    }
}

fn check_operators(named: &[String]) -> Result<(), Failure> {
    let unknown = |name: &&String| OPERATORS.iter().all(|operator| operator.name != **name);
    let Some(name) = named.iter().find(unknown) else {
        return Ok(());
    };
    let known = OPERATORS.iter().map(|operator| operator.name);
    let help = suggestion(name, known, "a report without --operator names all of them");
    Err(Failure::input(format!("there is no operator {}", quoted(name))).help(help))
}

/// The scenario with a good release which every rehearsal begins with.
fn ground(policy: &ChosenPolicy, named: Option<&str>) -> Result<ChosenScenario, Failure> {
    let scenario = choose_base(policy, named)?;
    if scenario.document.value.release.is == Verdict::Good {
        return Ok(scenario);
    }
    let what = format!("the release of {} is bad", quoted(&scenario.named));
    Err(Failure::input(what)
        .help("choose a scenario with a good release: the rehearsals bring what goes wrong"))
}

/// The mutants, each with what is wrong with its file if it would be refused.
fn weaknesses(
    policy: &ChosenPolicy,
    scenario: &ChosenScenario,
    operators: &[String],
) -> Vec<(Mutant, Option<String>)> {
    let wanted = |mutant: &Mutant| {
        operators.is_empty() || operators.iter().any(|name| name == mutant.operator)
    };
    let flaw = |mutant: &Mutant| {
        let (value, world) = (&scenario.document.value, &scenario.world);
        let report = load::experiment(&mutant.policy, value, world).err()?;
        let first = report.diagnostics.first();
        Some(first.map_or_else(
            || "it would be refused".to_owned(),
            |first| first.message.clone(),
        ))
    };
    let all = mutants(&policy.document.value).into_iter();
    let wanted = all.filter(wanted);
    wanted
        .map(|mutant| {
            let flaw = flaw(&mutant);
            (mutant, flaw)
        })
        .collect()
}
