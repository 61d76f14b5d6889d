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
use super::resolve::{AssumeArgs, Exec, PolicyArgs, ProfileArg, choose_checked};
use crate::serve;
use explored::Explored;
use lab::RolloutLab;

/// What is served.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ServeArgs {
    #[command(subcommand)]
    what: Option<Served>,
    /// A system of the library (see `coalmine list`) or a path to a policy file
    #[arg(required = true)]
    policy: Option<String>,
    /// Which reading of a library system: its document or its code [default: as-written]
    #[arg(long, value_enum)]
    profile: Option<ProfileArg>,
    #[command(flatten)]
    assume: AssumeArgs,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Subcommand)]
enum Served {
    /// A simulated rollout behind the HTTP API of a real Prometheus, on a clock of its own
    Metrics(metrics::MetricsArgs),
}

/// Serves until somebody ends it.
pub fn answer(args: &ServeArgs, console: &Console) -> Answer {
    if let Some(Served::Metrics(args)) = &args.what {
        return metrics::answer(args, console);
    }
    let policy = args.policy();
    let policy =
        policy.ok_or_else(|| Failure::usage("no policy is named").help("coalmine serve POLICY"))?;
    explore(&policy, &args.page, console)
}

impl ServeArgs {
    /// The policy, as the other commands take it: a group of arguments within a group cannot be left out.
    fn policy(&self) -> Option<PolicyArgs> {
        Some(PolicyArgs {
            policy: self.policy.clone()?,
            profile: self.profile,
            assume: self.assume.clone(),
            exec: Exec::default(),
        })
    }
}

/// What is played, and where the page is.
#[derive(Args, Debug)]
pub struct PageArgs {
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
fn explore(policy: &PolicyArgs, args: &PageArgs, console: &Console) -> Answer {
    let suite = choose_checked(policy, args.scenario.as_deref())?;
    for doubt in suite.doubts() {
        console.say(&doubt.render(console.talk_colour()));
    }
    let explored = Explored::new((policy, args.scenario.as_deref()), args.seed, suite);
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
