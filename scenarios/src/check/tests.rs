//! Files that are wrong in one way each: the code, the place and the words of what is found.
//!
//! `§` marks the place in the file; it is taken out before the file is loaded.

use crate::fixtures::{self, POLICY, SCENARIO, WORLD, spoil};
use crate::{Report, load};

/// A change of a fixture: what is replaced, and by what.
type Edit<'a> = (&'a str, &'a str);

/// Makes the changes; returns the text and the line and column of the mark.
#[track_caller]
fn edited(fixture: &str, edits: &[Edit<'_>]) -> (String, (usize, usize)) {
    let text = edits.iter().fold(fixture.to_owned(), |text, (old, new)| {
        spoil(&text, old, new)
    });
    let at = text.find('§').expect("one of the changes has a mark");
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[..at].matches('\n').count() + 1;
    (text.replacen('§', "", 1), (line, at - line_start + 1))
}

/// Checks that `report` finds `code` alone, at `place`, and says `says`.
#[track_caller]
fn found(report: &Report, code: &str, place: (usize, usize), says: &str) {
    let codes: Vec<_> = report.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [code], "{report}");
    let found = &report.diagnostics[0];
    let (begin, _) = report.positions(found).expect("every problem has a place");
    assert_eq!((begin.line, begin.column), place, "{report}");
    let text = format!(
        "{} {}",
        found.message,
        found.help.as_deref().unwrap_or_default()
    );
    assert!(text.contains(says), "{text}");
}

