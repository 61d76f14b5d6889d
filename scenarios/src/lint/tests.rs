//! For each rule a policy that trips it and nothing else; the sound policy trips none.

use std::collections::BTreeSet;

use super::{RULES, lint, named};
use crate::fixtures::{self, POLICY, WORLD, spoil};

/// A change of a fixture: what is replaced, and by what.
type Edit<'a> = (&'a str, &'a str);

fn edited(fixture: &str, edits: &[Edit<'_>]) -> String {
    edits.iter().fold(fixture.to_owned(), |text, (old, new)| {
        spoil(&text, old, new)
    })
}

/// Checks that the spoilt policy in the spoilt world trips `code` alone, at the text `place`.
#[track_caller]
fn trips(code: &str, policy: &[Edit<'_>], world: &[Edit<'_>], place: &str) {
    let document = fixtures::policy(&edited(POLICY, policy));
    let world = fixtures::world(&edited(WORLD, world)).value;
    let found = lint(&document, Some(&world));
    let codes: BTreeSet<_> = found.iter().map(|found| found.code).collect();
    let says: Vec<_> = found
        .iter()
        .map(|found| (found.code, &found.message))
        .collect();
    assert_eq!(codes, BTreeSet::from([code]), "{says:?}");
    let span = found[0].span.clone().expect("every finding has a place");
    let text = &document.source[span];
    assert!(text.contains(place), "{text:?} is not {place:?}");
    assert!(found[0].help.is_some(), "{code} says what to do");
}

const ALONE: &[Edit<'_>] = &[];

#[test]
fn the_sound_policy_has_no_finding() {
    let document = fixtures::policy(POLICY);
    let world = fixtures::world(WORLD).value;
    assert_eq!(lint(&document, Some(&world)), []);
    assert_eq!(lint(&document, None), []);
}

#[test]
fn windows_and_stages_that_see_nothing() {
    trips(
        "CM201",
        &[
            ("over: 5m", "over: 14s"),
            ("min-samples: 2000", "min-samples: 700"),
        ],
        ALONE,
        "14s",
    );
    trips(
        "CM223",
        &[(
            "criteria: [errors-low]\n    triggers: [errors-high, slow]\n    approval",
            "criteria: []\n    triggers: []\n    approval",
        )],
        ALONE,
        "half",
    );
    trips(
        "CM202",
        &[("over: 10m, mode", "over: 61m, mode")],
        ALONE,
        "61m",
    );
    trips("CM208", &[("observe: 1h", "observe: 59m")], ALONE, "59m");
    trips(
        "CM229",
        ALONE,
        &[("stale-after: 2m", "stale-after: 19s")],
        "1m",
    );
    trips(
        "CM232",
        &[("consecutive: 1", "consecutive: 2")],
        ALONE,
        "consecutive: 2",
    );
    let against_control = (
        "over: 5m\n    breach: {is: above, limit: {absolute: 0.05}}",
        "over: 0s\n    breach: {is: above, limit: {times: {factor: 2, of: control}}}",
    );
    let bayes = (
        "{sustained: {over: 10m, mode: every}}",
        "{bayes: {level: 0.999, failures: 1, successes: 99}}",
    );
    trips("CM236", &[against_control, bayes], ALONE, "0.999");
}

#[test]
fn targets_and_blast_radius() {
    trips("CM203", &[("max: 50%", "max: 49%")], ALONE, "49%");
    trips("CM204", &[("max: 50%", "max: 51%")], ALONE, "51%");
    // A stage that goes to everybody leaves no control besides, which is a finding of its own.
    let everybody = [("max: 50%", "max: 100%"), ("target: 50%", "target: 100%")];
    let document = fixtures::policy(&edited(POLICY, &everybody));
    let found = lint(&document, Some(&fixtures::world(WORLD).value));
    let codes: BTreeSet<_> = found.iter().map(|found| found.code).collect();
    assert_eq!(codes, BTreeSet::from(["CM204", "CM242"]));
    trips("CM205", &[("target: 5%", "target: 26%")], ALONE, "26%");
    trips(
        "CM206",
        &[
            ("initial: 1%", "initial: 11%\ncritical: true"),
            ("target: 5%", "target: 15%"),
        ],
        ALONE,
        "11%",
    );
    trips(
        "CM226",
        &[
            ("target: 5%", "target: 20%"),
            ("target: 50%", "target: 20%"),
            ("max: 50%", "max: 20%"),
        ],
        ALONE,
        "20%",
    );
    trips(
        "CM237",
        &[("blast-radius: {max: 50%, enforced: true}\n", "")],
        ALONE,
        "50%",
    );
    trips("CM230", ALONE, &[("hosts: 100", "hosts: 19")], "5%");
    trips(
        "CM231",
        &[("rounding: down", "rounding: up")],
        &[("hosts: 100", "hosts: 99")],
        "50%",
    );
    let unleash = (
        "requests-per-second: ",
        "split: {preset: unleash}\n  requests-per-second: ",
    );
    trips(
        "CM244",
        &[("target: 5%", "target: 4.5%")],
        &[unleash],
        "4.5%",
    );
    let two = (
        "requests-per-second: ",
        "split: {preset: nginx-random-two}\n  requests-per-second: ",
    );
    trips("CM244", ALONE, &[two], "5%");
    let shifts = (
        "effect: {revert-hosts: {takes: {uniform: {low: 1s, high: 20s}}}}",
        "effect: shift-traffic",
    );
    let brief = ("deadline: 60s", "deadline: 60s\n  standby: 30s");
    trips("CM245", &[shifts, brief], ALONE, "30s");
    let guard = "rounding: down\ndecide: {exec: {command: [sh, guard.sh], protocol: once, deadline: 1s, \
                 on: {crash: hold, deadline: hold, no-decision: hold, too-much-output: hold}}}";
    trips("CM246", &[("rounding: down", guard)], ALONE, "guard.sh");
    trips(
        "CM233",
        &[("enforced: true", "enforced: false")],
        ALONE,
        "false",
    );
    trips(
        "CM235",
        &[("initial: 1%", "initial: 1%\nincrement: manual")],
        ALONE,
        "manual",
    );
}

#[test]
fn a_single_stage_is_no_rollout() {
    let (first, rest) = POLICY.split_once("  - id: half").expect("the second stage");
    let (_, rest) = rest
        .split_once("kill-switch:")
        .expect("what follows the stages");
    let text = format!("{first}kill-switch:{rest}").replace("max: 50%", "max: 5%");
    let found = lint(&fixtures::policy(&text), None);
    let codes: Vec<_> = found.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["CM207"]);
}

#[test]
fn increments_are_held_against_their_rule() {
    let third = "  - id: third\n    target: 45%\n    ramp: at-once\n    observe: 1h\n    observe-from: entry\n    criteria: [errors-low]\n    triggers: [errors-high, slow]\nkill-switch";
    let stages = |second: &str, rule: &str| {
        let rule = format!("initial: 1%\nincrement: {rule}");
        let edits = [
            ("initial: 1%", rule.as_str()),
            ("target: 50%", second),
            ("kill-switch", third),
            ("max: 50%", "max: 45%"),
        ];
        let found = lint(&fixtures::policy(&edited(POLICY, &edits)), None);
        found.iter().map(|found| found.code).collect::<Vec<_>>()
    };
    assert!(stages("target: 25%", "linear").is_empty());
    assert_eq!(stages("target: 15%", "linear"), ["CM235"]);
    assert!(stages("target: 15%", "exponential").is_empty());
    assert_eq!(stages("target: 25%", "exponential"), ["CM235"]);
}

#[test]
fn limits_without_room() {
    trips(
        "CM210",
        &[("limit: {absolute: 0.05}", "limit: {absolute: 0.02}")],
        ALONE,
        "0.02",
    );
    trips(
        "CM217",
        &[
            ("limit: {absolute: 0.02}", "limit: {absolute: 0.01}"),
            ("is: above", "is: at-least"),
        ],
        ALONE,
        "at-least",
    );
    trips(
        "CM217",
        &[
            ("times: {factor: 1.5", "times: {factor: 0.96"),
            ("is: above, limit: {times", "is: at-least, limit: {times"),
        ],
        ALONE,
        "0.96",
    );
    trips(
        "CM217",
        &[(
            "limit: {times: {factor: 1.5, of: control}}",
            "limit: {absolute: 500}",
        )],
        ALONE,
        "500",
    );
    trips(
        "CM216",
        &[("limit: {absolute: 0.05}", "limit: {absolute: 5}")],
        ALONE,
        "5",
    );
    trips(
        "CM216",
        &[(
            "limit: {times: {factor: 1.5, of: control}}",
            "limit: {absolute: 10000}",
        )],
        ALONE,
        "10000",
    );
    trips(
        "CM216",
        ALONE,
        &[("requests-per-second: 1000", "requests-per-second: 100")],
        "2000",
    );
    trips(
        "CM216",
        &[("{consecutive: 1}", "{count: {failures: 3, of: 3}}")],
        ALONE,
        "3",
    );
    trips(
        "CM228",
        &[("of: control", "of: canary-baseline")],
        ALONE,
        "slow",
    );
}

#[test]
fn limits_in_another_unit_are_asked_about() {
    trips(
        "CM238",
        &[("limit: {absolute: 0.05}", "limit: {absolute: 0.999}")],
        &[("base: 0.01", "base: 0.001")],
        "0.999",
    );
    // 95 % of the requests take less than half a second: 90 s is in no unit that was meant.
    trips(
        "CM238",
        &[(
            "limit: {times: {factor: 1.5, of: control}}",
            "limit: {absolute: 90000}",
        )],
        &[("cap: 10000", "cap: 100000")],
        "90000",
    );
    let one = edited(
        POLICY,
        &[("limit: {absolute: 0.05}", "limit: {absolute: 1}")],
    );
    let found = lint(&fixtures::policy(&one), Some(&fixtures::world(WORLD).value));
    let help = found[0].help.as_deref().expect("a help");
    assert!(
        help.contains("1 is 100%") && help.contains("write `1%`"),
        "{found:?}"
    );
}

#[test]
fn what_is_measured_in_a_stage_must_arrive_in_it() {
    trips(
        "CM240",
        ALONE,
        &[
            ("lag: 5s", "lag: 2h"),
            ("stale-after: 2m", "stale-after: 3h"),
        ],
        "1h",
    );
    // 50 minutes to fill, and 11 until the first data arrive: more than the hour.
    trips(
        "CM202",
        &[("over: 10m, mode", "over: 50m, mode")],
        &[
            ("scrape-every: 15s", "scrape-every: 1m"),
            ("lag: 5s", "lag: 10m"),
            ("stale-after: 2m", "stale-after: 20m"),
        ],
        "50m",
    );
}

#[test]
fn stages_are_compared_by_their_triggers_too() {
    let second = "criteria: [errors-low]\n    triggers: [errors-high, slow]\n    approval";
    trips(
        "CM213",
        &[(
            second,
            "criteria: [errors-low]\n    triggers: [errors-high]\n    approval",
        )],
        ALONE,
        "[errors-high]",
    );
    let first = "triggers: [errors-high, slow]\n  - id: half";
    trips(
        "CM241",
        &[(first, "triggers: [errors-high]\n  - id: half")],
        ALONE,
        "[errors-high]",
    );
}

#[test]
fn a_baseline_without_the_release_in_it() {
    trips("CM242", &[("of: control", "of: fleet")], ALONE, "fleet");
    trips(
        "CM242",
        &[
            ("target: 50%", "target: 100%"),
            ("blast-radius: {max: 50%, enforced: true}\n", ""),
        ],
        ALONE,
        "control",
    );
}

#[test]
fn what_would_never_end_or_is_never_read() {
    trips(
        "CM239",
        &[("action: rollback", "action: step-back")],
        ALONE,
        "step-back",
    );
    trips(
        "CM243",
        &[("action: rollback", "action: rollback, at-most: 3")],
        ALONE,
        "3",
    );
    trips(
        "CM243",
        &[(
            "takes: {constant: 5s}}",
            "takes: {constant: 5s}, cancels-pending: true}",
        )],
        ALONE,
        "true",
    );
}

/// Acceptance row 19, third part: min-sample advice, with the number.
#[test]
fn gates_on_few_samples_are_told_how_many_they_need() {
    trips(
        "CM212",
        &[("min-samples: 2000", "min-samples: 300")],
        ALONE,
        "300",
    );
    let public = [
        ("limit: {absolute: 0.02}", "limit: {absolute: 0.03}"),
        ("min-samples: 2000", "min-samples: 20"),
    ];
    let document = fixtures::policy(&edited(POLICY, &public));
    let found = lint(&document, Some(&fixtures::world(WORLD).value));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].message, "200 samples are needed, 20 are asked for");
    let reason = found[0].reason.as_deref().expect("a reason");
    assert!(reason.contains("18.2%"), "{reason}");
    let alone = lint(
        &fixtures::policy(&spoil(POLICY, "min-samples: 2000", "min-samples: 1")),
        None,
    );
    assert_eq!(
        alone[0].code, "CM212",
        "no world is needed to see that one sample is too few"
    );
}

