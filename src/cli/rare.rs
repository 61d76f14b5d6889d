//! `coalmine simulate --rare`: probabilities too small to be counted.

use clap::ValueEnum;
use reports::{RareReport, RareStatus};
use scenarios::Verdict;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::inputs::inputs;
use super::interrupt;
use super::order::Order;
use super::output::{Output, OutputArgs};
use super::renderers::Forms;
use super::resolve::{ChosenPolicy, ChosenScenario, choose_scenario};
use crate::study::on_threads;
use crate::study::rare::{RareStudy, SplittingEffort, rare_report};

/// What is too rare to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Rare {
    /// A good release is rolled back.
    #[value(name = "false_rollback")]
    FalseRollback,
}

/// The tries of each level, where nobody says how many runs.
const TRIES: u64 = 500;
/// The relative standard error that is aimed at, and the one beyond which nothing is said.
const RELATIVE_ERROR: [f64; 2] = [0.1, 0.15];
/// The most independent estimates.
const ESTIMATES_MAX: u64 = 512;

/// Estimates the probability and prints it with its checks.
pub fn answer(
    policy: &ChosenPolicy,
    order: &Order,
    wanted: &OutputArgs,
    console: &Console,
) -> Answer {
    let output = Output::open(wanted, &RareReport::formats())?;
    let report = play(policy, order, console)?;
    output.show(console, &report)?;
    Ok(match report.status {
        RareStatus::Sound => ExitCode::Success,
        RareStatus::Interrupted => ExitCode::Interrupted,
        _ => ExitCode::Undecided,
    })
}

fn play(policy: &ChosenPolicy, order: &Order, console: &Console) -> Result<RareReport, Failure> {
    let Some(named) = &order.scenario else {
        return Err(Failure::usage("--rare is about one scenario").help("name it with --scenario"));
    };
    let scenario = good_scenario(policy, named)?;
    let case = scenario.case(policy)?;
    let study = RareStudy {
        plan: &case.plan,
        seed: order.seed,
        effort: SplittingEffort {
            tries: order.runs.unwrap_or(TRIES).min(u32::MAX.into()) as u32,
            relative_error: RELATIVE_ERROR[0],
            estimates_max: ESTIMATES_MAX,
        },
        stop: interrupt::watch(),
    };
    // Nobody knows how many it takes until the error is small enough.
    let progress = console.progress(0);
    let played = |more| progress.done(more);
    let checked = on_threads(order.threads, || study.play(&played));
    progress.finish();
    let checked = checked?;
    let inputs = inputs(policy, std::slice::from_ref(&scenario), Some(named));
    let wanted = RELATIVE_ERROR[1];
    Ok(rare_report(&case, order.seed, &checked, wanted, inputs))
}

fn good_scenario(policy: &ChosenPolicy, named: &str) -> Result<ChosenScenario, Failure> {
    let scenario = choose_scenario(policy, named)?;
    if scenario.document.value.release.is != Verdict::Good {
        let what = format!("the release of {named} is bad: taking it back is no false rollback");
        return Err(Failure::input(what).help("choose a scenario with a good release"));
    }
    Ok(scenario)
}
