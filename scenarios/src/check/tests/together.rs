//! Scenarios, and documents that do not fit together.

use super::*;

#[test]
fn scenarios_can_go_either_way() {
    scenario(&[("horizon: 24h", "horizon: §0")], "CM143", "");
    scenario(
        &[("missed-regression: 1%", "false-rollback: §1%")],
        "CM160",
        "bad release",
    );
    scenario(&[("at-least: 95%", "at-least: §0%")], "CM161", "above 0%");
    scenario(
        &[("at-least: 95%", "at-least: 95%, breaks: [§INV-BLASTT]")],
        "CM102",
        "INV-BLAST",
    );
    scenario(
        &[("at-least: 95%", "at-least: 95%, verdict: §fail")],
        "CM172",
        "breaks:",
    );
    scenario(&[("after: 1h", "after: §24h")], "CM165", "24h");
    scenario(&[("on: 10m", "on: §0")], "CM143", "");
    scenario(
        &[("cycle: {on: 10m, off: 2m}", "cycle: §{on: 1ns, off: 0}")],
        "CM151",
        "cycles",
    );
    scenario(
        &[("cured-by: [flag-off]", "hosts: §0%")],
        "CM163",
        "no host",
    );
    scenario(
        &[("by: 0.1}", "by: 0.1, population: §canary-baseline}")],
        "CM163",
        "baseline",
    );
    let reset = "change: {counter-reset: {signal: errors}}\n    course: {after: 1h";
    for key in ["ramp: §1h", "lasts: §1h"] {
        scenario(
            &[(reset, &format!("{reset}, {key}"))],
            "CM163",
            "does not read this",
        );
    }
    for (change, key) in [
        ("misread: {reads: {constant: 1}}", "strength: §0.5"),
        ("misread: {reads: infinite}", "ramp: §1h"),
        ("clock: {ahead: 5m, rate: 1}", "strength: §0.5"),
    ] {
        let changed = format!("change: {{{change}}}\n    course: {{after: 1h, {key}");
        scenario(&[(reset, &changed)], "CM163", "does not read this");
    }
    let inline = format!(
        "world: {{inline: {}}}",
        inline_world().replace("hosts: 9", "hosts: §9")
    );
    let zones = inline
        .replace('§', "")
        .replace("takes: ", "parallel: §0, takes: ");
    scenario(&[("world: {library: wedge}", &zones)], "CM024", "");
    let load = inline
        .replace('§', "")
        .replace("shape: []", "shape: [{weekly: {weekend: §-1}}]");
    scenario(
        &[("world: {library: wedge}", &load)],
        "CM140",
        "less than 0",
    );
    let text = SCENARIO.split("faults:").next().expect("a prefix");
    let idle = format!(
        "{}horizon: 1h\n",
        text.split("  effects:").next().expect("a prefix")
    );
    let (text, place) = edited(&idle, &[("is: bad", "is: §bad")]);
    let report = load::scenario("s.yaml", text.as_bytes()).expect_err("nothing happens");
    found(&report, "CM164", place, "effects");
}

#[test]
fn promises_of_ones_own_mean_something() {
    let recovery = "recovery: {acknowledge: lead, fresh-canary: true, attempts: 1}";
    let promising = |promises: &str, code: &str, says: &str| {
        let text = format!("{recovery}\n{promises}");
        policy(&[(recovery, &text)], code, says);
    };
    promising(
        "promises: [{id: OWN, title: t, formula: §\"always(servng_new == 0)\"}]",
        "CM169",
        "`servng_new` is not known here",
    );
    promising(
        "promises: [{id: OWN, title: t, formula: §\"always(serving_new == 0\"}]",
        "CM169",
        "`)`",
    );
    promising(
        "promises: [{id: §INV-BLAST, title: t, formula: \"always(serving_new == 0)\"}]",
        "CM101",
        "of another invariant",
    );
    promising(
        "promises: [{id: A, title: t, formula: advanced}, {id: §A, title: t, formula: advanced}]",
        "CM101",
        "",
    );
    promising("harm-budget: {error-minutes: §-1}", "CM024", "");
    promising(
        "tolerance: {controller.failover: §\"<= 60%\"}",
        "CM176",
        "wrong unit",
    );
    promising(
        "tolerance: {controller.failover: §12s}",
        "CM176",
        "no bound",
    );
    promising(
        "waives: [{gap: no-deadline, reason: §' '}]",
        "CM179",
        "say why",
    );
    promising(
        "waives: [{gap: §no-deadlin, reason: a feature flag}]",
        "CM102",
        "did you mean `no-deadline`",
    );
    promising(
        "tolerance: {actuation.cmd_los: §any}",
        "CM102",
        "did you mean `actuation.cmd_loss`",
    );
}

