//! `coalmine decide control-plane`: the canary guard.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};
use reports::decision::{guard_env, guard_json, guard_markdown, guard_text};
use scenarios::adapter::{InputFault, python_number};

use super::shared::{code, read_text};
use crate::cli::console::Console;
use crate::cli::failure::{Answer, Failure};
use crate::cli::objective_exit::MissArgs;
use crate::cli::offered::{Answers, Guard};
use crate::cli::output::OutputArgs;
use crate::decide::GateStatus;
use crate::decide::guard::{GuardOptions, Profile, decide, engine_word, flag_word};

/// What was measured, and how the switches stand.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, as the script takes them"
)]
pub struct ControlPlaneArgs {
    /// Whose guard decides
    #[arg(long, value_enum, default_value = "as-written")]
    profile: GuardProfileArg,
    /// The k6 summary of the canary, in any of the three shapes of k6
    #[arg(long, value_name = "FILE")]
    summary: PathBuf,
    /// The gate rates: {"rates": {"bvr", "ser"}, "thresholds": {"bvr", "ser"}}
    #[arg(long, value_name = "FILE")]
    metrics_gates: PathBuf,
    /// The engine mode as it is now
    #[arg(long, default_value = "rlm")]
    engine: String,
    /// Whether adaptive parallelism is on
    #[arg(long, value_name = "BOOL", default_value = "true", action = ArgAction::Set, value_parser = flag)]
    adaptive_enabled: bool,
    /// Whether batch mode is on
    #[arg(long, value_name = "BOOL", default_value = "true", action = ArgAction::Set, value_parser = flag)]
    batch_enabled: bool,
    /// Whether an engine that is not set becomes rlm (later-4-step)
    #[arg(long, value_name = "BOOL", default_value = "false", action = ArgAction::Set, value_parser = flag)]
    rlm_default_enabled: bool,
    /// Whether a degraded bridge falls back by itself (later-4-step)
    #[arg(long, value_name = "BOOL", default_value = "true", action = ArgAction::Set, value_parser = flag)]
    auto_fallback_enabled: bool,
    /// The share of requests that the baseline shadows (later-4-step)
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..=100))]
    baseline_shadow_percent: i64,
    /// The budget of p95 [env: PECR_CANARY_P95_BUDGET_MS] [default: the policy's]
    #[arg(long, value_name = "MS", value_parser = float, allow_hyphen_values = true)]
    max_p95_ms: Option<f64>,
    /// The budget of p99 [env: PECR_CANARY_P99_BUDGET_MS] [default: the policy's]
    #[arg(long, value_name = "MS", value_parser = float, allow_hyphen_values = true)]
    max_p99_ms: Option<f64>,
    /// The measured rate of the terminal mode SOURCE_UNAVAILABLE
    #[arg(long, value_name = "RATE", value_parser = float, allow_hyphen_values = true)]
    source_unavailable_rate: Option<f64>,
    /// Its limit [env: PECR_CANARY_SOURCE_UNAVAILABLE_MAX_RATE] [default: the policy's]
    #[arg(long, value_name = "RATE", value_parser = float, allow_hyphen_values = true)]
    max_source_unavailable_rate: Option<f64>,
    /// The measured rate of the terminal mode ERROR (as-written)
    #[arg(long, value_name = "RATE", value_parser = float, allow_hyphen_values = true)]
    error_rate: Option<f64>,
    /// The budget violation rate of the baseline engine (as-written) [default: 0, the strictest]
    #[arg(long, value_name = "RATE", value_parser = fraction)]
    baseline_bvr: Option<f64>,
    /// Report the reference's exit code as if it had been given this option
    #[arg(long)]
    fail_on_fallback: bool,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    miss: MissArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum GuardProfileArg {
    /// The document; fails closed on data that say nothing, and says where the script does not
    AsWritten,
    /// The script of the document's own commit, three steps; artifacts equal to the byte
    #[value(alias = "contract")]
    AsImplemented,
    /// The later script, four steps; artifacts equal to the byte
    #[value(name = "later-4-step")]
    Later4Step,
}