#[test]
fn gates_and_classes_that_do_nothing() {
    trips("CM211", &[("nan: hold", "nan: pass")], ALONE, "nan: pass");
    trips(
        "CM213",
        &[(
            "observe-from: convergence\n    criteria: [errors-low]",
            "observe-from: convergence\n    criteria: []",
        )],
        ALONE,
        "[]",
    );
    trips(
        "CM214",
        &[("classes:", "classes:\n  - {id: security, action: kill}")],
        ALONE,
        "security",
    );
    let gate = "\n  - {id: idle, signal: memory, measure: mean, population: canary, over: 5m, breach: {is: above, limit: {absolute: 9000}}, window: instant, min-samples: 1, on: {missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}}";
    trips(
        "CM215",
        &[("gates:", &format!("gates:{gate}"))],
        ALONE,
        "idle",
    );
    trips(
        "CM234",
        &[
            ("classes:", "classes:\n  - {id: note, action: record}"),
            ("class: harm\nclasses", "class: note\nclasses"),
        ],
        ALONE,
        "record",
    );
}

#[test]
fn ways_back_that_do_not_lead_back() {
    trips(
        "CM209",
        &[("estimate: 45s", "estimate: 2m30s")],
        ALONE,
        "2m30s",
    );
    trips("CM218", &[("works: true", "works: false")], ALONE, "false");
    trips(
        "CM219",
        &[("acknowledge: lead, ", "")],
        ALONE,
        "fresh-canary",
    );
    trips(
        "CM219",
        &[("fresh-canary: true", "fresh-canary: false")],
        ALONE,
        "false",
    );
    trips("CM224", &[("  deadline: 60s\n", "")], ALONE, "steps");
    trips("CM225", &[("high: 20s", "high: 54s")], ALONE, "54s");
    let words = "effect: publish";
    trips(
        "CM227",
        &[
            ("effect: restore-config", words),
            (
                "effect: {revert-hosts: {takes: {uniform: {low: 1s, high: 20s}}}}",
                words,
            ),
        ],
        ALONE,
        "publish",
    );
}

