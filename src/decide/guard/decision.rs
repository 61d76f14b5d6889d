//! The decision: every gate judged once, then the next rung.

use reports::decision::{Fallback, Findings, GateFlaw, GuardReport, Trigger};
use scenarios::adapter::{
    GateRates, InputFault, Json, gate_rates, gate_rates_as_the_guard_reads_them, k6, parse,
};
use sim_core::policy::gate::{Limit, Reading};
use sim_core::policy::{Gate, Judgement};

use super::doubt::{GuardDoubt, doubt, plain_reading};
use super::signals::{Signal, signals};
use super::state::{current_state, gate, measured, policy, thresholds};
use super::{GuardOptions, Profile, ladder};
use crate::decide::{GateAnswer, GateStatus, judge_once, with_limit};

/// What the guard decides.
#[derive(Clone, Debug, PartialEq)]
pub struct GuardDecision {
    /// The verdict.
    pub status: GateStatus,
    /// The report in the guard's own form.
    pub report: GuardReport,
    /// The shape of the summary that was read.
    pub shape: k6::Shape,
}

/// Decides on the texts of the two files; none stands for a file that does not exist.
///
/// # Errors
///
/// Returns a fault where a file is absent, is not JSON or lacks a number. The profiles that follow
/// the script return one exactly where it exits with 1.
pub fn decide(
    profile: Profile,
    summary: Option<&str>,
    rates: Option<&str>,
    options: &GuardOptions,
) -> Result<GuardDecision, InputFault> {
    let (summary_json, rates_json) = (file("summary", summary)?, file("metrics gates", rates)?);
    let (summary_in, rates_in) = if profile == Profile::AsWritten {
        (k6::summary(&summary_json)?, gate_rates(&rates_json)?)
    } else {
        (
            k6::summary_as_the_guard_reads_it(&summary_json)?,
            gate_rates_as_the_guard_reads_them(&rates_json)?,
        )
    };
    let mut decision = judge(profile, &summary_in, &rates_in, options);
    if let Some(findings) = &mut decision.report.findings {
        findings.reference_exit_code =
            reference_exit_code(Profile::AsImplemented, summary, rates, options);
    }
    Ok(decision)
}

/// Returns the exit code of the script on the same input: 0, or 2 where a fallback is required and
/// it was told to fail, or 1 where it cannot use the input.
pub fn reference_exit_code(
    profile: Profile,
    summary: Option<&str>,
    rates: Option<&str>,
    options: &GuardOptions,
) -> u8 {
    match decide(profile, summary, rates, options) {
        Err(_) => 1,
        Ok(decision) if decision.status == GateStatus::Unhealthy && options.fail_on_fallback => 2,
        Ok(_) => 0,
    }
}

fn file(name: &str, text: Option<&str>) -> Result<Json, InputFault> {
    let text = text.ok_or_else(|| InputFault::new(format!("the {name} file does not exist")))?;
    parse(text).map_err(|fault| InputFault::new(format!("the {name} file is not JSON: {fault}")))
}

/// One signal after its gate has looked at it.
struct GuardLook {
    signal: Signal,
    judged: GateAnswer,
    doubt: Option<GuardDoubt>,
    fails_open: bool,
}

fn judge(
    profile: Profile,
    summary: &k6::Summary,
    rates: &GateRates,
    options: &GuardOptions,
) -> GuardDecision {
    let strict = profile == Profile::AsWritten;
    let look_at = |signal: Signal| {
        let gate = gate(profile, signal.gate)?;
        let doubt = strict.then(|| doubt(&signal, &gate, summary.p95_ms));
        Some(look(signal, &gate, doubt.flatten(), options))
    };
    let signals = signals(summary, rates, options).into_iter();
    let looked: Vec<GuardLook> = signals.filter_map(look_at).collect();
    let status = status(&looked);
    let report = GuardReport {
        status: word(status),
        engine: options.engine.clone(),
        current_state: current_state(profile, options),
        signals: measured(summary, rates, options),
        thresholds: thresholds(policy(profile), rates, options),
        triggers: looked.iter().filter_map(trigger).collect(),
        fallback: recommendation(profile, status, options),
        findings: strict.then(|| findings(&looked)),
    };
    GuardDecision {
        status,
        report,
        shape: summary.shape,
    }
}