#[track_caller]
fn policy(edits: &[Edit<'_>], code: &str, says: &str) {
    let (text, place) = edited(POLICY, edits);
    let report = load::policy("p.yaml", text.as_bytes()).expect_err("the policy is wrong");
    found(&report, code, place, says);
}

#[track_caller]
fn world(edits: &[Edit<'_>], code: &str, says: &str) {
    let (text, place) = edited(WORLD, edits);
    let report = load::world("w.yaml", text.as_bytes()).expect_err("the world is wrong");
    found(&report, code, place, says);
}

#[track_caller]
fn scenario(edits: &[Edit<'_>], code: &str, says: &str) {
    let (text, place) = edited(SCENARIO, edits);
    let report = load::scenario("s.yaml", text.as_bytes()).expect_err("the scenario is wrong");
    found(&report, code, place, says);
}

#[test]
fn harm_is_only_declared_where_it_can_be_counted() {
    let level = "sd: 50}}";
    world(
        &[(level, "sd: 50}}\n      harms-users: §true")],
        "CM152",
        "of no request",
    );
    let ratio = "harms-users: true";
    for (more, code, says) in [
        ("harm-weight: §1.5", "CM024", "at most 1"),
        (
            "slow-above: §100",
            "CM152",
            "no request of this signal is slow",
        ),
    ] {
        let more = format!("harms-users: true\n      {more}");
        world(&[(ratio, &more)], code, says);
    }
    world(
        &[(level, "sd: 50}}\n      harm-weight: §0.5")],
        "CM152",
        "does not harm users",
    );
    world(
        &[(
            "    - id: latency",
            "    - id: latency\n      harms-users: true\n      slow-above: §10000",
        )],
        "CM152",
        "0 and its `cap`",
    );
}

/// Checks documents that are right by themselves and do not fit together.
#[track_caller]
fn across(policy: &str, scenario: &str, code: &str, place: (usize, usize), says: &str) {
    let (policy, scenario) = (fixtures::policy(policy), fixtures::scenario(scenario));
    let world = fixtures::world(WORLD).value;
    let reports = load::experiment_of(&policy, &scenario, &world).expect_err("they do not fit");
    assert_eq!(reports.len(), 1);
    found(&reports[0], code, place, says);
    let plain = load::experiment(&policy.value, &scenario.value, &world).expect_err("the same");
    let codes: Vec<_> = plain.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [code]);
}

#[track_caller]
fn policy_across(edits: &[Edit<'_>], code: &str, says: &str) {
    let (text, place) = edited(POLICY, edits);
    across(&text, SCENARIO, code, place, says);
}

#[track_caller]
fn scenario_across(edits: &[Edit<'_>], code: &str, says: &str) {
    let (text, place) = edited(SCENARIO, edits);
    across(POLICY, &text, code, place, says);
}

#[test]
fn the_sound_files_make_an_experiment() {
    let scenario = spoil(SCENARIO, "release:", "load: 0.5\nhosts: 7\nrelease:");
    let (policy, scenario) = (fixtures::policy(POLICY), fixtures::scenario(&scenario));
    let world = fixtures::world(WORLD).value;
    let experiment = load::experiment(&policy.value, &scenario.value, &world).expect("they fit");
    assert_eq!(experiment.fleet.hosts, 7);
    assert_eq!(experiment.traffic.requests_per_second, 500.0);
    let signals = format!("{:?}", experiment.telemetry.signals);
    assert!(signals.contains("runs_per_hour: 400.0"), "{signals}");
    assert!(signals.contains("per_host_hour: 0.01"), "{signals}");
    assert_eq!(experiment.release.len(), 1);
    assert_eq!(experiment.faults.len(), 3);
}

#[test]
fn names_are_unique_and_lead_somewhere() {
    let twice = ("classes:", "classes:\n  - {id: harm, action: pause}");
    policy(
        &[
            twice,
            (
                "- {id: harm, action: rollback}",
                "- {id: §harm, action: rollback}",
            ),
        ],
        "CM101",
        "",
    );
    policy(&[("- id: half", "- id: §canary")], "CM101", "second stage");
    policy(&[("- id: revert", "- id: §config")], "CM101", "second step");
    policy(&[("- id: half", "- id: §\"\"")], "CM103", "no name");
    policy(
        &[("[errors-low]", "[§error-low]")],
        "CM102",
        "did you mean `errors-low`",
    );
    policy(
        &[("[errors-high, slow]", "[errors-high, §latency]")],
        "CM102",
        "known: `errors-low`",
    );
    policy(
        &[("class: harm", "class: §ham")],
        "CM102",
        "did you mean `harm`",
    );
    policy(
        &[("[build]", "[§rehearsal]")],
        "CM102",
        "no piece of evidence",
    );
    policy(
        &[("entry: [build]", "entry: [build, §build]")],
        "CM104",
        "named twice",
    );
    policy(
        &[("max-age: 24h", "max-age: 24h\n    class: §harmful")],
        "CM102",
        "no class",
    );
    world(&[("id: latency", "id: §errors")], "CM101", "second signal");
    world(&[("name: west", "name: §east")], "CM101", "second region");
    scenario(
        &[("id: half-done", "id: §regression")],
        "CM101",
        "second effect",
    );
}

#[test]
fn stages_climb_and_ramps_arrive() {
    policy(&[("target: 50%", "target: §4%")], "CM110", "less than 5%");
    policy(&[("initial: 1%", "initial: §6%")], "CM111", "above 5%");
    policy(&[("step: 15%", "step: §0%")], "CM112", "never arrives");
    policy(&[("step: 15%", "step: §0.0001%")], "CM112", "increments");
    policy(&[("every: 10m", "every: §0")], "CM143", "longer than zero");
    let exponential =
        |factor: &str| format!("ramp: {{exponential: {{factor: {factor}, every: 1m}}}}");
    for factor in ["§1", "§0.5", "§-2", "§1.0000001"] {
        policy(&[("ramp: at-once", &exponential(factor))], "CM112", "");
    }
    policy(
        &[("ramp: at-once", "ramp: §{manual: {step: 1%}}")],
        "CM113",
        "approval",
    );
    policy(&[("observe: 1h", "observe: §0")], "CM143", "");
    policy(&[("evaluate-every: 1m", "evaluate-every: §0")], "CM143", "");
}

#[test]
fn splitters_have_no_key_that_does_nothing() {
    for (split, code, says) in [
        ("{requests: {workers: §4}}", "CM153", "turns"),
        ("{requests: {draw: none, choices: §2}}", "CM153", "coin"),
        (
            "{requests: {draw: §none, ring: {spread: 10%}}}",
            "CM153",
            "not read",
        ),
        (
            "{requests: {resolution: {step: §0, rounds: up}}}",
            "CM151",
            "no weight",
        ),
        (
            "{connections: {count: 10, lifetime: §0}}",
            "CM143",
            "longer than zero",
        ),
        ("{users: {visits-per-hour: §2}}", "CM153", "counted"),
        ("{users: {assigned-by: §list}}", "CM153", "count"),
        ("{users: {count: §0}}", "CM024", "at least 1"),
        ("{preset: §unlaesh}", "CM023", "unleash"),
    ] {
        let split = format!("  split: {split}\n  requests-per-second: 1000");
        world(&[("  requests-per-second: 1000", &split)], code, says);
    }
}

#[test]
fn users_who_always_fail_are_counted() {
    let errors = "{ratio: {base: 0.01}}";
    world(
        &[(errors, "{ratio: {base: 0.01, of: §users}}")],
        "CM153",
        "counts none",
    );
    let related = "{ratio: {base: 0.01, of: users, correlation: §0.1}}";
    let counted = "  split: {users: {count: 100}}\n  requests-per-second: 1000";
    world(
        &[(errors, related), ("  requests-per-second: 1000", counted)],
        "CM153",
        "settled",
    );
}

#[test]
fn a_guard_can_be_asked() {
    let on = "on: {crash: hold, deadline: hold, no-decision: hold, too-much-output: hold}";
    let guard = |exec: &str, code: &str, says: &str| {
        let rounding = format!("rounding: down\ndecide: {{exec: {{{exec}, {on}}}}}");
        policy(&[("rounding: down", &rounding)], code, says);
    };
    for (exec, says) in [
        ("command: §[''], protocol: once, deadline: 1s", "no program"),
        (
            "command: §[guard, '{k6-summary}'], protocol: json-lines, deadline: 1s",
            "answers many",
        ),
        (
            "command: [guard], protocol: once, deadline: §0s",
            "up to 1m",
        ),
        (
            "command: [guard], protocol: once, deadline: §2m",
            "up to 1m",
        ),
        (
            "command: [guard], protocol: once, deadline: 1s, environment: §{'A=B': c}",
            "`A=B` is no variable",
        ),
        (
            "command: [guard], protocol: json-lines, deadline: 1s, exit-codes: §{'0': promote}",
            "does not exit with an answer",
        ),
        (
            "command: [guard], protocol: once, deadline: 1s, exit-codes: {'256': §promote}",
            "0 to 255",
        ),
        (
            "command: [guard], protocol: once, deadline: 1s, exit-codes: {'0': hold}, words: §{go: promote}",
            "no word is read",
        ),
        (
            "command: [guard], protocol: once, deadline: 1s, words: {hold: §rollback}",
            "means itself",
        ),
    ] {
        guard(exec, "CM181", says);
    }
}

#[test]
fn a_program_decides_only_where_somebody_lets_it_run() {
    let exec = "rounding: down\ndecide:\n  exec: §{command: [guard], protocol: once, deadline: 1s, \
                on: {crash: hold, deadline: hold, no-decision: hold, too-much-output: hold}}";
    policy_across(&[("rounding: down", exec)], "CM182", "--allow-exec");
}

#[test]
fn gates_can_be_judged() {
    policy(
        &[
            ("    class: harm\n", ""),
            ("- id: errors-high", "- §id: errors-high"),
        ],
        "CM120",
        "class",
    );
    let class = "    class: harm\n";
    for (more, code, says) in [
        ("with: §{all: [errors-high]}", "CM124", "itself"),
        ("with: §{}", "CM124", "nothing is joined"),
        ("with: {none: [§nobody]}", "CM102", "nobody"),
        ("for: §0", "CM143", "longer than zero"),
    ] {
        policy(&[(class, &format!("    {more}\n{class}"))], code, says);
    }
    let approval = "    approval: lead";
    let within = "approval-within: {limit: §0, then: pause}";
    policy(
        &[(approval, &format!("{approval}\n    {within}"))],
        "CM143",
        "longer than zero",
    );
    let alone = "    approval-within: §{limit: 1d, then: pause}";
    policy(&[(approval, alone)], "CM113", "nobody is asked");
    policy(&[("quantile: 0.99", "quantile: §99")], "CM122", "0.99");
    policy(&[("quantile: 0.99", "quantile: §0")], "CM122", "0.99");
    policy(
        &[(
            "{times: {factor: 1.5, of: control}}",
            "§{times: {factor: 1.5, of: canary}}",
        )],
        "CM123",
        "control",
    );
    policy(&[("factor: 1.5", "factor: §-1")], "CM140", "less than 0");
    policy(&[("consecutive: 1", "consecutive: §0")], "CM125", "");
    policy(&[("over: 10m", "over: §59s")], "CM125", "shorter than 1m");
    policy(&[("over: 10m", "over: §0")], "CM125", "shorter than 1m");
    policy(
        &[("mode: every", "mode: {at-least: §11}")],
        "CM125",
        "holds 10 evaluations",
    );
    policy(&[("mode: every", "mode: {at-least: §0}")], "CM125", "");
    policy(
        &[("window: instant", "window: {count: §{}}")],
        "CM125",
        "nothing",
    );
    policy(&[("over: 10m", "over: §900w")], "CM151", "evaluations");
    policy(
        &[(
            "window: instant",
            "window: {cusum: {slack: 0.5, limit: 5, unit: §0}}",
        )],
        "CM140",
        "above 0",
    );
    policy(
        &[
            ("over: 5m", "over: §5m"),
            (
                "window: instant",
                "window: {sprt: {alternative: 0.04, alpha: 0.05, beta: 0.1}}",
            ),
        ],
        "CM127",
        "over: 0s",
    );
}

#[test]
fn actions_have_their_means() {
    policy(
        &[("action: rollback", "action: §next-rung")],
        "CM130",
        "ladder",
    );
    let switch = "kill-switch: {id: flag-off, works: true, takes: {constant: 5s}}\n";
    policy(
        &[(switch, ""), ("action: rollback", "action: §kill")],
        "CM131",
        "kill switch",
    );
    policy(
        &[
            (switch, ""),
            ("effect: restore-config", "effect: §throw-kill-switch"),
        ],
        "CM131",
        "",
    );
    policy(&[("deadline: 60s", "deadline: §0")], "CM143", "");
    policy(
        &[(
            "{uniform: {low: 1s, high: 20s}}",
            "§{uniform: {low: 1m, high: 20s}}",
        )],
        "CM135",
        "`low`",
    );
    policy(&[("retries: 1", "retries: §1001")], "CM150", "at most 1000");
}

#[test]
fn worlds_are_possible() {
    world(
        &[
            ("    - {name: east", "    §- {name: east"),
            ("part: 40%", "part: 30%"),
        ],
        "CM142",
        "90%",
    );
    world(
        &[("- {weight: 0.9", "§- {weight: 0.8")],
        "CM141",
        "not to 1",
    );
    world(&[("median: 40", "median: §0")], "CM140", "above 0");
    world(&[("sigma: 0.4", "sigma: §0")], "CM140", "between");
    world(
        &[("base: 0.01}}\n      harms", "base: §1.5}}\n      harms")],
        "CM140",
        "between 0 and 1",
    );
    world(
        &[("per-host-hour: 0.01", "per-host-hour: §-1")],
        "CM140",
        "",
    );
    world(&[("sd: 50", "sd: §-50")], "CM140", "");
    world(&[("size: 50", "size: §0")], "CM140", "");
    world(&[("amplitude: 0.3", "amplitude: §1.3")], "CM140", "");
    world(&[("scrape-every: 15s", "scrape-every: §0")], "CM143", "");
    world(&[("stale-after: 2m", "stale-after: §0s")], "CM143", "");
    world(
        &[(
            "{lognormal: {median: 20s, sigma: 0.5}}",
            "§{lognormal: {median: 20s, sigma: -0.5}}",
        )],
        "CM135",
        "",
    );
    world(&[("hosts: 100", "hosts: §20000000")], "CM024", "");
    world(
        &[(
            "answers-in: {exponential: {mean: 10m}}",
            "answers-in: §{empirical: {values: []}}",
        )],
        "CM135",
        "",
    );
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

#[test]
fn crowds_are_refused_and_not_played() {
    let gate = "\n  - {id: gN, signal: errors, measure: ratio, population: canary, over: 5m, \
                breach: {is: above, limit: {absolute: 0.02}}, window: instant, min-samples: 1, \
                on: {missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}}";
    let many: String = (0..1000)
        .map(|n| gate.replace("gN", &format!("g{n}")))
        .collect();
    policy(
        &[
            (
                "gates:\n  - id: errors-low",
                &format!("gates:{many}\n  - id: errors-low"),
            ),
            ("gates:\n  - {id: g0", "gates:\n  §- {id: g0"),
        ],
        "CM150",
        "at most 1000",
    );
    let names = format!("triggers: §[{}]", vec!["slow"; 100_000].join(", "));
    policy(
        &[("triggers: [errors-high, slow]", &names)],
        "CM150",
        "at most 1000",
    );
    let parts = format!(
        "parts: §[{}]",
        vec!["{weight: 0.01, median: 1, sigma: 1}"; 101].join(", ")
    );
    let (head, rest) = WORLD.split_once("parts:").expect("the latency has parts");
    let (_, tail) = rest.split_once("    - id: crashes").expect("what follows");
    let (text, place) = edited(
        &format!("{head}PARTS\n    - id: crashes{tail}"),
        &[("PARTS", &parts)],
    );
    let report = load::world("w.yaml", text.as_bytes()).expect_err("there are too many");
    found(&report, "CM150", place, "at most 100");
}

#[test]
fn a_flood_of_problems_is_cut() {
    let names: Vec<String> = (0..500).map(|n| format!("g{n}")).collect();
    let text = spoil(
        POLICY,
        "[errors-high, slow]",
        &format!("[{}]", names.join(", ")),
    );
    let report = load::policy("p.yaml", text.as_bytes()).expect_err("no gate is called so");
    assert_eq!(report.diagnostics.len(), 101);
    assert!(report.diagnostics.iter().any(|found| found.code == "CM033"));
}
