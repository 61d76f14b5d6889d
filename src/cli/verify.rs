//! `coalmine verify`: the simulator checks itself against answers that are known without it.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::interrupt;
use super::offered::{Answers, Plain};
use super::output::OutputArgs;
use super::schema::pretty;
use crate::verify::{CaseStatus, Options, Verification, case_text, summary_text, verify};

/// What is verified.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// A file of closed-form cases (.json) or recorded decisions (.jsonl, or a .json with `kind` and `rows`), packed
    /// (.gz) or not, or a folder of them; may be repeated. Decisions may be those of the five systems, of Argo Rollouts,
    /// Flagger, Kayenta and Prometheus, or what proxies and feature flags made of a declared weight (a .json with
    /// `proxies` and `sdks`). Without it the built-in cases are verified
    #[arg(long, value_name = "FILE|FOLDER")]
    cases: Vec<PathBuf>,
    /// How many trials a closed-form case gets; a costly one gets fewer and says so
    #[arg(long, value_name = "N", default_value = "100000",
          value_parser = clap::value_parser!(u64).range(256..=400_000_000))]
    trials: u64,
    /// The root of all random numbers
    #[arg(long, value_name = "S", default_value = "1")]
    seed: u64,
    #[command(flatten)]
    output: OutputArgs,
}

/// How often the progress is told.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// Verifies the cases and says how each came out.
pub fn answer(args: &VerifyArgs, console: &Console) -> Answer {
    let output = Answers::<Plain>::open(&args.output)?;
    let options = Options {
        cases: args.cases.clone(),
        trials: args.trials,
        seed: args.seed,
    };
    // Before the first case is told of, so that it can be stopped from then on.
    interrupt::watch();
    let all = verified(&options, console)?;
    let complete = !interrupt::asked();
    output.write(console, |form, _| match form {
        Plain::Json => pretty(&report(&all, &options, complete)) + "\n",
        Plain::Text => text(&all),
    })?;
    if !complete {
        let what = format!(
            "{} cases were verified, others may be left",
            all.cases.len()
        );
        return Ok(console.interrupted(&what));
    }
    Ok(match all.status() {
        CaseStatus::Ok => ExitCode::Success,
        CaseStatus::Unknown => ExitCode::Undecided,
        CaseStatus::Differs => ExitCode::Missed,
    })
}

/// Verifies one case after the other, and says now and then how far it is.
fn verified(options: &Options, console: &Console) -> Result<Verification, Failure> {
    let (mut done, mut told) = (0_u32, Instant::now());
    verify(options, |case| {
        done += 1;
        console.detail(&format!("{} {}", case.id, case.kind));
        if told.elapsed() >= TELL_EVERY {
            told = Instant::now();
            console.say(&format!("{done} cases done, the last one {}", case.id));
        }
        if interrupt::asked() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })
    .map_err(|unreadable| {
        Failure::input(unreadable.to_string())
            .help("closed-form cases are a list in a .json file, recorded decisions one a line in a .jsonl file")
})
}

fn text(all: &Verification) -> String {
    let cases: String = all.cases.iter().map(case_text).collect();
    cases + &summary_text(all)
}

fn report(all: &Verification, options: &Options, complete: bool) -> serde_json::Value {
    let (rms, quantities) = all.rms_z();
    json!({
        "schema": "coalmine/verify",
        "version": 1,
        "complete": complete,
        "seed": options.seed,
        "trials": options.trials,
        "cases": all.cases,
        "summary": {
            "cases": all.cases.len(),
            "ok": all.count(CaseStatus::Ok),
            "differ": all.count(CaseStatus::Differs),
            "unknown": all.count(CaseStatus::Unknown),
            "rows": all.rows(),
            "rms-z": rms,
            "quantities-with-z": quantities,
            "rms-is-sound": all.rms_is_sound(),
            "status": all.status(),
        },
    })
}
