//! What there is to say to `coalmine chaos`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::objective_exit::MissArgs;
use crate::cli::output::OutputArgs;
use crate::cli::resolve::PolicyArgs;

/// What to play, and how much.
#[derive(Args, Debug)]
pub struct ChaosArgs {
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// The scenario to which the faults are added [default: `healthy`, else the first good release]
    #[arg(long, short, value_name = "NAME|FILE")]
    pub scenario: Option<String>,
    /// Play the smoke campaign, which ends within seconds
    #[arg(long, conflicts_with = "campaign")]
    pub smoke: bool,
    /// A campaign file, or the name of a shipped one: pre-release, smoke [default: pre-release]
    #[arg(long, value_name = "NAME|FILE")]
    pub campaign: Option<String>,
    /// Keep what has been found in this folder, and go on from there after an interruption
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Write each finding as a case, which `coalmine replay` plays again, into a folder below this one
    #[arg(long, value_name = "DIR")]
    pub cases: Option<PathBuf>,
    /// Simulate nothing but this fault-injection experiment of the campaign, and show what happens in it
    #[arg(long, value_name = "R")]
    pub rehearsal: Option<u64>,
    /// The root seed
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    /// How many threads to use [default: one a core]; the result does not depend on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub miss: MissArgs,
}
