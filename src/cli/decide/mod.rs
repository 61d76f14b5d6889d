//! `coalmine decide`: one gate evaluation on given metrics.

mod control_plane;
mod optimize;
mod own;
mod shared;
mod wedge;

use clap::{Args, Subcommand};

use super::console::Console;
use super::failure::Answer;

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