#[test]
fn evidence_and_waivers() {
    trips(
        "CM220",
        &[("must-not-be-vacuous: true", "must-not-be-vacuous: false")],
        ALONE,
        "vacuous: false",
    );
    trips("CM221", &[("    max-age: 24h\n", "")], ALONE, "build");
    let waiver = |rule: &str, age: &str, approvers: &str| {
        format!("recovery:\nwaivers:\n  - {{rule: {rule}, approvers: [{approvers}], age: {age}, valid-for: 30d, rationale: one region only}}\nrecovery:")
            .replacen("recovery:\n", "", 1)
    };
    let expired = waiver("CM205", "31d", "a, b");
    trips("CM222", &[("recovery:", &expired)], ALONE, "CM205");
    trips(
        "CM222",
        &[("recovery:", &waiver("CM205", "1d", "a, a"))],
        ALONE,
        "CM205",
    );
    trips(
        "CM222",
        &[("recovery:", &waiver("no-such-rule", "1d", "a, b"))],
        ALONE,
        "no-such-rule",
    );
    let wide = ("target: 5%", "target: 26%");
    let valid = waiver("wide-first-stage", "1d", "a, b");
    let document = fixtures::policy(&edited(POLICY, &[wide, ("recovery:", &valid)]));
    assert_eq!(
        lint(&document, None),
        [],
        "a valid waiver silences its rule"
    );
    let document = fixtures::policy(&edited(POLICY, &[wide, ("recovery:", &expired)]));
    let codes: Vec<_> = lint(&document, None)
        .iter()
        .map(|found| found.code)
        .collect();
    assert_eq!(codes, ["CM205", "CM222"], "an expired one does not");
}