fn recommendation(profile: Profile, status: GateStatus, options: &GuardOptions) -> Fallback {
    match status {
        GateStatus::Healthy => ladder::no_step("canary healthy"),
        GateStatus::Undecided => {
            ladder::no_step("a gate cannot be judged; neither go on nor fall back")
        }
        GateStatus::Unhealthy => ladder::next_step(profile, options),
    }
}

fn look(
    signal: Signal,
    gate: &Gate,
    doubt: Option<GuardDoubt>,
    options: &GuardOptions,
) -> GuardLook {
    let limit = signal.limit;
    let limited = |gate: &Gate| limit.map_or_else(|| gate.clone(), |limit| with_limit(gate, limit));
    let reading = match &doubt {
        Some(doubt) => Reading::flawed(doubt.flaw),
        // The least number of samples has been doubted already where it is known.
        None => Reading {
            samples: gate.min_samples,
            ..plain_reading(&signal)
        },
    };
    let judged = judge_once(&limited(gate), reading, baseline(gate, options));
    let reference = policy(Profile::AsImplemented).gate(signal.gate);
    let reference_passes = reference.is_none_or(|gate| {
        judge_once(&limited(gate), plain_reading(&signal), None).judgement == Judgement::Pass
    });
    let fails_open = doubt.is_some() && judged.judgement != Judgement::Pass && reference_passes;
    GuardLook {
        signal,
        judged,
        doubt,
        fails_open,
    }
}

/// Returns what a relative limit refers to. Where nobody measured the baseline it counts as free of
/// violations, which is the strictest that it can be.
fn baseline(gate: &Gate, options: &GuardOptions) -> Option<Reading> {
    match gate.breach.limit {
        Limit::Absolute(_) => None,
        _ => Some(Reading::of(options.baseline_bvr.unwrap_or(0.0), 0)),
    }
}

fn status(looked: &[GuardLook]) -> GateStatus {
    if looked.iter().any(|one| one.judged.fired) {
        GateStatus::Unhealthy
    } else if looked
        .iter()
        .any(|one| one.judged.judgement != Judgement::Pass)
    {
        GateStatus::Undecided
    } else {
        GateStatus::Healthy
    }
}

const fn word(status: GateStatus) -> &'static str {
    match status {
        GateStatus::Healthy => "healthy",
        GateStatus::Undecided => "undecided",
        GateStatus::Unhealthy => "fallback_required",
    }
}

fn trigger(looked: &GuardLook) -> Option<Trigger> {
    let message = || looked.signal.breach_message(looked.judged.limit);
    looked.judged.fired.then(|| Trigger {
        id: looked.signal.gate,
        message: message(),
    })
}

fn findings(looked: &[GuardLook]) -> Findings {
    let unwritten = |id: &&str| policy(Profile::AsWritten).gate(id).is_none();
    let flaw = |one: &GuardLook| {
        let doubt = one.doubt.as_ref()?;
        let gate = one.signal.gate.to_owned();
        Some(GateFlaw {
            gate,
            flaw: doubt.word,
            detail: doubt.detail.clone(),
        })
    };
    Findings {
        profile: "as-written".into(),
        held: looked.iter().filter_map(flaw).collect(),
        fails_open_in_reference: looked
            .iter()
            .filter(|one| one.fails_open)
            .filter_map(flaw)
            .collect(),
        beyond_document: looked
            .iter()
            .map(|one| one.signal.gate)
            .filter(unwritten)
            .map(Into::into)
            .collect(),
        reference_exit_code: 0,
    }
}
