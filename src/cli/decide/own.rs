//! `coalmine decide POLICY`: the gates of any policy on given metrics.

use sim_core::policy::{Policy, Stage};
use std::path::PathBuf;

use clap::Args;
use reports::decision::{own_markdown, own_text};

use super::shared::{code, read_json};
use crate::cli::console::Console;
use crate::cli::failure::{Answer, Failure};
use crate::cli::objective_exit::MissArgs;
use crate::cli::offered::{Answers, Words};
use crate::cli::output::OutputArgs;
use crate::cli::resolve::{AssumeArgs, Exec, PolicyArgs, ProfileArg, choose_policy, suggestion};
use crate::cli::schema::pretty;
use crate::decide::own::decide;

/// Whose gates decide, on what.
#[derive(Args, Debug)]
pub struct OwnArgs {
    /// A path to a policy file, or a system of the library
    policy: Option<String>,
    /// Which reading of a library system [default: as-written]
    #[arg(long, value_enum)]
    profile: Option<ProfileArg>,
    /// The metrics as JSON: {"SIGNAL": NUMBER} or {"SIGNAL": {"value", "samples", "reference"}}; a gate's id in the
    /// place of a signal is for that gate alone; null is missing
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
    /// The stage whose gates are asked [default: the first]
    #[arg(long)]
    stage: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    miss: MissArgs,
}

/// Decides and prints the decision.
pub fn answer(args: &OwnArgs, console: &Console) -> Answer {
    let output = Answers::<Words>::open(&args.output)?;
    let Some(policy) = args.policy.clone() else {
        return Err(Failure::usage("whose gates decide, on what?")
            .help("coalmine decide my.policy.yaml --metrics metrics.json [--stage STAGE]"));
    };
    let Some(metrics) = &args.metrics else {
        return Err(Failure::usage("there are no metrics to decide on")
            .help("say --metrics FILE, with {\"SIGNAL\": NUMBER} in it"));
    };
    let chosen = choose_policy(&PolicyArgs {
        policy,
        profile: args.profile,
        assume: AssumeArgs::default(),
        exec: Exec::default(),
    })?
    .in_own_form(console)?;
    let policy = &chosen.document.value;
    let stage = stage(policy, args.stage.as_deref())?;
    let metrics = read_json(metrics)?;
    let decision =
        decide(policy, stage, &metrics).map_err(|why| Failure::input(why.what).help(why.help))?;
    output.write(console, |form, style| match form {
        Words::Json => pretty(&decision.report) + "\n",
        Words::Markdown => own_markdown(&decision.report),
        Words::Text => own_text(&decision.report, style),
    })?;
    Ok(code(decision.status, args.miss))
}

/// The stage whose gates decide; the first one where none is named.
fn stage<'p>(policy: &'p Policy, named: Option<&str>) -> Result<&'p Stage, Failure> {
    let Some(named) = named else {
        return Ok(&policy.stages[0]);
    };
    let mut stages = policy.stages.iter();
    stages.find(|stage| stage.id == named).ok_or_else(|| {
        let names = || policy.stages.iter().map(|stage| stage.id.as_str());
        let known = names().collect::<Vec<_>>().join(", ");
        let help = suggestion(named, names(), &format!("it has {known}"));
        Failure::input(format!("the policy has no stage `{named}`")).help(help)
    })
}