/// One look at 120 requests breaches by chance in 2.5 % of the cases; eleven in a row never do.
#[test]
fn a_window_of_many_looks_needs_fewer_samples_than_one_look() {
    let thin = |window: &str, samples: &str, over: &str| {
        let edits = [
            (
                "over: 5m\n    breach: {is: above, limit: {absolute: 0.05}}",
                format!("over: {over}\n    breach: {{is: above, limit: {{absolute: 0.01}}}}"),
            ),
            ("{sustained: {over: 10m, mode: every}}", window.to_owned()),
            (
                "min-samples: 2000\n    on: {missing: hold, stale: hold, nan: breach",
                format!(
                    "min-samples: {samples}\n    on: {{missing: hold, stale: hold, nan: breach"
                ),
            ),
        ];
        let edits: Vec<Edit<'_>> = edits
            .iter()
            .map(|(old, new)| (*old, new.as_str()))
            .collect();
        let world = edited(
            WORLD,
            &[
                ("base: 0.01", "base: 0.003"),
                ("requests-per-second: 1000", "requests-per-second: 40"),
                ("diurnal: {amplitude: 0.3", "diurnal: {amplitude: 0.0"),
            ],
        );
        let found = lint(
            &fixtures::policy(&edited(POLICY, &edits)),
            Some(&fixtures::world(&world).value),
        );
        let found = found
            .into_iter()
            .filter(|it| it.message.contains("120") || it.code == "CM212");
        found
            .filter(|it| !it.message.contains("2000 samples"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        thin("{sustained: {over: 10m, mode: every}}", "1", "1m"),
        [],
        "eleven looks"
    );
    let instant = thin("instant", "1", "1m");
    assert_eq!(instant.len(), 1, "{instant:?}");
    let help = instant[0].help.as_deref().expect("a help");
    // 40 requests a second, 5 % of them, a minute: 120. What one look needs does not come in that time.
    assert!(
        help.contains("about 120 come in `canary`") && help.contains("look back"),
        "{help}"
    );
    let off = thin("{sustained: {over: 10m, mode: every}}", "600", "1m");
    assert_eq!(off[0].code, "CM216", "{off:?}");
    assert!(off[0].message.contains("about 120 come"), "{off:?}");
}

#[test]
fn worlds_and_scenarios_in_another_unit_are_asked_about() {
    let regions = "  regions:\n    - {name: east, zones: 2, part: 60%}\n    - {name: west, zones: 1, part: 40%}\n";
    let placeless = spoil(WORLD, regions, "");
    let world = |old: &str, new: &str| super::world(&fixtures::world(&spoil(&placeless, old, new)));
    assert_eq!(super::world(&fixtures::world(&placeless)), []);
    let doubt = |found: Vec<crate::Diagnostic>, code: &str, says: &str| {
        assert_eq!(found.len(), 1, "{found:?}");
        let text = format!(
            "{} {}",
            found[0].message,
            found[0].help.clone().unwrap_or_default()
        );
        assert!(
            found[0].code == code && text.contains(says),
            "{code}: {found:?}"
        );
    };
    doubt(
        world("requests-per-second: 1000", "requests-per-second: 0"),
        "CM250",
        "no request",
    );
    doubt(world("base: 0.01", "base: 0.294"), "CM251", "`0.294%`");
    doubt(super::world(&fixtures::world(WORLD)), "CM252", "`hosts:`");
    doubt(
        world("  update:", "  order: by-zone\n  update:"),
        "CM252",
        "`hosts:`",
    );
    let seconds = edited(
        &placeless,
        &[
            ("median: 40", "median: 0.04"),
            ("median: 300", "median: 0.03"),
        ],
    );
    doubt(super::world(&fixtures::world(&seconds)), "CM251", "`0.04s`");

    let policy = fixtures::policy(POLICY).value;
    let scene = |edits: &[Edit<'_>]| {
        let scenario = fixtures::scenario(&edited(fixtures::SCENARIO, edits));
        super::scenario(&scenario, &fixtures::world(WORLD).value, Some(&policy))
    };
    assert_eq!(scene(&[]), []);
    doubt(scene(&[("by: 0.1}", "by: 5}")]), "CM260", "`5%`");
    doubt(
        scene(&[("signal: errors, by: 0.1}", "signal: latency, by: 0.3}")]),
        "CM260",
        "`0.3s`",
    );
    doubt(
        scene(&[("horizon: 24h", "load: 0\nhorizon: 24h")]),
        "CM250",
        "no request",
    );
    doubt(
        scene(&[("missed-regression: 1%", "missed-regression: 99%")]),
        "CM262",
        "99%",
    );
    let good = [
        ("is: bad", "is: good"),
        ("by: 0.1}", "by: 0.03}"),
        (", cycle: {on: 10m, off: 2m}", ""),
        ("objectives: {missed-regression: 1%}\n", ""),
    ];
    doubt(scene(&good), "CM261", "`errors-low`");
}

#[test]
fn every_rule_is_tested_and_can_be_named() {
    let tests = include_str!("tests.rs");
    for entry in super::doubts() {
        assert!(
            tests.contains(&format!("\"{}\"", entry.code)),
            "{}",
            entry.code
        );
    }
    for rule in RULES {
        assert!(
            tests.contains(&format!("\"{}\"", rule.entry.code)),
            "{}",
            rule.entry.code
        );
        assert_eq!(
            named(rule.entry.code).map(|found| found.name),
            Some(rule.name)
        );
        assert_eq!(
            named(rule.name).map(|found| found.entry.code),
            Some(rule.entry.code)
        );
        assert!(!rule.source.is_empty(), "{}", rule.entry.code);
    }
}

/// The findings that people made by hand in the five systems, found in the shipped policies.
#[test]
fn the_defects_of_the_five_systems_are_found() {
    use sim_core::policy::Profile;
    let codes = |system: &str, profile| {
        let system = crate::library::system(system).expect("the library has it");
        let policy = fixtures::policy(system.policy(profile).expect("it has both profiles"));
        let world = fixtures::world(system.world).value;
        let found = lint(&policy, Some(&world));
        found
            .iter()
            .map(|found| found.code)
            .collect::<BTreeSet<_>>()
    };
    let expect = [
        // Passes on NaN, one limit for both ways, no least number, a switch that nobody reads.
        (
            "optimize",
            Profile::AsImplemented,
            ["CM211", "CM210", "CM212", "CM218"].as_slice(),
        ),
        // A recovery that nobody acknowledges, a signal that need not be given.
        ("control-plane", Profile::AsImplemented, &["CM211", "CM219"]),
        // Evidence that may be vacuous and old.
        ("cutover", Profile::AsImplemented, &["CM220", "CM221"]),
        // The controller asks for no acknowledgement and lets NaN pass.
        ("raptorq", Profile::AsImplemented, &["CM211", "CM219"]),
        // The code compares the limit with the plan and watches nothing.
        ("wedge", Profile::AsImplemented, &["CM233"]),
    ];
    for (system, profile, wanted) in expect {
        let found = codes(system, profile);
        for code in wanted {
            assert!(found.contains(code), "{system} has {code}: {found:?}");
        }
    }
    let written = codes("control-plane", Profile::AsWritten);
    assert!(
        !written.contains("CM219"),
        "the document asks for an acknowledgement"
    );
    assert!(
        !written.contains("CM211"),
        "the reading of the document fails closed"
    );
}
