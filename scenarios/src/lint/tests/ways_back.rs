//! The way back, evidence, worlds and scenarios.

use super::*;

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

#[test]
fn worlds_and_scenarios_in_another_unit_are_asked_about() {
    let regions = "  regions:\n    - {name: east, zones: 2, part: 60%}\n    - {name: west, zones: 1, part: 40%}\n";
    let placeless = spoil(WORLD, regions, "");
    let world =
        |old: &str, new: &str| super::super::world(&fixtures::world(&spoil(&placeless, old, new)));
    assert_eq!(super::super::world(&fixtures::world(&placeless)), []);
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
    doubt(
        super::super::world(&fixtures::world(WORLD)),
        "CM252",
        "`hosts:`",
    );
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
    doubt(
        super::super::world(&fixtures::world(&seconds)),
        "CM251",
        "`0.04s`",
    );

    let policy = fixtures::policy(POLICY).value;
    let scene = |edits: &[Edit<'_>]| {
        let scenario = fixtures::scenario(&edited(fixtures::SCENARIO, edits));
        super::super::scenario(&scenario, &fixtures::world(WORLD).value, Some(&policy))
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
