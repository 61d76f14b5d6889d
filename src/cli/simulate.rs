//! `coalmine simulate`: many rollouts, their rates and objectives.

use std::path::PathBuf;

use clap::Args;
use reports::{ObjectiveStatus, PartialShare, ScenarioKind, StudyReport, Timeline, Verdict};
use sim_core::Seed;

use super::console::Console;
use super::divided;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::inputs::{inputs, replay_command};
use super::interrupt;
use super::objective_exit::MissArgs;
use super::order::Order;
use super::output::{Output, OutputArgs};
use super::rare::{self, Rare};
use super::renderers::Forms as _;
use super::resolve::{
    ChosenPolicy, ChosenScenario, ExecArgs, PolicyArgs, Suite, choose_checked, choose_policy,
};
use crate::study::shards::RoundPlayer;
use crate::study::{self, Case, Detail, Study, Subject, Tally};

/// What to play, and how often.
#[derive(Args, Debug)]
pub struct SimulateArgs {
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    exec: ExecArgs,
    /// One scenario; without it every scenario of the system, or beside the policy file, is played
    #[arg(long, short, value_name = "NAME|FILE")]
    scenario: Option<String>,
    /// How many rollouts of each scenario [default: 1000, for a whole suite 400]
    #[arg(short = 'n', long, value_name = "N",
          value_parser = crate::cli::whole::whole(1..=1_000_000_000))]
    runs: Option<u64>,
    /// The root seed
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// How many threads to use [default: one a core]; the result does not depend on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Keep what has been simulated in this folder, and go on from there after an interruption
    #[arg(long, value_name = "DIR", conflicts_with = "rare")]
    state: Option<PathBuf>,
    /// Estimate the probability of this one thing by splitting, where it is too rare to be counted;
    /// -n is then the tries of each level [default: 500]
    #[arg(long, value_enum, value_name = "EVENT")]
    rare: Option<Rare>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    miss: MissArgs,
}

/// How often each scenario is played where nobody says.
const RUNS_SINGLE: u64 = 1000;
/// How often each scenario of a suite is played where nobody says.
const RUNS_SUITE: u64 = 400;

/// Plays the study, or that of it which is for `player`, and prints it.
pub fn answer(args: &SimulateArgs, player: &RoundPlayer, console: &Console) -> Answer {
    let order = Order {
        scenario: args.scenario.clone(),
        runs: args.runs,
        seed: args.seed,
        threads: args.threads.unwrap_or(0).into(),
    };
    if let Some(Rare::FalseRollback) = args.rare {
        return rarely(args, &order, player, console);
    }
    let output = Output::open(&args.output, &StudyReport::formats())?;
    let policy = args.policy.allowing(args.exec);
    let suite = choose_checked(&policy, order.scenario.as_deref())?;
    must_stay_here(args, &suite, player)?;
    for doubt in suite.doubts() {
        console.say(&doubt.render(console.talk_colour()));
    }
    let state = divided::KeptState::open(args.state.as_deref(), player, &output)?;
    let report = state.play(&kind(&suite, &order), |player| {
        play(&suite, &order, player, console)
    })?;
    divided::answers(player)?;
    output.show(console, &report)?;
    state.resume(report.complete, console);
    Ok(match code(&report, args.miss) {
        // `completed` is not what people will read it as.
        ExitCode::Success if suite.completes_in_part() => ExitCode::Undecided,
        code => code,
    })
}

/// Plays for the rate of rare false rollbacks.
fn rarely(args: &SimulateArgs, order: &Order, player: &RoundPlayer, console: &Console) -> Answer {
    divided::only_here(player, "--rare")?;
    let policy = choose_policy(&args.policy)?;
    policy.must_decide_itself(
        "simulate --rare",
        "splitting asks how near a gate of coalmine's own form is to firing",
    )?;
    rare::answer(&policy, order, &args.output, console)
}

/// Refuses shards and states where a program decides.
fn must_stay_here(args: &SimulateArgs, suite: &Suite, player: &RoundPlayer) -> Result<(), Failure> {
    if suite.policy.guard.is_some() {
        // A plan does not carry the program, and a state does not know when it has changed.
        divided::only_here(player, "what a program decides")?;
        if args.state.is_some() {
            let what = "--state keeps no study that a program decides: the program may be another one by then";
            return Err(Failure::usage(what).help("leave it out"));
        }
    }
    Ok(())
}

