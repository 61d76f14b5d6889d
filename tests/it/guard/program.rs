//! The small program that plays the recorded guards: this test binary, started again by a policy's `exec`.
//!
//! `guard.sh` keeps what the harness of the tests prints out of the way, and hands over its arguments.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::exit;

use coalmine::decide::guard::{
    GuardOptions, Profile, decide, engine_word, flag_word, reference_exit_code,
};
use coalmine::scenarios::adapter::{lenient_json, python_number};
use coalmine::scenarios::wedge::{Readings, WedgeVerdict};
use serde_json::Value;

/// What a policy's folder has for its program: `sh guard.sh ARGUMENTS`.
const SCRIPT: &str = "GUARD_ARGS=$(printf '%s\\n' \"$@\"; echo .); export GUARD_ARGS\n\
    exec 3>&1 >/dev/null 2>&1\n\
    exec \"$GUARD_BINARY\" guard::program::plays_the_recorded_guards --exact --nocapture\n";

/// Writes the script, and returns the variables with which the program plays `guard`, as YAML.
pub fn install(folder: &Path, guard: &str) -> String {
    fs::write(folder.join("guard.sh"), SCRIPT).unwrap();
    let binary = std::env::current_exe().unwrap();
    let quoted = serde_json::to_string(&binary.display().to_string()).unwrap();
    format!("GUARD: {guard}, GUARD_BINARY: {quoted}")
}

/// No test: it does nothing unless a policy has started it.
#[test]
fn plays_the_recorded_guards() {
    let Ok(guard) = std::env::var("GUARD") else {
        return;
    };
    let args = std::env::var("GUARD_ARGS").unwrap_or_default();
    let mut args: Vec<&str> = args.split('\n').collect();
    // The point that keeps an empty last argument.
    args.pop();
    match guard.as_str() {
        "control-plane" => exit(control_plane(&args)),
        "wedge" => wedge(&args),
        "e-process" => e_process(&args),
        "conformal" => {
            lines(|question| conformal(&args, value(question, "score").unwrap_or(f64::NAN)));
        }
        "optimize" => lines(optimize),
        "raptorq" => lines(raptorq),
        "cutover" => lines(cutover),
        // Nothing at run time reads the plan's triggers: each stage is left when its time is over.
        "plan" => lines(|_| "promote"),
        other => panic!("there is no guard {other}"),
    }
    exit(0);
}

/// Answers a line with a word, until there is none.
fn lines(mut decide: impl FnMut(&Value) -> &'static str) {
    let mut out = answers();
    for line in io::stdin().lines() {
        let question = serde_json::from_str(&line.unwrap()).unwrap();
        writeln!(out, "{}", decide(&question)).unwrap();
    }
}

fn answers() -> File {
    File::options().write(true).open("/dev/fd/3").unwrap()
}

/// The gate of a question that reads a signal.
fn gate<'q>(question: &'q Value, signal: &str) -> Option<&'q Value> {
    let mut gates = question["gates"].as_array().unwrap().iter();
    gates.find(|gate| gate["signal"] == signal)
}

fn value(question: &Value, signal: &str) -> Option<f64> {
    gate(question, signal)?["value"].as_f64()
}

/// packages/api/src/policy/rollout_gates.ts of nyc-bike-urbanflow at 449c2ac: what cannot be compared passes, and the
/// module throws where a number that is over its limit is a text.
fn optimize(question: &Value) -> &'static str {
    let limits = match question["stage"].as_str().unwrap() {
        "shadow" => (0.15, 0.20, -0.20),
        "internal" => (0.08, 0.10, -0.10),
        "public" => (0.03, 0.05, -0.03),
        other => panic!("{other} is no stage"),
    };
    let over = |signal: &str, limit: f64| value(question, signal).is_some_and(|it| it > limit);
    let below = value(question, "objective_delta_ratio").is_some_and(|it| it < limits.2);
    if over("timeout_rate", limits.0) || over("fallback_rate", limits.1) || below {
        "rollback"
    } else {
        "promote"
    }
}

/// `try_promote` of asupersync at c344862 rejects a score below 0.8, and one that is not there; NaN < 0.8 is false.
fn raptorq(question: &Value) -> &'static str {
    let Some(gate) = gate(question, "calibration_score") else {
        return "promote";
    };
    let below = gate["value"].as_f64().is_some_and(|score| score < 0.8);
    if below || gate["flaw"] == "missing" {
        "hold"
    } else {
        "promote"
    }
}

