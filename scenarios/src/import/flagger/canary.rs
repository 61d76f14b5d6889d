//! How a Canary moves, whether it ever ends, and how often it rolls back a good release.

use controllers::flagger::duration;
use controllers::flagger::facts::{false_rollback, gating_checks, ladder, promotes};
use controllers::flagger::form::HookType;
use controllers::flagger::policy::{Policy, Strategy};

use crate::diagnostic::quote::quote;
use crate::import::finding::{ObjectFindings, percent, seconds};

const ANALYSIS: &str = "spec.analysis";

/// ObjectFindings about the course of a canary.
pub(super) fn lint(findings: &mut ObjectFindings<'_>, policy: &Policy) {
    weights(findings, policy);
    without_effect(findings, policy);
    gates(findings, policy);
    tolerance(findings, policy);
    waits(findings, policy);
    answers(findings, policy);
    every_second_tick(findings, policy);
    lost_revision(findings, policy);
}

/// What says that a webhook answers as Flagger wants it: its own load tester.
const ANSWERS_200: &str = "loadtester";

/// Whose answer may be 204.
fn answers(findings: &mut ObjectFindings<'_>, policy: &Policy) {
    let counts = |kind: HookType| !matches!(kind, HookType::Event | HookType::PostRollout);
    let hooks = policy.analysis().webhooks.iter();
    let mut own = hooks.enumerate().filter(|(_, hook)| counts(hook.kind));
    let Some((nth, hook)) = own.find(|(_, hook)| !hook.url.contains(ANSWERS_200)) else {
        return;
    };
    let ticks = policy.threshold().max(1) as f64 * policy.interval();
    let comes_to = match hook.kind {
        HookType::PreRollout | HookType::Rollout => format!(
            "each is a failed check, and after {} of them, {}, the release is rolled back",
            policy.threshold().max(1),
            seconds(ticks)
        ),
        HookType::Rollback => "it asks for no rollback".to_owned(),
        _ => "the gate stays shut: the release waits without end".to_owned(),
    };
    let what = format!("an answer of 204 from {} is a failure", quote(&hook.name));
    let why = format!("no status above 202 passes, 204 No Content neither; {comes_to}");
    findings.note(
        "CM452",
        &format!("{ANALYSIS}.webhooks[{nth}].url"),
        [&what, &why, "answer 200"],
    );
}

/// Gates of blue/green are asked every second tick, and there is one check more than iterations.
fn every_second_tick(findings: &mut ObjectFindings<'_>, policy: &Policy) {
    let hooks = policy.analysis().webhooks.iter();
    let mut gates = hooks
        .enumerate()
        .filter(|(_, hook)| hook.kind == HookType::ConfirmPromotion);
    let (Strategy::BlueGreen, Some((nth, _))) = (policy.strategy(), gates.next()) else {
        return;
    };
    let what = "this gate is asked every second tick";
    let why = format!(
        "an approval is noticed up to {} late; there are {} checks, one more than `iterations`",
        seconds(2.0 * policy.interval()),
        gating_checks(policy)
    );
    findings.note(
        "CM452",
        &format!("{ANALYSIS}.webhooks[{nth}]"),
        [what, &why, ""],
    );
}

/// How long a pod takes to be ready where a figure needs it.
const POD_STARTS: f64 = 30.0;

/// A primary that scales is not ready now and then.
fn lost_revision(findings: &mut ObjectFindings<'_>, policy: &Policy) {
    let scales = findings
        .object
        .json
        .pointer("/spec/autoscalerRef")
        .is_some();
    let ready = policy.analysis().primary_ready_threshold.unwrap_or(100);
    if !scales || ready < 100 {
        return;
    }
    let what = "a revision that is pushed after a failure can be lost";
    let why = format!(
        "a failed Canary notes the newest revision on every tick, and rolls it out only if all pods of the primary are ready then; while the \
         autoscaler starts one, {} (a pod that takes {}), it is noted and never rolled out",
        percent((POD_STARTS / policy.interval()).min(1.0)) + " of the ticks",
        seconds(POD_STARTS)
    );
    let next = "`primaryReadyThreshold` below 100, and look whether a fix was picked up";
    findings.note("CM453", "spec.autoscalerRef", [what, &why, next]);
}

fn path(key: &str) -> String {
    format!("{ANALYSIS}.{key}")
}

