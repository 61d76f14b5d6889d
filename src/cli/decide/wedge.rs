//! `coalmine decide wedge`: the three readers of a rollout wedge.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use reports::decision::{wedge_json, wedge_markdown, wedge_text};
use scenarios::adapter;
use scenarios::wedge::Reader;

use super::shared::{code, read_json};
use crate::cli::console::Console;
use crate::cli::failure::{Answer, Failure};
use crate::cli::objective_exit::MissArgs;
use crate::cli::offered::{Answers, Words};
use crate::cli::output::OutputArgs;
use crate::decide::wedge::decide;

/// Which wedge, and who reads it.
#[derive(Args, Debug)]
pub struct WedgeArgs {
    /// Who reads the wedge
    #[arg(
        long,
        visible_alias = "profile",
        value_enum,
        default_value = "as-written"
    )]
    mode: Mode,
    /// The wedge, alone or inside its change summary, as JSON
    #[arg(long, value_name = "FILE")]
    wedge: PathBuf,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    miss: MissArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mode {
    /// The policy and its contract
    AsWritten,
    /// The checker script of the policy
    #[value(alias = "as-implemented")]
    ReferenceChecker,
    /// The gate before a merge
    MergeGate,
}

/// Decides and prints the decision.
pub fn answer(args: &WedgeArgs, console: &Console) -> Answer {
    let output = Answers::<Words>::open(&args.output)?;
    let file = read_json(&args.wedge)?;
    let wedge = adapter::wedge(&file).map_err(|fault| {
        let failure = Failure::input(fault.message);
        fault
            .help
            .map(ToOwned::to_owned)
            .into_iter()
            .fold(failure, Failure::help)
    })?;
    let reader = match args.mode {
        Mode::AsWritten => Reader::AsWritten,
        Mode::ReferenceChecker => Reader::ReferenceChecker,
        Mode::MergeGate => Reader::MergeGate,
    };
    let decision = decide(reader, wedge);
    output.write(console, |form, style| match form {
        Words::Json => wedge_json(&decision.report),
        Words::Markdown => wedge_markdown(&decision.report),
        Words::Text => wedge_text(&decision.report, style),
    })?;
    Ok(code(decision.status, args.miss))
}
