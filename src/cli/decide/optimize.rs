//! `coalmine decide optimize`: the stage gates.

use std::path::PathBuf;

use clap::Args;
use reports::decision::{stage_gate_json, stage_gate_markdown, stage_gate_text};

use super::shared::{code, read_json};
use crate::cli::console::Console;
use crate::cli::failure::{Answer, Failure};
use crate::cli::objective_exit::MissArgs;
use crate::cli::offered::{Answers, Words};
use crate::cli::output::OutputArgs;
use crate::cli::resolve::ProfileArg;
use crate::decide::optimize::{Refusal, decide};

/// Which stage, and what was measured.
#[derive(Args, Debug)]
pub struct OptimizeArgs {
    /// Whose gates decide
    #[arg(long, value_enum, default_value = "as-written")]
    profile: ProfileArg,
    /// The stage: shadow, internal or public
    #[arg(long)]
    stage: String,
    /// The metrics: {"timeout_rate", "fallback_rate", "objective_delta_ratio"}, and "total_runs"
    /// for how many runs they rest on
    #[arg(long, value_name = "FILE")]
    metrics: PathBuf,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    miss: MissArgs,
}

/// Decides and prints the decision.
pub fn answer(args: &OptimizeArgs, console: &Console) -> Answer {
    let output = Answers::<Words>::open(&args.output)?;
    let metrics = read_json(&args.metrics)?;
    let decision = decide(args.profile.into(), &args.stage, &metrics).map_err(refused)?;
    let profile = match args.profile {
        ProfileArg::AsWritten => "as-written",
        ProfileArg::AsImplemented => "as-implemented",
    };
    output.write(console, |form, style| match form {
        Words::Json => stage_gate_json(&decision.report),
        Words::Markdown => stage_gate_markdown(&decision.report),
        Words::Text => stage_gate_text(&decision.report, profile, style),
    })?;
    Ok(code(decision.status, args.miss))
}

fn refused(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Threw(error) => Failure::input(format!("the reference throws {error}"))
            .help("--profile as-written says what is wrong with the input"),
        Refusal::Fault(fault) => Failure::input(fault.message),
    }
}
