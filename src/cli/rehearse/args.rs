//! What there is to say to `coalmine rehearse`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::output::OutputArgs;
use crate::cli::resolve::PolicyArgs;

/// Which rules, on which rollouts.
#[derive(Args, Debug)]
pub struct RehearseArgs {
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// The file of alerting rules; promtool reads it and runs nothing else
    #[arg(long, value_name = "FILE")]
    pub rules: PathBuf,
    /// Which of our series your rules call what: a JSON map such as
    /// {"error_rate_total": "http_requests_total{job=\"shop\"}"}
    #[arg(long, value_name = "FILE")]
    pub series: Option<PathBuf>,
    /// A scenario of the system, SYSTEM/NAME, or a path to a scenario file
    #[arg(long, short, value_name = "NAME|FILE")]
    pub scenario: Option<String>,
    /// Start a real Prometheus and Alertmanager on this machine, let them watch one rollout, and let their alerts roll it back
    #[cfg(feature = "serve")]
    #[arg(long, conflicts_with = "runs")]
    pub live: bool,
    #[cfg(feature = "serve")]
    #[command(flatten)]
    pub watched: LiveArgs,
    /// How many rollouts
    #[arg(short = 'n', long, default_value_t = 10, value_name = "N",
          value_parser = crate::cli::whole::whole(1..=1000))]
    pub runs: u64,
    /// The root seed
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What a live rehearsal takes besides.
#[cfg(feature = "serve")]
#[derive(Args, Debug)]
pub struct LiveArgs {
    /// How many seconds of the rollout pass in one of the wall; durations of the rules become as many times shorter [default:
    /// 60]
    #[arg(long, value_name = "N", requires = "live", value_parser = crate::cli::live::speed)]
    pub speed: Option<f64>,
    /// Also write the timeline of both clocks as a page
    #[arg(long, value_name = "FILE", requires = "live")]
    pub page: Option<PathBuf>,
    /// Prometheus [default: prometheus]
    #[arg(long, value_name = "PROGRAM", requires = "live")]
    pub prometheus: Option<PathBuf>,
    /// Alertmanager [default: prometheus-alertmanager, else alertmanager]
    #[arg(long, value_name = "PROGRAM", requires = "live")]
    pub alertmanager: Option<PathBuf>,
}
