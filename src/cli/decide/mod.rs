//! `coalmine decide`: one gate evaluation on given metrics.

mod control_plane;
mod optimize;
mod own;
mod wedge;

use std::path::Path;

use clap::{Args, Subcommand};
use scenarios::adapter::{Json, parse};

use super::choose::read_file;
use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::miss::MissArgs;
use crate::decide::Status;

/// Whose gates decide, and on what.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct DecideArgs {
    #[command(subcommand)]
    system: Option<System>,
    #[command(flatten)]
    own: own::OwnArgs,
}

#[derive(Debug, Subcommand)]
enum System {
    /// The canary guard: a k6 summary and gate rates; says which fallback step comes next
    ControlPlane(control_plane::ControlPlaneArgs),
    /// The stage gates: time-outs, fallbacks and the objective against the limits of a stage
    Optimize(optimize::OptimizeArgs),
    /// A rollout wedge, as the checker, the merge gate or the document reads it
    Wedge(wedge::WedgeArgs),
}

/// Decides and prints the decision.
pub fn answer(args: &DecideArgs, console: &Console) -> Answer {
    match &args.system {
        None => own::answer(&args.own, console),
        Some(System::ControlPlane(args)) => control_plane::answer(args, console),
        Some(System::Optimize(args)) => optimize::answer(args, console),
        Some(System::Wedge(args)) => wedge::answer(args, console),
    }
}

/// Returns what the command exits with.
fn code(status: Status, miss: MissArgs) -> ExitCode {
    match status {
        Status::Healthy => ExitCode::Success,
        Status::Undecided => ExitCode::Undecided,
        Status::Unhealthy => miss.code(),
    }
}

fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read_file(path)?)
        .map_err(|_| Failure::input(format!("{} is not UTF-8 text", path.display())))
}

fn read_json(path: &Path) -> Result<Json, Failure> {
    parse(&read_text(path)?)
        .map_err(|fault| Failure::input(format!("{} is not JSON: {fault}", path.display())))
}