/// src/gateway.rs:50289-50327 of openclaw-rust at b2abb0d: p99 at most 300 ms, at least 10 operations a second.
fn cutover(question: &Value) -> &'static str {
    let slow = value(question, "rpc_latency").is_some_and(|p99| p99 > 300.0);
    let few = value(question, "throughput_ops").is_some_and(|ops| ops < 10.0);
    if slow || few { "rollback" } else { "promote" }
}

/// src/lab/oracle/eprocess.rs of asupersync at c344862: the wealth of a bet on violations. It remembers, so that one
/// process must take all judgements in their order.
fn e_process(args: &[&str]) {
    let number = |at: usize| args[at].parse::<f64>().unwrap();
    let (p0, bet, alpha) = (number(0), number(1), number(2));
    let mut wealth: f64 = 1.0;
    lines(|question| {
        let violated = value(question, "score").unwrap();
        wealth = (wealth * (1.0 + bet * (violated - p0))).min(1e15);
        if wealth >= 1.0 / alpha {
            "rollback"
        } else {
            "promote"
        }
    });
}

/// src/lab/conformal.rs of asupersync at c344862: the value at rank ceil((n + 1) (1 - alpha)) of a sorted sample, at most its last.
fn conformal(args: &[&str], value: f64) -> &'static str {
    let (first, last) = args[0].split_once("..=").unwrap();
    let sample: Vec<u32> = (first.parse().unwrap()..=last.parse().unwrap()).collect();
    let alpha: f64 = args[1].parse().unwrap();
    let rank = ((sample.len() as f64 + 1.0) * (1.0 - alpha)).ceil() as usize;
    let threshold = f64::from(sample[rank.min(sample.len()) - 1]);
    if value <= threshold {
        "promote"
    } else {
        "rollback"
    }
}

/// The three readers of a plan: its file, and who reads it. Where the reader raises, so does the program.
fn wedge(args: &[&str]) {
    let text = fs::read_to_string(args[0]).unwrap();
    let readings = Readings::of(&lenient_json::parse(&text).unwrap());
    let of_code = |verdict: &WedgeVerdict| match verdict {
        WedgeVerdict::Read(errors) => Some(errors.is_empty()),
        WedgeVerdict::Raised(_) => exit(1),
    };
    let valid = match args[1] {
        "checker" => of_code(&readings.reference_checker),
        "merge-gate" => of_code(&readings.merge_gate),
        _ => readings.as_written.valid(),
    };
    let word = valid.map_or("open", |valid| if valid { "valid" } else { "refused" });
    writeln!(answers(), "{word}").unwrap();
}

/// scripts/ops/canary_rollout_guard.py of PECR: its arguments and files, and its exit code. Its status is its last line.
fn control_plane(args: &[&str]) -> i32 {
    let (profile, args) = args.split_first().unwrap();
    let profile = match *profile {
        "contract" => Profile::AsImplemented,
        _ => Profile::Later4Step,
    };
    let Some(options) = options(args) else {
        return 1;
    };
    let read = |name: &str| fs::read_to_string(name).ok();
    let (summary, rates) = (read("summary.json"), read("rates.json"));
    let code = reference_exit_code(profile, summary.as_deref(), rates.as_deref(), &options);
    if let Ok(decision) = decide(profile, summary.as_deref(), rates.as_deref(), &options) {
        writeln!(answers(), "read the canary\n{}", decision.report.status).unwrap();
    }
    i32::from(code)
}

fn options(args: &[&str]) -> Option<GuardOptions> {
    let mut options = GuardOptions::default();
    if let Ok(budget) = std::env::var("PECR_CANARY_P95_BUDGET_MS") {
        options.max_p95_ms = Some(python_number::float(&budget)?);
    }
    let mut rest = args.iter();
    while let Some(name) = rest.next() {
        if *name == "--fail-on-fallback" {
            options.fail_on_fallback = true;
            continue;
        }
        let value = *rest.next()?;
        let number = || python_number::float(value);
        match *name {
            "--engine" => options.engine = engine_word(value),
            "--adaptive-enabled" => options.adaptive = flag_word(value)?,
            "--batch-enabled" => options.batch = flag_word(value)?,
            "--rlm-default-enabled" => options.rlm_default = flag_word(value)?,
            "--max-p95-ms" => options.max_p95_ms = Some(number()?),
            "--max-p99-ms" => options.max_p99_ms = Some(number()?),
            "--source-unavailable-rate" => options.source_unavailable_rate = Some(number()?),
            "--baseline-shadow-percent" => {
                let percent = python_number::int(value).filter(|it| (0..=100).contains(it));
                options.baseline_shadow_percent = percent?;
            }
            _ => return None,
        }
    }
    Some(options)
}
