//! Policies that are wrong in one way each.

use super::*;

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
