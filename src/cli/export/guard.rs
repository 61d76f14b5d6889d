//! What drives the canary guard of the rollout control plane, and what it decides on that.

use std::collections::BTreeMap;

use reports::artifact::{GuardRates, K6Summary, guard_rates, k6_summary};
use reports::decision::{guard_artifact, guard_env, guard_markdown};
use sim_core::Event;
use sim_core::policy::gate::{Limit, Measure, Population};
use sim_core::policy::{Ladder, Profile as Reading};

use super::artifact::Artifact;
use super::played::{ExportInput, last};
use crate::cli::failure::Failure;
use crate::cli::output::Format;
use crate::decide::guard::{GuardOptions, Profile, decide, engine_word, flag_word};
use crate::study::Probe;

const LATENCY: &str = "http_request_duration";
const BVR: &str = "bvr";
const SER: &str = "ser";
const SOURCE_UNAVAILABLE: &str = "terminal_source_unavailable";
const ERROR: &str = "terminal_error";

/// The limit of both rates in the system's own pipeline, where the policy has none of its own.
const USUAL_LIMIT: f64 = 0.005;

/// The switches, by the names of their settings.
const ENGINE: &str = "PECR_CONTROLLER_ENGINE";
const ADAPTIVE: &str = "PECR_CONTROLLER_ADAPTIVE_PARALLELISM_ENABLED";
const BATCH: &str = "PECR_CONTROLLER_BATCH_MODE_ENABLED";

/// One number of the canary at the instant of the artifact, and what it rests on.
#[derive(Clone, Copy)]
struct Figure {
    value: Option<f64>,
    samples: u64,
}

fn figures(
    input: &ExportInput,
    wanted: &[(&str, Measure, Population)],
) -> Result<Vec<Figure>, Failure> {
    let probe = |&(signal, measure, population): &(&str, Measure, Population)| Probe {
        signal: signal.to_owned(),
        measure,
        population,
        over: input.over(signal),
    };
    let probes: Vec<_> = wanted.iter().map(probe).collect();
    let probed = input.probe(&probes)?;
    let at = input.at();
    let figure = |readings: &Vec<_>| {
        let read = last(readings, at);
        Figure {
            value: read
                .and_then(|read| read.value)
                .filter(|value| value.is_finite()),
            samples: read.map_or(0, |read| read.samples),
        }
    };
    Ok(probed.readings.iter().map(figure).collect())
}

pub fn k6(input: &ExportInput) -> Result<Artifact, Failure> {
    Ok(Artifact(vec![(Format::Json, summary(input)?)]))
}

fn summary(input: &ExportInput) -> Result<String, Failure> {
    let quantile = |q| (LATENCY, Measure::Quantile(q), Population::Canary);
    let read = figures(input, &[quantile(0.95), quantile(0.99)])?;
    Ok(k6_summary(&K6Summary {
        p95_ms: read[0].value,
        p99_ms: read[1].value,
        requests: read[0].samples,
        seconds: input.over(LATENCY).as_secs_f64(),
    }))
}

pub fn rates(input: &ExportInput) -> Result<Artifact, Failure> {
    Ok(Artifact(vec![(Format::Json, rates_text(input)?)]))
}

fn rates_text(input: &ExportInput) -> Result<String, Failure> {
    let ratio = |signal| (signal, Measure::Ratio, Population::Canary);
    let read = figures(input, &[ratio(BVR), ratio(SER)])?;
    Ok(guard_rates(&GuardRates {
        bvr: read[0].value,
        ser: read[1].value,
        bvr_limit: limit(input, BVR),
        ser_limit: limit(input, SER),
        finalized: read[0].samples,
    }))
}

/// The limit of the policy's gate; a margin over the baseline is what the guard's option compares with.
fn limit(input: &ExportInput, signal: &str) -> f64 {
    let gate = input.gate(signal, Some(Measure::Ratio));
    match gate.map(|gate| gate.breach.limit) {
        Some(Limit::Absolute(limit) | Limit::Plus { margin: limit, .. }) => limit,
        _ => USUAL_LIMIT,
    }
}

/// Decides as `coalmine decide control-plane` does, on the two files and the options that go with them.
pub fn decision(input: &ExportInput) -> Result<Artifact, Failure> {
    let profile = match input.experiment().policy.profile {
        Reading::AsImplemented => Profile::AsImplemented,
        Reading::AsWritten | Reading::Own => Profile::AsWritten,
    };
    let (summary, rates) = (summary(input)?, rates_text(input)?);
    let options = options(input, profile)?;
    let decision = decide(profile, Some(&summary), Some(&rates), &options)
        .map_err(|fault| Failure::input(fault.message).help("choose another instant with --at"))?;
    let report = &decision.report;
    Ok(Artifact(vec![
        (Format::Json, guard_artifact(report)),
        (Format::Markdown, guard_markdown(report)),
        (Format::Env, guard_env(report)),
    ]))
}

/// The switches as they stood, and what the document's reading asks for besides.
fn options(input: &ExportInput, profile: Profile) -> Result<GuardOptions, Failure> {
    let settings = settings(input);
    let flag = |name| {
        let word = settings.get(name).map_or("true", String::as_str);
        flag_word(word).ok_or_else(|| odd(name, word))
    };
    let engine = settings.get(ENGINE).map_or("rlm", String::as_str);
    // It goes into Markdown and to people as it is; an engine has a plain name.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' ');
    if engine.len() > 64 || !engine.chars().all(plain) {
        return Err(odd(ENGINE, engine));
    }
    let mut options = GuardOptions {
        engine: engine_word(engine),
        adaptive: flag(ADAPTIVE)?,
        batch: flag(BATCH)?,
        ..GuardOptions::default()
    };
    if profile == Profile::AsWritten {
        read_document(input, &mut options)?;
    }
    Ok(options)
}

/// What the document's reading of the guard asks for besides.
fn read_document(input: &ExportInput, options: &mut GuardOptions) -> Result<(), Failure> {
    let ratio = |signal, population| (signal, Measure::Ratio, population);
    let read = figures(
        input,
        &[
            ratio(SOURCE_UNAVAILABLE, Population::Canary),
            ratio(ERROR, Population::Canary),
            ratio(BVR, Population::Control),
        ],
    )?;
    options.source_unavailable_rate = read[0].value;
    options.error_rate = read[1].value;
    options.baseline_bvr = read[2].value;
    Ok(())
}

fn odd(name: &str, value: &str) -> Failure {
    let shown: String = value.chars().take(80).collect();
    let what = format!("{name} is set to `{}`", reports::escape(&shown));
    Failure::input(what).help("no guard knows such a value")
}

/// The settings at the instant of the artifact: those of the stage, then those of each rung that was
/// taken before.
fn settings(input: &ExportInput) -> BTreeMap<String, String> {
    let (policy, at) = (&input.experiment().policy, input.at());
    let rungs = policy
        .ladder
        .as_ref()
        .map_or(&[][..], |ladder: &Ladder| &ladder.rungs);
    let mut settings = BTreeMap::new();
    for (when, event) in &input.played.run.history {
        let sets = match *event {
            Event::StageEntered { stage, .. } if *when <= at => policy
                .stages
                .get(usize::from(stage))
                .map(|stage| &stage.sets),
            // What a trigger does at this very instant comes after the decision.
            Event::RungTaken { rung } if *when < at => {
                rungs.get(usize::from(rung)).map(|rung| &rung.sets)
            }
            _ => None,
        };
        let sets = sets.into_iter().flatten();
        settings.extend(sets.map(|(name, value)| (name.clone(), value.clone())));
    }
    settings
}