/// Decides and prints the decision.
pub fn answer(args: &ControlPlaneArgs, console: &Console) -> Answer {
    let output = Answers::<Guard>::open(&args.output)?;
    let options = options(args)?;
    let (summary, rates) = (read_text(&args.summary)?, read_text(&args.metrics_gates)?);
    let profile = match args.profile {
        GuardProfileArg::AsWritten => Profile::AsWritten,
        GuardProfileArg::AsImplemented => Profile::AsImplemented,
        GuardProfileArg::Later4Step => Profile::Later4Step,
    };
    let decision = decide(profile, Some(&summary), Some(&rates), &options)
        .map_err(|fault| refused(&fault, profile, &summary, &rates, &options))?;
    let word = args
        .profile
        .to_possible_value()
        .expect("no profile is hidden");
    output.write(console, |form, style| match form {
        Guard::Json => guard_json(&decision.report),
        Guard::Markdown => guard_markdown(&decision.report),
        Guard::Env => guard_env(&decision.report),
        Guard::Text => guard_text(
            &decision.report,
            word.get_name(),
            &decision.shape.to_string(),
            style,
        ),
    })?;
    Ok(code(decision.status, args.miss))
}

/// A strict reader refuses some input that the script takes; then the refusal says so.
fn refused(
    fault: &InputFault,
    profile: Profile,
    summary: &str,
    rates: &str,
    options: &GuardOptions,
) -> Failure {
    let mut what = fault.message.clone();
    let reference = decide(Profile::AsImplemented, Some(summary), Some(rates), options);
    if profile == Profile::AsWritten && reference.is_ok_and(|it| it.status == GateStatus::Healthy) {
        what += "; the reference fails open here: it takes this input and calls it healthy";
    }
    let failure = Failure::input(what);
    match fault.help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

fn options(args: &ControlPlaneArgs) -> Result<GuardOptions, Failure> {
    let or_env =
        |given: Option<f64>, name: &str| given.map_or_else(|| budget(name), |v| Ok(Some(v)));
    Ok(GuardOptions {
        engine: engine_word(&args.engine),
        adaptive: args.adaptive_enabled,
        batch: args.batch_enabled,
        rlm_default: args.rlm_default_enabled,
        auto_fallback: args.auto_fallback_enabled,
        baseline_shadow_percent: args.baseline_shadow_percent,
        max_p95_ms: or_env(args.max_p95_ms, "PECR_CANARY_P95_BUDGET_MS")?,
        max_p99_ms: or_env(args.max_p99_ms, "PECR_CANARY_P99_BUDGET_MS")?,
        source_unavailable_rate: args.source_unavailable_rate,
        max_source_unavailable_rate: or_env(
            args.max_source_unavailable_rate,
            "PECR_CANARY_SOURCE_UNAVAILABLE_MAX_RATE",
        )?,
        error_rate: args.error_rate,
        baseline_bvr: args.baseline_bvr,
        fail_on_fallback: args.fail_on_fallback,
    })
}

/// Reads a budget from the environment, as the script does.
fn budget(name: &str) -> Result<Option<f64>, Failure> {
    let raw = std::env::var(name).unwrap_or_default();
    match python_number::strip(&raw) {
        "" => Ok(None),
        raw => float(raw)
            .map(Some)
            .map_err(|why| Failure::input(format!("{name}: {why}"))),
    }
}

fn float(text: &str) -> Result<f64, String> {
    python_number::float(text).ok_or_else(|| format!("{text:?} is not a number"))
}

fn fraction(text: &str) -> Result<f64, String> {
    let value = float(text)?;
    if (0.0..=1.0).contains(&value) {
        Ok(value)
    } else {
        Err("it is not between 0 and 1".into())
    }
}

fn flag(text: &str) -> Result<bool, String> {
    flag_word(text).ok_or_else(|| "say true or false".into())
}
