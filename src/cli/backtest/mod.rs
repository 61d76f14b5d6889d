//! `coalmine backtest`: a policy against recorded metrics as they are, without any model.

mod recordings;

use clap::{Args, ValueEnum};
use reports::{BacktestReport, Inputs};
use scenarios::recorded::{Stretch, Unit};
use sim_core::engine::{RunningHash, SimDuration};

use crate::cli::console::Console;
use crate::cli::exit_code::ExitCode;
use crate::cli::failure::{Answer, Failure};
use crate::cli::interrupt;
use crate::cli::output::{Output, OutputArgs};
use crate::cli::renderers::Forms as _;
use crate::cli::resolve::{ChosenPolicy, PolicyArgs, choose_policy};
use crate::study::backtest::{self, Past, SignalMetric, Whose, Wishes};
use crate::study::{hex, profile_word};
use recordings::metrics;

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
    #[arg(short = 'n', long, value_name = "N", value_parser = crate::cli::whole::whole(1..=10_000))]
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
