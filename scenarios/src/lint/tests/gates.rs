//! Gates, their limits, their samples, and what is measured.

use super::*;

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
