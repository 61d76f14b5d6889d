//! What there is to say to `coalmine tune`.

use clap::Args;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sim_core::engine::SimDuration;

use crate::cli::objective_exit::MissArgs;
use crate::cli::output::OutputArgs;
use crate::cli::resolve::PolicyArgs;
use crate::study::tune::{Constraint, Metric, unknown_metric};

/// What to vary, what to keep, what should be least, and how long to search.
#[derive(Args, Debug)]
pub struct TuneArgs {
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// A number of the policy and its values, such as `gates.error-rate.limit=1%..5%`; may be repeated
    #[arg(long, value_name = "PATH=RANGE", required = true)]
    pub vary: Vec<String>,
    /// What must be kept, such as `false_rollback<=1%`; may be repeated [default: false_rollback<=1%]
    #[arg(long, value_name = "METRIC<=LIMIT")]
    pub subject_to: Vec<Constraint>,
    /// What should be least
    #[arg(long, value_name = "METRIC", default_value = "harm")]
    pub minimize: Least,
    /// What the front is drawn in [default: false_rollback,missed_regression,harm,duration]
    #[arg(long, value_name = "METRIC,...", value_delimiter = ',')]
    pub objectives: Vec<Objective>,
    /// Search in this scenario; may be repeated [default: all but those that are held out]
    #[arg(long, short, value_name = "NAME|FILE")]
    pub scenario: Vec<String>,
    /// Keep this scenario for the confirmation; may be repeated [default: every third one]
    #[arg(long, value_name = "NAME|FILE")]
    pub hold_out: Vec<String>,
    /// How many rollouts the search may play [default: 200000 without --budget]
    #[arg(short = 'n', long, value_name = "N",
          value_parser = crate::cli::whole::whole(1..=1_000_000_000_000))]
    pub runs: Option<u64>,
    /// How long the search may take, such as 60s; the answer says which --runs makes it again
    #[arg(long, value_name = "TIME", value_parser = wall_time)]
    pub budget: Option<Duration>,
    /// How often each scenario is played to confirm what was found
    #[arg(long, value_name = "N", default_value_t = 400,
          value_parser = crate::cli::whole::whole(2..=10_000_000))]
    pub confirm: u64,
    /// The root seed
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    /// How many threads to use [default: one a core]; the result does not depend on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Keep what has been simulated in this folder, and go on from there after an interruption
    #[arg(long, value_name = "DIR", conflicts_with = "budget")]
    pub state: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub miss: MissArgs,
}

impl TuneArgs {
    /// Returns the constraints: those that were given, else that good releases are left alone.
    pub fn constraints(&self) -> Vec<Constraint> {
        if self.subject_to.is_empty() {
            let metric = Metric::FalseRollback;
            return vec![Constraint {
                metric,
                at_least: false,
                limit: 0.01,
            }];
        }
        self.subject_to.clone()
    }

    /// Returns what the front is drawn in; what should be least is always a part of it.
    pub fn objectives(&self) -> Vec<Metric> {
        let mut objectives: Vec<Metric> = self.objectives.iter().map(|it| it.0).collect();
        if objectives.is_empty() {
            objectives = Metric::FRONT.to_vec();
        }
        if !objectives.contains(&self.minimize.0) {
            objectives.push(self.minimize.0);
        }
        objectives
    }
}

/// A metric that can be minimised.
#[derive(Clone, Copy, Debug)]
pub struct Least(pub Metric);

/// A metric of the front.
#[derive(Clone, Copy, Debug)]
pub struct Objective(pub Metric);

impl FromStr for Least {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let metric = Metric::of_word(text).ok_or_else(|| unknown_metric(text))?;
        if metric.is_wanted() {
            return Err(format!(
                "more of it is better; ask for it with --subject-to '{text}>=99%'"
            ));
        }
        if metric.above().is_some() {
            return Err(format!(
                "minimise `detection`, or limit it with --subject-to '{text}<=10m'"
            ));
        }
        Ok(Self(metric))
    }
}

impl FromStr for Objective {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Metric::of_word(text)
            .map(Self)
            .ok_or_else(|| unknown_metric(text))
    }
}

fn wall_time(text: &str) -> Result<Duration, String> {
    let time: SimDuration = text.parse().map_err(|error| format!("{error}"))?;
    if time.is_zero() {
        return Err("no time is too little".to_owned());
    }
    Ok(Duration::from_nanos(time.as_nanos()))
}
