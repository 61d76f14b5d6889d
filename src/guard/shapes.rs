//! The readings of a question in the shapes that guards expect: files, and variables.

use std::path::{Path, PathBuf};

use reports::artifact::{GuardRates, K6Summary, guard_rates, k6_summary};
use sim_core::decider::{GateReading, Question};
use sim_core::policy::gate::{Gate, Measure, Population};
use sim_core::policy::{ExecGuard, Policy};

/// The limit of both rates in the control plane's own pipeline, where the policy has none of its own.
const USUAL_LIMIT: f64 = 0.005;

/// The command with paths in the place of what stands for files, and what those files hold.
pub fn command(
    exec: &ExecGuard,
    (policy, question): (&Policy, &Question),
    (bytes, folder): (&[u8], &Path),
) -> (Vec<String>, Vec<(PathBuf, Vec<u8>)>) {
    let mut files = Vec::new();
    let mut command = exec.command.clone();
    for (word, name) in [
        ("{signals}", "signals.json"),
        ("{k6-summary}", "k6-summary.json"),
        ("{guard-rates}", "guard-rates.json"),
    ] {
        if !command.iter().any(|part| part.contains(word)) {
            continue;
        }
        let path = folder.join(name);
        for part in &mut command {
            *part = part.replace(word, &path.display().to_string());
        }
        let holds = match word {
            "{signals}" => bytes.to_vec(),
            "{k6-summary}" => summary(policy, question).into_bytes(),
            _ => rates(policy, question).into_bytes(),
        };
        files.push((path, holds));
    }
    (command, files)
}

/// What a program sees of a question in its environment: where the rollout stands, and the value of each gate.
pub fn variables(policy: &Policy, question: &Question) -> Vec<(String, String)> {
    let stage = &policy.stages[question.stage].id;
    let mut variables = vec![
        ("COALMINE_STAGE".to_owned(), stage.clone()),
        (
            "COALMINE_AT_S".to_owned(),
            question.at.as_secs_f64().to_string(),
        ),
    ];
    for reading in &question.readings {
        let id = &policy.gates[reading.gate].id;
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        };
        let name: String = id.chars().map(plain).collect();
        let value = reading.value.map(|value| value.to_string());
        variables.push((format!("COALMINE_GATE_{name}"), value.unwrap_or_default()));
    }
    variables
}

/// The first reading of the canary whose gate is wanted.
fn read<'a>(
    policy: &'a Policy,
    question: &'a Question,
    wanted: impl Fn(&Gate) -> bool,
) -> Option<(&'a Gate, &'a GateReading)> {
    let mut all = question.readings.iter();
    all.find_map(|reading| {
        let gate = &policy.gates[reading.gate];
        let canary = gate.population == Population::Canary && wanted(gate);
        canary.then_some((gate, reading))
    })
}

fn summary(policy: &Policy, question: &Question) -> String {
    let quantile = |q: f64| {
        read(policy, question, |gate| {
            gate.measure == Measure::Quantile(q)
        })
    };
    let (p95, p99) = (quantile(0.95), quantile(0.99));
    let every = policy.evaluate_every;
    let seconds = p95.or(p99).map(|(gate, _)| gate.over);
    let seconds = seconds.filter(|over| !over.is_zero()).unwrap_or(every);
    k6_summary(&K6Summary {
        p95_ms: p95.and_then(|(_, reading)| reading.value),
        p99_ms: p99.and_then(|(_, reading)| reading.value),
        requests: p95.or(p99).map_or(0, |(_, reading)| reading.samples),
        seconds: seconds.as_secs_f64(),
    })
}

fn rates(policy: &Policy, question: &Question) -> String {
    let ratio = |signal: &str| {
        read(policy, question, |gate| {
            gate.signal == signal && gate.measure == Measure::Ratio
        })
    };
    let (bvr, ser) = (ratio("bvr"), ratio("ser"));
    let limit = |read: Option<(&Gate, &GateReading)>| {
        let limit = read.and_then(|(gate, reading)| gate.breach.limit.absolute().or(reading.limit));
        limit.unwrap_or(USUAL_LIMIT)
    };
    guard_rates(&GuardRates {
        bvr: bvr.and_then(|(_, reading)| reading.value),
        ser: ser.and_then(|(_, reading)| reading.value),
        bvr_limit: limit(bvr),
        ser_limit: limit(ser),
        finalized: bvr.map_or(0, |(_, reading)| reading.samples),
    })
}
