//! `coalmine chaos`: a campaign of faults against a policy.

mod again;

use std::time::{Duration, Instant};

use chaos::generator::{Phases, Swarm, Terrain};
use chaos::tolerance::Tolerance;
use clap::Args;
use reports::{ChaosEnd, ChaosReport, Style, Verdict};

use super::choose::{ChosenPolicy, PolicyArgs, choose_base, choose_policy, quoted};
use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::inputs::inputs;
use super::interrupt;
use super::miss::MissArgs;
use super::output::{Format, Output, OutputArgs};
use super::schema::pretty;
use crate::study::campaign::{Campaign, Part, Stopped, Tally, Told, Watch, chaos_report};
use crate::study::on_threads;

/// What to play, and how much.
#[derive(Args, Debug)]
pub struct ChaosArgs {
    #[command(flatten)]
    policy: PolicyArgs,
    /// The scenario to which the faults are added [default: `healthy`, else the first good release]
    #[arg(long, short, value_name = "NAME|FILE")]
    scenario: Option<String>,
    /// Play a small campaign that ends within seconds
    #[arg(long)]
    smoke: bool,
    /// How many rehearsals [default: what the campaign says]
    #[arg(short = 'n', long, value_name = "N",
          value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    runs: Option<u64>,
    /// Play nothing but this rehearsal of the campaign, and show what happens in it
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

/// How many rehearsals a campaign has where nobody says.
const RUNS: u64 = 20_000;
/// How many a smoke campaign has.
const RUNS_SMOKE: u64 = 1_000;
/// How long a campaign may take.
const TIME: Duration = Duration::from_secs(9 * 60 + 30);

/// Plays the campaign and prints what it found.
pub fn answer(args: &ChaosArgs, console: &Console) -> Answer {
    let output = Output::open(
        &args.output,
        &[Format::Text, Format::Json, Format::Markdown],
    )?;
    let policy = choose_policy(&args.policy)?;
    let base = choose_base(&policy, args.scenario.as_deref())?;
    let experiment = base.experiment(&policy)?;
    let phases = Phases::of(&experiment);
    let terrain = Terrain::new(&experiment, phases);
    let campaign = Campaign {
        terrain,
        tolerance: Tolerance::default(),
        seed: args.seed,
        parts: parts(args),
    };
    if let Some(number) = args.rehearsal {
        return again::answer(&campaign, number, console);
    }
    let replay = |number| command(args, &policy, &base.named, number);
    let (tally, stopped) = play(&campaign, args, console)?;
    let told = Told {
        scenario: base.named.clone(),
        campaign: name(args).to_owned(),
        inputs: inputs(&policy, std::slice::from_ref(&base), Some(&base.named)),
        stopped,
        replay: &replay,
    };
    let report = chaos_report(&campaign, &tally, told);
    output.write(console, |format, style| render(&report, format, style))?;
    Ok(code(&report, args.miss))
}

fn name(args: &ChaosArgs) -> &'static str {
    if args.smoke { "smoke" } else { "pre-release" }
}

fn parts(args: &ChaosArgs) -> Vec<(Part, u64)> {
    let runs = args
        .runs
        .unwrap_or(if args.smoke { RUNS_SMOKE } else { RUNS });
    let calm = (runs / 50).max(1);
    let within = (runs - calm).div_ceil(2);
    let swarm = Swarm::default();
    vec![
        (Part::Calm, calm),
        (Part::SwarmWithin(swarm), within),
        (Part::SwarmBeyond(swarm), runs - calm - within),
    ]
}

/// The command that plays one rehearsal of the campaign.
fn command(args: &ChaosArgs, policy: &ChosenPolicy, base: &str, number: u64) -> String {
    let mut words = format!(
        "coalmine chaos {} --scenario {}",
        policy.words(),
        quoted(base)
    );
    if args.smoke {
        words += " --smoke";
    }
    if let Some(runs) = args.runs {
        words += &format!(" -n {runs}");
    }
    words + &format!(" --seed {} --rehearsal {number}", args.seed)
}

fn play(
    campaign: &Campaign,
    args: &ChaosArgs,
    console: &Console,
) -> Result<(Tally, ChaosEnd), Failure> {
    let progress = console.progress(campaign.total());
    let begun = Instant::now();
    let mut wave = |tally: &Tally| {
        let (within, any) = tally.broken();
        progress.note(&format!(
            "{} runs broke a promise ({within} promises within tolerance, {any} at all)",
            tally.violating
        ));
        begun.elapsed() <= TIME
    };
    let threads = args.threads.unwrap_or(0).into();
    let played = on_threads(threads, || {
        let mut watch = Watch {
            stop: interrupt::watch(),
            done: &|more| progress.done(more),
            wave: &mut wave,
        };
        campaign.play(Tally::default(), &mut watch)
    });
    progress.finish();
    let played = played.map_err(|no| Failure::unexpected(format!("cannot start threads: {no}")))?;
    let stopped = match played.stopped {
        Stopped::Done => ChaosEnd::Done,
        Stopped::Asked => ChaosEnd::Time,
        Stopped::Interrupted => ChaosEnd::Interrupted,
    };
    Ok((played.tally, stopped))
}

fn render(report: &ChaosReport, format: Format, style: Style) -> String {
    match format {
        Format::Json => pretty(report) + "\n",
        Format::Markdown => reports::chaos_markdown(report),
        _ => reports::chaos_text(report, style),
    }
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
