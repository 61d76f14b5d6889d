//! `coalmine backtest`: a policy against recorded metrics as they are, without any model.

use std::path::Path;

use clap::{Args, ValueEnum};
use reports::{BacktestReport, Inputs};
use scenarios::files;
use scenarios::recorded::{
    Columns, Purpose, Reading, Recorded, RecordedSeries, Sampling, Stretch, Unit, with_requests,
};
use sim_core::engine::{RunningHash, SimDuration};
use sim_core::policy::Policy;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::interrupt;
use super::output::{Output, OutputArgs};
use super::renderers::Forms as _;
use super::resolve::{ChosenPolicy, PolicyArgs, choose_policy, suggestion};
use crate::study::backtest::{self, Past, SignalMetric, Whose, Wishes};
use crate::study::{hex, profile_word};

/// What to play against what.
#[derive(Args, Debug)]
pub struct BacktestArgs {
    #[command(flatten)]
    policy: PolicyArgs,
    /// Recordings: SIGNAL=FILE, or a FILE alone where the policy reads one signal or the file is called
    /// like one (CSV with a header, what Grafana exports, an answer of Prometheus to `query_range`, promtool
    /// tsdb dump, OpenMetrics text with times)
    #[arg(value_name = "HISTORY")]
    histories: Vec<String>,
    /// The recording of a signal; may be repeated
    #[arg(long = "signal", value_name = "SIGNAL=FILE")]
    signals: Vec<String>,
    /// The time from one start to the next [default: at most 1000 starts]
    #[arg(long, value_name = "TIME")]
    every: Option<SimDuration>,
    /// How long after a sample each start lies, and with it every evaluation
    #[arg(long, value_name = "TIME", default_value = "0s")]
    phase: SimDuration,
    /// Whose requests a recording counts that does not tell versions apart; of the fleet's the canary sees
    /// its share
    #[arg(long, value_enum, default_value = "fleet")]
    population: WhoseArg,
    /// How often every start is played, each time with other requests on the canary [default: 40]
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    replications: Option<u64>,
    /// The root of all random draws
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Exit with 4 where a canary was shown the whole fleet's values, because nobody recorded how many
    /// requests there were
    #[arg(long)]
    strict: bool,
    /// How long one start is followed at most [default: three times the policy's own time, and a day more
    /// than it at least]
    #[arg(long, value_name = "TIME")]
    horizon: Option<SimDuration>,
    /// Which version of a recording with versions is the canary [default: the later of two]
    #[arg(long, value_name = "VERSION")]
    canary: Option<String>,
    /// How many hosts there were, for gates on events for each host [default: as many as are recorded]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    hosts: Option<u32>,
    /// The unit of a ratio's values [default: what they look like, and a question where that is not clear]
    #[arg(long, value_enum)]
    unit: Option<UnitArg>,
    /// The number of requests as a recording of its own: SIGNAL=FILE, or a FILE alone where there is one
    /// recording; what it stands beside are then errors
    #[arg(long, value_name = "FILE")]
    requests: Vec<String>,
    /// What a column of the CSV is called: timestamp, value, n, host or version; may be repeated
    #[arg(long = "column", value_name = "ROLE=NAME")]
    columns: Vec<String>,
    /// A stretch to leave out, as if nothing had been recorded; may be repeated
    #[arg(long, value_name = "FROM..TO")]
    exclude: Vec<Stretch>,
    /// How many threads to use [default: one a core]; the result does not depend on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    output: OutputArgs,
}

/// The unit of values.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum UnitArg {
    /// Parts of 1.
    Ratio,
    /// Parts of 100.
    Percent,
    /// Bad requests of each interval.
    Errors,
}

impl From<UnitArg> for Unit {
    fn from(unit: UnitArg) -> Self {
        match unit {
            UnitArg::Ratio => Self::Ratio,
            UnitArg::Percent => Self::Percent,
            UnitArg::Errors => Self::Errors,
        }
    }
}

/// Whose requests are counted.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum WhoseArg {
    /// Everybody's.
    Fleet,
    /// Those that reached the canary.
    Canary,
}

