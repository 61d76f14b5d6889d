//! `coalmine serve`: the explorer, a local page on which a policy is changed and its consequences move.

mod asked;
mod change;
mod explored;
mod kept;
mod lab;
mod metrics;
mod model;
mod why;

use clap::{Args, Subcommand};
use std::sync::Arc;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::interrupt;
use super::resolve::{PolicyArgs, choose_checked};
use crate::serve;
use explored::Explored;
use lab::RolloutLab;

/// What is served.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ServeArgs {
    #[command(subcommand)]
    what: Option<Served>,
    #[command(flatten)]
    explorer: Option<ExplorerArgs>,
}

#[derive(Debug, Subcommand)]
enum Served {
    /// A simulated rollout behind the HTTP API of a real Prometheus, on a clock of its own
    Metrics(metrics::MetricsArgs),
}

/// Serves until somebody ends it.
pub fn answer(args: &ServeArgs, console: &Console) -> Answer {
    match (&args.what, &args.explorer) {
        (Some(Served::Metrics(args)), _) => metrics::answer(args, console),
        (None, Some(args)) => explore(args, console),
        (None, None) => Err(Failure::usage("no policy is named").help("coalmine serve POLICY")),
    }
}

/// Which policy, and where the page is.
#[derive(Args, Debug)]
pub struct ExplorerArgs {
    #[command(flatten)]
    policy: PolicyArgs,
    /// One scenario; without it every scenario of the system, or beside the policy file, is played
    #[arg(long, short, value_name = "NAME|FILE")]
    scenario: Option<String>,
    /// The port on 127.0.0.1; 0 is any that is free
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// The root seed
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

/// Shows the page until somebody ends it.
fn explore(args: &ExplorerArgs, console: &Console) -> Answer {
    let suite = choose_checked(&args.policy, args.scenario.as_deref())?;
    for doubt in suite.doubts() {
        console.say(&doubt.render(console.talk_colour()));
    }
    let explored = Explored::new((&args.policy, args.scenario.as_deref()), args.seed, suite);
    let lab = RolloutLab::new(explored);
    let token = serve::token();
    let token =
        token.map_err(|error| Failure::unexpected(format!("no random numbers: {error}")))?;
    let asked = interrupt::watch();
    let ended = || asked.load(std::sync::atomic::Ordering::Relaxed);
    let begun = |port| {
        let address = format!("http://127.0.0.1:{port}/{token}/\n");
        console.say("the explorer runs on this machine alone; Ctrl-C ends it");
        // Who cannot read the address cannot come; the server ends with the next Ctrl-C all the same.
        drop(console.answer(&address));
    };
    let served = serve::serve(Arc::new(lab), (args.port, token.clone()), begun, ended);
    served.map_err(|error| {
        let what = format!("cannot listen on 127.0.0.1:{}: {error}", args.port);
        Failure::input(what).help("leave out --port: any port that is free is taken")
    })?;
    Ok(ExitCode::Success)
}
