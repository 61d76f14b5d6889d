//! Worlds that are wrong in one way each.

use super::*;

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