fn listed(weights: &[i64]) -> String {
    weights
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Which weights it reaches.
fn weights(findings: &mut ObjectFindings<'_>, policy: &Policy) {
    if policy.strategy() != Strategy::Canary {
        return;
    }
    let reached = ladder(policy);
    let steps = !policy.analysis().step_weights.is_empty();
    let key = path(if steps { "stepWeights" } else { "stepWeight" });
    if !promotes(policy) {
        no_promotion(findings, &reached.weights, &key);
        return;
    }
    let last = reached.weights.last().copied().unwrap_or(0);
    if last > policy.max_weight() {
        let what = format!(
            "the canary reaches {last} %, above `maxWeight` {}",
            policy.max_weight()
        );
        let why = format!(
            "it steps {} and is promoted from {last}: the maximum is asked before a step",
            listed(&reached.weights)
        );
        let next = "a `maxWeight` that is a multiple of `stepWeight`";
        findings.warning("CM427", &path("maxWeight"), [&what, &why, next]);
    }
}

fn no_promotion(findings: &mut ObjectFindings<'_>, weights: &[i64], key: &str) {
    let last = weights.last().copied().unwrap_or(0);
    let what = format!("the canary stays at {last} % for good");
    let reached = if weights.is_empty() {
        "no weight".to_owned()
    } else {
        listed(weights)
    };
    let why = format!(
        "it reaches {reached}, and there is no next step: no failure, no message, no promotion"
    );
    let next = "each of `stepWeights` above the one before; a router that mirrors where `mirror` is asked for";
    findings.error("CM439", key, [&what, &why, next]);
}

/// Keys that say one thing and do another.
fn without_effect(findings: &mut ObjectFindings<'_>, policy: &Policy) {
    let analysis = policy.analysis();
    if analysis.step_weight > 0 && !analysis.step_weights.is_empty() {
        let what = "`stepWeight` makes the steps and the last of `stepWeights` the maximum";
        let why = format!(
            "the weights are {}; `maxWeight` counts for nothing",
            listed(&ladder(policy).weights)
        );
        findings.warning(
            "CM442",
            &path("stepWeights"),
            [what, &why, "keep one of the two"],
        );
    }
    if policy.is_kubernetes() && (analysis.step_weight > 0 || !analysis.step_weights.is_empty()) {
        let what = "the provider `kubernetes` has no weights: this is blue/green";
        let why = format!(
            "{} checks without traffic, then all of it at once",
            policy.iterations()
        );
        findings.warning(
            "CM442",
            "spec.provider",
            [what, &why, "name the router, or write `iterations`"],
        );
    }
    slower_and_unasked(findings, policy);
}

/// An interval that is shorter than a tick, and an analysis that is skipped.
fn slower_and_unasked(findings: &mut ObjectFindings<'_>, policy: &Policy) {
    let analysis = policy.analysis();
    if let Some(said) = duration::parse(&analysis.interval)
        && said < policy.interval()
    {
        let what = format!(
            "the interval is {}, not {}",
            seconds(policy.interval()),
            seconds(said)
        );
        findings.note(
            "CM442",
            &path("interval"),
            [&what, "Flagger ticks every 10 s at most", ""],
        );
    }
    if policy.canary().spec.skip_analysis {
        let why = "no metric and no webhook is asked, whatever stands under `analysis`";
        findings.warning(
            "CM425",
            "spec.skipAnalysis",
            ["every release is promoted without a check", why, ""],
        );
    }
}

/// Whether anything judges the release.
fn gates(findings: &mut ObjectFindings<'_>, policy: &Policy) {
    let analysis = policy.analysis();
    let judges = |kind: HookType| {
        matches!(
            kind,
            HookType::Rollout
                | HookType::PreRollout
                | HookType::ConfirmPromotion
                | HookType::ConfirmTrafficIncrease
                | HookType::Rollback
        )
    };
    if policy.canary().spec.skip_analysis
        || !analysis.metrics.is_empty()
        || analysis.webhooks.iter().any(|hook| judges(hook.kind))
    {
        return;
    }
    let what = "nothing judges this release: it advances with every tick";
    let why = format!(
        "no metric and no webhook that could fail; a bad release is promoted after {}, as a good one is",
        seconds(gating_checks(policy) as f64 * policy.interval())
    );
    findings.warning(
        "CM425",
        ANALYSIS,
        [what, &why, "`metrics` with a `thresholdRange`"],
    );
}

/// How many failed checks roll back.
fn tolerance(findings: &mut ObjectFindings<'_>, policy: &Policy) {
    let checks = gating_checks(policy);
    if policy.threshold() > 1 || policy.analysis().metrics.is_empty() || !promotes(policy) {
        return;
    }
    let said = if policy.analysis().threshold == 0 {
        " (`threshold` is not set)"
    } else {
        ""
    };
    let what = format!("one failed check rolls back{said}");
    let why = format!(
        "with one bad check in a hundred, {} of good releases are rolled back ({checks} checks)",
        percent(false_rollback(checks, 1, 0.01))
    );
    findings.warning(
        "CM423",
        &path("threshold"),
        [
            &what,
            &why,
            "`threshold: 2` or more: failures add up, passes take none back",
        ],
    );
}

/// Gates that wait while checks go on.
fn waits(findings: &mut ObjectFindings<'_>, policy: &Policy) {
    let waiting = [HookType::ConfirmPromotion, HookType::ConfirmTrafficIncrease];
    let hooks = policy.analysis().webhooks.iter().enumerate();
    let Some((nth, _)) = hooks
        .into_iter()
        .find(|(_, hook)| waiting.contains(&hook.kind))
    else {
        return;
    };
    if policy.analysis().metrics.is_empty() {
        return;
    }
    let an_hour = (3600.0 / policy.interval()) as i64;
    let chance = |checks| percent(false_rollback(checks, policy.threshold(), 0.01));
    let checks = gating_checks(policy);
    let what = "while this gate waits every tick checks again, and failures add up";
    let why = format!(
        "with one bad check in a hundred, {} of good releases are rolled back; {} if the approver takes an hour",
        chance(checks),
        chance(checks + an_hour)
    );
    let next = "approve soon, or raise `threshold` by what the wait costs";
    findings.warning(
        "CM441",
        &format!("{ANALYSIS}.webhooks[{nth}]"),
        [what, &why, next],
    );
}
