//! What to play against what.

use clap::{Args, ValueEnum};
use scenarios::recorded::{Stretch, Unit};
use sim_core::engine::SimDuration;

use crate::cli::output::OutputArgs;
use crate::cli::resolve::PolicyArgs;

/// What to play against what.
#[derive(Args, Debug)]
pub struct BacktestArgs {
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
    /// Recordings: SIGNAL=FILE, or a FILE alone where the policy reads one signal or the file is called
    /// like one (CSV with a header, what Grafana exports, an answer of Prometheus to `query_range`, promtool
    /// tsdb dump, OpenMetrics text with times)
    #[arg(value_name = "HISTORY")]
    pub(super) histories: Vec<String>,
    /// The recording of a signal; may be repeated
    #[arg(long = "signal", value_name = "SIGNAL=FILE")]
    pub(super) signals: Vec<String>,
    /// The time from one start to the next [default: at most 1000 starts]
    #[arg(long, value_name = "TIME")]
    pub(super) every: Option<SimDuration>,
    /// How long after a sample each start lies, and with it every evaluation
    #[arg(long, value_name = "TIME", default_value = "0s")]
    pub(super) phase: SimDuration,
    /// Whose requests a recording counts that does not tell versions apart; of the fleet's the canary sees
    /// its share
    #[arg(long, value_enum, default_value = "fleet")]
    pub(super) population: WhoseArg,
    /// How often every start is played, each time with other requests on the canary [default: 40]
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(super) replications: Option<u64>,
    /// The root of all random draws
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// Exit with 4 where a canary was shown the whole fleet's values, because nobody recorded how many
    /// requests there were
    #[arg(long)]
    pub(super) strict: bool,
    /// How long one start is followed at most [default: three times the policy's own time, and a day more
    /// than it at least]
    #[arg(long, value_name = "TIME")]
    pub(super) horizon: Option<SimDuration>,
    /// Which version of a recording with versions is the canary [default: the later of two]
    #[arg(long, value_name = "VERSION")]
    pub(super) canary: Option<String>,
    /// How many hosts there were, for gates on events for each host [default: as many as are recorded]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(super) hosts: Option<u32>,
    /// The unit of a ratio's values [default: what they look like, and a question where that is not clear]
    #[arg(long, value_enum)]
    pub(super) unit: Option<UnitArg>,
    /// The number of requests as a recording of its own: SIGNAL=FILE, or a FILE alone where there is one
    /// recording; what it stands beside are then errors
    #[arg(long, value_name = "FILE")]
    pub(super) requests: Vec<String>,
    /// What a column of the CSV is called: timestamp, value, n, host or version; may be repeated
    #[arg(long = "column", value_name = "ROLE=NAME")]
    pub(super) columns: Vec<String>,
    /// A stretch to leave out, as if nothing had been recorded; may be repeated
    #[arg(long, value_name = "FROM..TO")]
    pub(super) exclude: Vec<Stretch>,
    /// How many threads to use [default: one a core]; the result does not depend on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// The unit of values.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum UnitArg {
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
pub(super) enum WhoseArg {
    /// Everybody's.
    Fleet,
    /// Those that reached the canary.
    Canary,
}
