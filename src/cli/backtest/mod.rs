//! `coalmine backtest`: a policy against recorded metrics as they are, without any model.

mod args;
mod recordings;

use reports::{BacktestReport, Inputs};
use sim_core::engine::RunningHash;

use crate::cli::console::Console;
use crate::cli::exit_code::ExitCode;
use crate::cli::failure::{Answer, Failure};
use crate::cli::interrupt;
use crate::cli::output::Output;
use crate::cli::renderers::Forms as _;
use crate::cli::resolve::{ChosenPolicy, choose_policy};
use crate::study::backtest::{self, Past, SignalMetric, Whose, Wishes};
use crate::study::{hex, profile_word};
pub use args::BacktestArgs;
pub(super) use args::UnitArg;
use args::WhoseArg;
use recordings::metrics;

/// Plays every start and prints what was decided.
pub fn answer(args: &BacktestArgs, console: &Console) -> Answer {
    let output = Output::open(&args.output, &BacktestReport::formats())?;
    let policy = choose_policy(&args.policy)?.in_own_form(console)?;
    let metrics = metrics(args, &policy.document.value)?;
    say_warnings(&metrics, console);
    let inputs = inputs(&policy, &metrics);
    let wishes = wishes(args);
    let past = Past::new(&policy.document.value, metrics, &wishes)
        .map_err(|error| Failure::input(error.what).help(error.help))?;
    let progress = console.progress(past.plays());
    let threads = args.threads.unwrap_or(0).into();
    let watch: (_, &(dyn Fn(u64) + Sync)) = (interrupt::watch(), &|more| progress.done(more));
    let played = backtest::report(&past, inputs, threads, watch);
    progress.finish();
    let Some(report) = played? else {
        return Ok(console.interrupted("no start was played to its end"));
    };
    output.show(console, &report)?;
    let undecided = !report.inadequate.is_empty() || args.strict && past.is_unthinned();
    Ok(if !report.complete {
        ExitCode::Interrupted
    } else if undecided {
        ExitCode::Undecided
    } else {
        ExitCode::Success
    })
}

fn wishes(args: &BacktestArgs) -> Wishes {
    Wishes {
        every: args.every,
        horizon: args.horizon,
        hosts: args.hosts,
        canary: args.canary.clone(),
        whose: match args.population {
            WhoseArg::Fleet => Whose::Fleet,
            WhoseArg::Canary => Whose::Canary,
        },
        phase: args.phase,
        replications: args.replications,
        seed: args.seed,
    }
}

fn say_warnings(metrics: &[SignalMetric], console: &Console) {
    for metric in metrics {
        let warnings = &metric.history.warnings;
        if !warnings.diagnostics.is_empty() {
            console.say(warnings.render(console.talk_colour()).trim_end());
        }
    }
}

fn inputs(policy: &ChosenPolicy, metrics: &[SignalMetric]) -> Inputs {
    let mut digest = RunningHash::new();
    digest.text(&policy.document.source);
    for metric in metrics {
        digest.text(&metric.signal);
        for point in &metric.history.points {
            digest.word(point.time.millis() as u64);
            digest.word(point.value.to_bits());
            digest.word(point.n.unwrap_or(f64::NAN).to_bits());
            digest.word(point.version.map_or(u64::MAX, u64::from));
        }
    }
    let profile = policy.document.value.profile;
    Inputs {
        tool: concat!("coalmine ", env!("CARGO_PKG_VERSION")).to_owned(),
        policy: policy.named.clone(),
        profile: policy.library.map(|_| profile_word(profile).to_owned()),
        scenario: None,
        digest: hex(digest.finish()),
        lowered: None,
        guard: None,
    }
}