fn inline_world() -> &'static str {
    "{version: 1, name: small, fleet: {hosts: 9, update: {takes: {constant: 1s}}}, \
     traffic: {requests-per-second: 5, shape: []}, \
     telemetry: {scrape-every: 15s, stale-after: 1m, signals: []}}"
}

#[test]
fn policy_scenario_and_world_fit_together() {
    policy_across(
        &[("signal: latency", "signal: §latencies")],
        "CM102",
        "did you mean `latency`",
    );
    policy_across(&[("measure: ratio", "measure: §mean")], "CM121", "`ratio`");
    policy_across(
        &[("acknowledge: lead", "acknowledge: §boss")],
        "CM102",
        "known: `lead`",
    );
    policy_across(
        &[("approval: lead", "approval: §led")],
        "CM102",
        "did you mean `lead`",
    );
    policy_across(&[("over: 5m", "over: §900w")], "CM151", "scrapes");
    scenario_across(
        &[("{signal: errors, by", "{signal: §error, by")],
        "CM102",
        "`errors`",
    );
    scenario_across(
        &[("step: revert", "step: §reverse")],
        "CM102",
        "did you mean `revert`",
    );
    scenario_across(
        &[(
            "same-content: {step: config}",
            "same-content: {step: §rever}",
        )],
        "CM102",
        "did you mean `revert`",
    );
    let reset = "counter-reset: {signal: errors}";
    for (change, code, says) in [
        ("counter-reset: {signal: §memory}", "CM163", "gauge"),
        ("add: {signal: §latency, by: 300}", "CM163", "`multiply:`"),
        (
            "step-partial: {step: §config, reaches: 50%}",
            "CM163",
            "takes no hosts back",
        ),
        (
            "pass-gates: {gate: §erors-high}",
            "CM102",
            "no gate is called",
        ),
        (
            "mask-triggers: {stage: §nowhere}",
            "CM102",
            "no stage is called",
        ),
        (
            "answers: {role: §led, trouble: unheard}",
            "CM102",
            "did you mean `lead`",
        ),
        ("runbook: {skips: §7}", "CM102", "there are 2"),
        (
            "runbook: {swaps: §{first: 1, second: 1}}",
            "CM163",
            "as they are written",
        ),
    ] {
        scenario_across(&[(reset, change)], code, says);
    }
    let stale = "rehearse:\n  - {id: old, fault: {telemetry.stale: {}}, at: {time: 1h, strength: §0.5}}\nhorizon:";
    scenario_across(&[("horizon:", stale)], "CM163", "does not read this");
    for from in [
        "{stage-entered: 9}",
        "{window-over: 9}",
        "{state: {is: paused, stage: 9}}",
    ] {
        let course = format!("course: {{from: §{from}, after: 1h");
        scenario_across(&[("course: {after: 1h", &course)], "CM102", "number 9");
    }
    scenario_across(
        &[("[flag-off]", "[§flag-of]")],
        "CM102",
        "did you mean `flag-off`",
    );
    scenario_across(
        &[("evidence: build", "evidence: §built")],
        "CM102",
        "did you mean `build`",
    );
    scenario_across(&[("horizon: 24h", "horizon: §900w")], "CM151", "scrapes");
    let early = [
        ("rolled_back", "completed"),
        ("horizon: 24h", "horizon: §150m"),
    ];
    scenario_across(&early, "CM166", "3h");
}
