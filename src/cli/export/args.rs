//! What there is to say to `coalmine export`.

use clap::Args;
use sim_core::engine::SimDuration;

use super::kind::ArtifactKind;
use crate::cli::output::{Format, Target};
use crate::cli::resolve::ProfileArg;

/// Which artifact, of which rollout.
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// What to write
    #[arg(value_enum, value_name = "KIND")]
    pub kind: ArtifactKind,
    /// A result of `coalmine run` (RESULT.json), a system of the library, or a policy file
    #[arg(value_name = "RESULT|POLICY")]
    pub source: String,
    /// Which reading of a library system: its document or its code [default: as-written]
    #[arg(long, value_enum)]
    pub profile: Option<ProfileArg>,
    /// A scenario of the system, SYSTEM/NAME, or a path to a scenario file
    #[arg(long, short, value_name = "NAME|FILE")]
    pub scenario: Option<String>,
    /// The root seed [default: 42]
    #[arg(long)]
    pub seed: Option<u64>,
    /// The number of the rollout under that seed [default: 0]
    #[arg(long, short, value_name = "R")]
    pub replication: Option<u64>,
    /// When, in virtual time since the start, such as 2h30m; for decision, guard-rates, k6, sql,
    /// snapshot, gate-summary and scrape [default: at the first trigger, else at the end]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub at: Option<SimDuration>,
    /// For promtest: the file of the rules, as the test is to name it [default: rules.yml]
    #[arg(long, value_name = "FILE")]
    pub rules: Option<String>,
    /// For promtest: the alert that must fire [default: any]
    #[arg(long, value_name = "NAME")]
    pub alert: Option<String>,
    /// The form of the answer on stdout [default: the artifact's own]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Also write the artifact to a file, whole or not at all; may be repeated
    #[arg(long, value_name = "FORMAT=PATH")]
    pub out: Vec<Target>,
}

fn time(text: &str) -> Result<SimDuration, String> {
    text.parse().map_err(|error| format!("{error}"))
}