/// Plays a study with a progress display, until it is done or interrupted.
///
/// # Errors
///
/// When threads cannot be started.
pub fn play(
    suite: &Suite,
    order: &Order,
    player: &RoundPlayer,
    console: &Console,
) -> Result<StudyReport, Failure> {
    let study = study_of(suite, order);
    let progress = console.progress(study.total());
    let done = |more| progress.done(more);
    let played = study.play_by(player, order.threads, interrupt::watch(), &done);
    progress.finish();
    let tallies = played?.ok_or_else(|| divided::halted(player))?;
    let mut report = report_of(suite, order, &study, &tallies);
    report.timeline = told(&study, &report, &Names::new(suite, order));
    if player.is_partial() && !report.complete {
        let (shards, of) = player.read();
        let runs = study.total();
        report = report.in_part(PartialShare { shards, of, runs });
    }
    Ok(report)
}

/// Returns what is to be played.
pub fn study_of(suite: &Suite, order: &Order) -> Study {
    let pairs = suite.experiments.iter().zip(&suite.scenarios);
    let mut cases: Vec<Case> = pairs
        .map(|(experiment, scenario)| Case::new(experiment, &scenario.document.value))
        .collect();
    for (case, scenario) in cases.iter_mut().zip(&suite.scenarios) {
        // Two files may carry one name inside; what is typed to play one of them again is its file.
        if order.scenario.is_none() {
            case.name.clone_from(&scenario.named);
        }
    }
    Study {
        cases,
        seed: order.seed,
        runs: runs(order),
        detail: Detail::Values,
    }
}

/// Returns the result of what was played, without the story of a rollout.
pub fn report_of(suite: &Suite, order: &Order, study: &Study, tallies: &[Tally]) -> StudyReport {
    let names = Names::new(suite, order);
    let Suite {
        policy, scenarios, ..
    } = suite;
    let subject = Subject {
        inputs: &inputs(policy, scenarios, order.scenario.as_deref()),
        replay: &|case, replication| names.replay(case, replication),
    };
    match (&order.scenario, tallies) {
        (Some(_), [tally]) => study::single(study, tally, &subject),
        _ => study::suite(study, tallies, &subject),
    }
}

/// How often each scenario is played.
fn runs(order: &Order) -> u64 {
    let usual = match &order.scenario {
        Some(_) => RUNS_SINGLE,
        None => RUNS_SUITE,
    };
    order.runs.unwrap_or(usual)
}

/// What decides the result, so that no other study goes on from its state.
fn kind(suite: &Suite, order: &Order) -> String {
    let scenario = order.scenario.as_deref();
    let made_from = inputs(&suite.policy, &suite.scenarios, scenario);
    format!("simulate {made_from:?} {} {}", runs(order), order.seed)
}

/// The story of the rollout to look at first; where nothing failed, of the first rollout of the first
/// bad release, or of any.
fn told(study: &Study, report: &StudyReport, names: &Names<'_>) -> Option<Timeline> {
    let (case, replication) = if let Some(failure) = report.worst_case() {
        let named = |case: &&Case| case.name == failure.scenario;
        (study.cases.iter().find(named)?, failure.replication)
    } else {
        let bad = |case: &&Case| case.kind() == ScenarioKind::Bad;
        (study.cases.iter().find(bad).or(study.cases.first())?, 0)
    };
    let seed = Seed {
        root: study.seed,
        replication,
    };
    Some(study::timeline(
        case,
        seed,
        names.replay(&case.name, replication),
    ))
}

/// Knows how the scenarios were named on the command line.
struct Names<'a> {
    policy: &'a ChosenPolicy,
    scenarios: &'a [ChosenScenario],
    seed: u64,
}

impl<'a> Names<'a> {
    fn new(suite: &'a Suite, order: &Order) -> Self {
        Self {
            policy: &suite.policy,
            scenarios: &suite.scenarios,
            seed: order.seed,
        }
    }

    fn replay(&self, case: &str, replication: u64) -> String {
        let named = match self.scenarios {
            [single] => &single.named,
            _ => case,
        };
        replay_command(
            self.policy,
            named,
            Seed {
                root: self.seed,
                replication,
            },
        )
    }
}

fn code(report: &StudyReport, miss: MissArgs) -> ExitCode {
    let any = |status| report.objectives.iter().any(|row| row.status == status);
    let untested = report.verdicts.get(Verdict::Inconclusive.word()) == Some(&report.runs);
    if !report.complete {
        ExitCode::Interrupted
    } else if any(ObjectiveStatus::Miss) {
        miss.code()
    } else if any(ObjectiveStatus::Undecided) || any(ObjectiveStatus::Vacuous) || untested {
        ExitCode::Undecided
    } else {
        ExitCode::Success
    }
}