/// Plays every start and prints what was decided.
pub fn answer(args: &BacktestArgs, console: &Console) -> Answer {
    let output = Output::open(&args.output, &BacktestReport::formats())?;
    let policy = choose_policy(&args.policy)?;
    let why = "recordings are read by gates of coalmine's own form";
    policy.must_decide_itself("backtest", why)?;
    let metrics = metrics(args, &policy.document.value)?;
    say_warnings(&metrics, console);
    let inputs = inputs(&policy, &metrics);
    let wishes = wishes(args);
    let past = Past::new(&policy.document.value, metrics, &wishes)
        .map_err(|error| Failure::input(error.what).help(error.help))?;
    let progress = console.progress(past.plays());
    let threads = args.threads.unwrap_or(0).into();
    let watch: (_, &(dyn Fn(u64) + Sync)) = (interrupt::watch(), &|more| progress.done(more));
    let played = backtest::report(&past, inputs, threads, watch);
    progress.finish();
    let Some(report) = played? else {
        return Ok(console.interrupted("no start was played to its end"));
    };
    output.show(console, &report)?;
    let undecided = !report.inadequate.is_empty() || args.strict && past.is_unthinned();
    Ok(if !report.complete {
        ExitCode::Interrupted
    } else if undecided {
        ExitCode::Undecided
    } else {
        ExitCode::Success
    })
}

fn wishes(args: &BacktestArgs) -> Wishes {
    Wishes {
        every: args.every,
        horizon: args.horizon,
        hosts: args.hosts,
        canary: args.canary.clone(),
        whose: match args.population {
            WhoseArg::Fleet => Whose::Fleet,
            WhoseArg::Canary => Whose::Canary,
        },
        phase: args.phase,
        replications: args.replications,
        seed: args.seed,
    }
}

fn say_warnings(metrics: &[SignalMetric], console: &Console) {
    for metric in metrics {
        let warnings = &metric.history.warnings;
        if !warnings.diagnostics.is_empty() {
            console.say(warnings.render(console.talk_colour()).trim_end());
        }
    }
}

/// Reads the recording of every signal that is named.
fn metrics(args: &BacktestArgs, policy: &Policy) -> Result<Vec<SignalMetric>, Failure> {
    let read = signals(policy);
    let pairs = pairs(args, &read)?;
    let reading = reading(args)?;
    let (mut metrics, mut reports) = (Vec::<SignalMetric>::new(), Vec::new());
    for (signal, file) in pairs {
        must_be_read_once(&signal, &read, &metrics)?;
        match files::recording(Path::new(&file), &reading) {
            Ok(Recorded::Series(history)) => {
                let history = *history;
                metrics.push(SignalMetric { signal, history });
            }
            Ok(Recorded::Summary(_)) => {
                let what = format!("{file} is the summary of a whole load test");
                let help = "a backtest needs values over time: a CSV, or an answer to query_range";
                return Err(Failure::input(what).help(help));
            }
            Err(report) => reports.push(report),
        }
    }
    if reports.is_empty() {
        join(args, &reading, &mut metrics)?;
        Ok(metrics)
    } else {
        Err(Failure::Reports(reports))
    }
}

fn reading(args: &BacktestArgs) -> Result<Reading, Failure> {
    Ok(Reading {
        sampling: Sampling::Interval,
        columns: columns(&args.columns)?,
        exclude: args.exclude.clone(),
        purpose: Purpose::Play,
        unit: args.unit.map(Into::into),
    })
}

/// Which signal is recorded in which file, as far as somebody says so.
fn pairs(args: &BacktestArgs, read: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let mut pairs = Vec::new();
    for said in &args.signals {
        let pair = said.split_once('=').ok_or_else(|| {
            Failure::usage(format!("`{said}` names no file"))
                .help("say --signal SIGNAL=FILE, such as error_rate=errors.csv")
        })?;
        pairs.push((pair.0.to_owned(), pair.1.to_owned()));
    }
    for said in &args.histories {
        pairs.push(named(said, read)?);
    }
    if pairs.is_empty() {
        return Err(Failure::usage("there is no recording to play against")
            .help(format!("the policy reads {}: SIGNAL=FILE", read.join(", "))));
    }
    Ok(pairs)
}

fn must_be_read_once(
    signal: &str,
    read: &[String],
    metrics: &[SignalMetric],
) -> Result<(), Failure> {
    if !read.iter().any(|known| known == signal) {
        let all = format!("it reads {}", read.join(", "));
        let help = suggestion(signal, read.iter().map(String::as_str), &all);
        return Err(Failure::input(format!("no gate of the policy reads `{signal}`")).help(help));
    }
    if metrics.iter().any(|metric| metric.signal == signal) {
        let what = format!("there are two recordings of `{signal}`");
        return Err(Failure::usage(what).help("put them into one file, in the order of time"));
    }
    Ok(())
}

