//! What there is to say to `coalmine calibrate`.

use clap::{Args, ValueEnum};
use scenarios::recorded::Stretch;
use sim_core::engine::SimDuration;

use crate::cli::backtest::UnitArg;
use crate::cli::objective_exit::MissArgs;
use crate::cli::output::OutputArgs;

/// What is fitted, and how.
#[derive(Args, Debug)]
pub struct CalibrateArgs {
    /// CSV (timestamp,value[,n][,host][,version] or time,errors,requests), what Grafana exports, Prometheus
    /// query_range JSON, promtool tsdb dump, OpenMetrics text with times, or k6 summaries
    #[arg(required = true, value_name = "HISTORY")]
    pub histories: Vec<String>,
    /// What kind of metric it is [default: what the values look like]
    #[arg(long, value_enum)]
    pub kind: Option<KindArg>,
    /// The unit of a ratio's values [default: what they look like, and a question where that is not clear]
    #[arg(long, value_enum)]
    pub unit: Option<UnitArg>,
    /// The number of requests of the one history, as a recording of its own; its values are then errors
    #[arg(long, value_name = "FILE")]
    pub requests: Option<String>,
    /// The name of a column: timestamp, value, n, host or version; may be repeated
    #[arg(long, value_name = "ROLE=NAME", value_parser = column)]
    pub column: Vec<(String, String)>,
    /// A stretch to leave out, such as a known incident; may be repeated
    #[arg(long, value_name = "FROM..TO")]
    pub exclude: Vec<Stretch>,
    /// The length of a block of history that stays together [default: 2h, or 12 steps if longer]
    #[arg(long, value_name = "DURATION")]
    pub block: Option<SimDuration>,
    /// What holds the written movement together
    #[arg(long, value_enum, default_value = "blocks")]
    pub dependence: DependenceArg,
    /// How many hosts a count was added up over [default: those that the history names, else 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub hosts: Option<u32>,
    /// The probability for which a limit is suggested; may be repeated [default: 0.05 0.01 0.001]
    #[arg(long, value_name = "PROBABILITY", value_parser = probability)]
    pub alpha: Vec<f64>,
    /// The root of all random draws
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub miss: MissArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The kind of a metric.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum KindArg {
    /// Events in each interval.
    Count,
    /// Bad requests among n.
    Ratio,
    /// A level: a mean latency, a load.
    Gauge,
    /// Latencies, a request a row.
    Latency,
}

/// What holds the movement together.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum DependenceArg {
    /// Blocks of the history as it was.
    Blocks,
    /// A slow movement and white noise, for what-ifs.
    Autoregressive,
}

fn column(text: &str) -> Result<(String, String), String> {
    const ROLES: [&str; 5] = ["timestamp", "value", "n", "host", "version"];
    let pair = text
        .split_once('=')
        .filter(|(role, name)| ROLES.contains(role) && !name.is_empty());
    let (role, name) =
        pair.ok_or_else(|| format!("say ROLE=NAME with a role of {}", ROLES.join(", ")))?;
    Ok((role.to_owned(), name.to_owned()))
}

fn probability(text: &str) -> Result<f64, String> {
    let value = text
        .parse()
        .ok()
        .filter(|value| *value > 0.0 && *value < 1.0);
    value.ok_or_else(|| "it is a number between 0 and 1, such as 0.01".to_owned())
}
