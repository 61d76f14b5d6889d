//! `coalmine run`: one rollout, its timeline and its verdict.

use clap::Args;
use reports::{IncidentFacts, RunReport, Verdict};
use scenarios::{Diagnostic, Report};
use sim_core::{Run, Seed};

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::inputs::{inputs, replay_command};
use super::objective_exit::MissArgs;
use super::output::{Format, Output, OutputArgs};
use super::renderers::Forms as _;
use super::resolve::{
    ChosenPolicy, ChosenScenario, ExecArgs, PolicyArgs, choose_policy, choose_scenario,
    choose_suite,
};
use crate::study::{Case, judge, run_report, told};

/// What to play.
#[derive(Args, Debug)]
pub struct RunArgs {
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    exec: ExecArgs,
    /// A scenario of the system, SYSTEM/NAME, or a path to a scenario file
    #[arg(long, short, value_name = "NAME|FILE")]
    scenario: Option<String>,
    /// The root seed
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// The number of the rollout under that seed
    #[arg(long, short, default_value_t = 0, value_name = "R")]
    replication: u64,
    /// Print the response packet, the audit trail and the incident note (same as --format markdown)
    #[arg(long, conflicts_with = "format")]
    packet: bool,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    miss: MissArgs,
}

/// A rollout that was played, with everything that can be told of it.
pub struct PlayedRollout {
    /// What was played.
    pub case: Case,
    /// What happened.
    pub run: Run,
    /// The typed result.
    pub report: RunReport,
}

/// The forms of a rollout: those of its result, and as Markdown the papers that the policy asks for.
pub fn formats() -> Vec<Format> {
    [RunReport::formats(), vec![Format::Markdown]].concat()
}

/// Plays the rollout and prints it.
pub fn answer(args: &RunArgs, console: &Console) -> Answer {
    let mut wanted = args.output.clone();
    if args.packet {
        wanted.format = Format::Markdown;
    }
    let output = Output::open(&wanted, &formats())?;
    let policy = choose_policy(&args.policy.allowing(args.exec))?;
    let named = match &args.scenario {
        Some(named) => named.clone(),
        None => only_scenario(&policy)?,
    };
    let seed = Seed {
        root: args.seed,
        replication: args.replication,
    };
    let played = play(&policy, &named, seed)?;
    let artifact = wanted
        .path(Format::Json)
        .unwrap_or_else(|| "not stored yet: add --out json=PATH".to_owned());
    let form = |format, style| match format {
        Format::Markdown => papers(&played, &artifact),
        _ => played.report.form(format, style),
    };
    output.write_charts(console, form, || played.report.charts())?;
    Ok(match played.report.verdict {
        Verdict::Fail | Verdict::Miss => args.miss.code(),
        Verdict::Inconclusive => ExitCode::Undecided,
        Verdict::Pass | Verdict::KnownLimitation => ExitCode::Success,
    })
}

/// Plays one rollout of a policy in the scenario called `named`.
///
/// # Errors
///
/// When the scenario cannot be used, alone or with this policy.
pub fn play(policy: &ChosenPolicy, named: &str, seed: Seed) -> Result<PlayedRollout, Failure> {
    let scenario = choose_scenario(policy, named)?;
    let case = scenario.case(policy)?;
    let (run, readings) = case.plan.watch(seed);
    bounded(&scenario, run.history.len())?;
    let judgement = judge(&case, &run);
    let inputs = inputs(policy, std::slice::from_ref(&scenario), Some(named));
    let replay = replay_command(policy, named, seed);
    let mut report = run_report(&case, seed, &run, &judgement, inputs, replay.clone());
    report.timeline = Some(told(&case, seed, &run, &readings, judgement, replay));
    Ok(PlayedRollout { case, run, report })
}

/// So many events of one rollout can be told: a year of evaluations that each say something, in some 200 MB.
const EVENTS_MAX: usize = 300_000;

/// Refuses to tell a rollout of which nobody could read what happened.
fn bounded(scenario: &ChosenScenario, events: usize) -> Result<(), Failure> {
    if events <= EVENTS_MAX {
        return Ok(());
    }
    let document = &scenario.document;
    let span = document.spans.get("horizon").unwrap_or(0..0);
    let message = format!(
        "{events} events happen until then, at most {EVENTS_MAX} can be told of one rollout"
    );
    let found = Diagnostic::error("CM151", span, message)
        .reason("each event is kept and printed")
        .help("shorten the horizon, or ask `coalmine simulate`, which keeps no events");
    let report = Report::new(&document.name, &document.source, vec![found]);
    Err(Failure::Reports(vec![report]))
}

/// The scenario that is meant when none is named: the only one there is.
///
/// # Errors
///
/// When there are several, or none.
pub fn only_scenario(policy: &ChosenPolicy) -> Result<String, Failure> {
    let suite = choose_suite(policy)?;
    match &suite[..] {
        [only] => Ok(only.named.clone()),
        several => {
            let names: Vec<_> = several
                .iter()
                .map(|scenario| scenario.named.as_str())
                .collect();
            Err(Failure::usage("there are several scenarios")
                .help(format!("name one with --scenario: {}", names.join(", "))))
        }
    }
}

/// The papers that the policy asks for after a stop or a rollback.
fn papers(played: &PlayedRollout, artifact: &str) -> String {
    let PlayedRollout { case, run, report } = played;
    let experiment = case.experiment();
    let facts = IncidentFacts::of(experiment, run, report);
    let trail = reports::audit_trail(experiment, &run.history);
    let title = format!(
        "# {} ({}), scenario {}\n\nOutcome: {}. Verdict: {}. Hash: `{}`.\n",
        reports::plain(&report.policy),
        report.profile,
        reports::plain(&report.scenario),
        report.outcome.word(),
        report.verdict.word(),
        report.hash,
    );
    let parts = [
        title,
        reports::incident_packet(experiment, &facts, artifact),
        reports::audit_markdown(&trail),
        reports::incident_note(experiment, &facts, artifact),
    ];
    parts
        .iter()
        .filter(|part| !part.is_empty())
        .map(|part| part.trim_end().to_owned() + "\n")
        .collect::<Vec<_>>()
        .join("\n")
}