/// Puts the requests beside the errors where they are recordings of their own.
fn join(
    args: &BacktestArgs,
    reading: &Reading,
    metrics: &mut [SignalMetric],
) -> Result<(), Failure> {
    let names: Vec<String> = metrics.iter().map(|metric| metric.signal.clone()).collect();
    for said in &args.requests {
        let (signal, file) = match said.split_once('=') {
            Some((signal, file)) if names.iter().any(|known| known == signal) => (signal, file),
            _ => match &names[..] {
                [only] => (only.as_str(), said.as_str()),
                _ => {
                    return Err(Failure::usage(format!("whose requests are in {said}?"))
                        .help(format!("say --requests SIGNAL={said}")));
                }
            },
        };
        let requests = requests(file, reading)?;
        for metric in metrics.iter_mut().filter(|metric| metric.signal == signal) {
            metric.history = with_requests(metric.history.clone(), &requests)
                .map_err(|report| Failure::Reports(vec![report]))?;
        }
    }
    Ok(())
}

/// Reads how many requests there were.
pub(super) fn requests(file: &str, reading: &Reading) -> Result<RecordedSeries, Failure> {
    let reading = Reading {
        unit: Some(Unit::Errors),
        ..reading.clone()
    };
    match files::recording(Path::new(file), &reading) {
        Ok(Recorded::Series(history)) => Ok(*history),
        Ok(Recorded::Summary(_)) => Err(Failure::input(format!("{file} is a summary"))
            .help("requests need values over time: a CSV, or an answer to query_range")),
        Err(report) => Err(Failure::Reports(vec![report])),
    }
}

/// The signals that the gates of a policy read, each once.
fn signals(policy: &Policy) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for gate in &policy.gates {
        if !names.contains(&gate.signal) {
            names.push(gate.signal.clone());
        }
    }
    names
}

/// Finds out which signal a recording is of: as said, the only one, or the one that the file is called
/// like.
fn named(said: &str, read: &[String]) -> Result<(String, String), Failure> {
    if let Some((signal, file)) = said.split_once('=')
        && !Path::new(said).exists()
    {
        return Ok((signal.to_owned(), file.to_owned()));
    }
    let stem = Path::new(said).file_stem().and_then(|stem| stem.to_str());
    let like = |signal: &&String| stem == Some(signal.as_str());
    match (read, read.iter().find(like)) {
        ([only], _) => Ok((only.clone(), said.to_owned())),
        (_, Some(signal)) => Ok((signal.clone(), said.to_owned())),
        _ => Err(
            Failure::usage(format!("which signal is recorded in {said}?")).help(format!(
                "say SIGNAL={said}; the policy reads {}",
                read.join(", ")
            )),
        ),
    }
}

fn columns(said: &[String]) -> Result<Columns, Failure> {
    const ROLES: [&str; 5] = ["timestamp", "value", "n", "host", "version"];
    let column = |said: &String| match said.split_once('=') {
        Some((role, name)) if ROLES.contains(&role) && !name.is_empty() => {
            Ok((role.to_owned(), name.to_owned()))
        }
        _ => Err(Failure::usage(format!("`{said}` names no column"))
            .help("say --column ROLE=NAME; roles are timestamp, value, n, host, version")),
    };
    said.iter()
        .map(column)
        .collect::<Result<_, _>>()
        .map(Columns)
}

fn inputs(policy: &ChosenPolicy, metrics: &[SignalMetric]) -> Inputs {
    let mut digest = RunningHash::new();
    digest.text(&policy.document.source);
    for metric in metrics {
        digest.text(&metric.signal);
        for point in &metric.history.points {
            digest.word(point.time.millis() as u64);
            digest.word(point.value.to_bits());
            digest.word(point.n.unwrap_or(f64::NAN).to_bits());
            digest.word(point.version.map_or(u64::MAX, u64::from));
        }
    }
    let profile = policy.document.value.profile;
    Inputs {
        tool: concat!("coalmine ", env!("CARGO_PKG_VERSION")).to_owned(),
        policy: policy.named.clone(),
        profile: policy.library.map(|_| profile_word(profile).to_owned()),
        scenario: None,
        digest: hex(digest.finish()),
        lowered: None,
        guard: None,
    }
}
