//! A rollout for the tools of monitoring: series, a test of alert rules, a dashboard; judged by promtool where there is one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{Ran, coalmine, ran};

const ROLLOUT: &str = "wedge --scenario step-regression --seed 7";

fn export(words: &str) -> Ran {
    let words = format!("export {words}");
    coalmine(&words.split_whitespace().collect::<Vec<_>>())
}

/// Runs promtool in a folder; none where it is not installed.
#[expect(clippy::print_stdout, reason = "what is left out is said in one line")]
fn promtool(folder: &Path, args: &[&str]) -> Option<Ran> {
    let output = Command::new("promtool")
        .args(args)
        .current_dir(folder)
        .output();
    if let Ok(output) = output {
        return Some(ran(output));
    }
    println!("there is no promtool (apt-get install prometheus): left out");
    None
}

/// The points of each series, in their order.
fn series(text: &str) -> BTreeMap<String, Vec<(f64, f64)>> {
    let mut all: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, rest) = line.rsplit_once("} ").unwrap_or_else(|| panic!("{line}"));
        let (value, when) = rest.split_once(' ').unwrap();
        let point = (when.parse().unwrap(), value.parse().unwrap());
        all.entry(format!("{name}}}")).or_default().push(point);
    }
    all
}

#[test]
fn counters_only_grow_and_buckets_hold_what_is_below_them_up_to_infinity() {
    let text = export(&format!("openmetrics {ROLLOUT}")).out;
    assert!(text.ends_with("# EOF\n"), "{text}");
    let all = series(&text);
    let mut seen = 0;
    for (name, points) in &all {
        assert!(points.is_sorted_by(|one, next| one.0 < next.0), "{name}");
        let counts = ["_total{", "_bucket{", "_count{"];
        if counts.iter().any(|suffix| name.contains(suffix)) {
            assert!(points.is_sorted_by(|one, next| one.1 <= next.1), "{name}");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} counters");
    for version in ["stable", "canary"] {
        let bucket = |le: &str| {
            let name = format!("latency_seconds_bucket{{version=\"{version}\",le=\"{le}\"}}");
            all.get(&name)
                .unwrap_or_else(|| panic!("no {name}"))
                .last()
                .unwrap()
                .1
        };
        let bounds = ["0.005", "0.05", "0.5", "5", "30", "+Inf"].map(bucket);
        assert!(bounds.is_sorted(), "{version}: {bounds:?}");
        let count = &all[&format!("latency_seconds_count{{version=\"{version}\"}}")];
        assert_eq!(bounds[5], count.last().unwrap().1, "{version}");
        // Half of the requests of wedge take less than about 43 ms (0.9 of them have a median of 40 ms).
        assert!(
            bounds[1] / bounds[5] > 0.4 && bounds[1] / bounds[5] < 0.8,
            "{bounds:?}"
        );
    }
}

#[test]
fn a_counter_begins_anew_where_a_fault_resets_it_and_a_gap_is_stale() {
    let folder = TempDir::new().unwrap();
    let scenario = "version: 1\nname: reset\nworld: {library: wedge}\nrelease: {is: good, effects: []}\nfaults:\n  - id: restart\n    change: {counter-reset: {signal: error_rate}}\n    course: {after: 40m}\nhorizon: 6h\n";
    let path = folder.path().join("reset.scenario.yaml");
    fs::write(&path, scenario).unwrap();
    let words = format!("wedge --scenario {}", path.display());
    let text = export(&format!("openmetrics {words}")).out;
    let all = series(&text);
    let falls = |name: &str| {
        let points = &all[name];
        points
            .windows(2)
            .filter(|pair| pair[1].1 < pair[0].1)
            .count()
    };
    assert_eq!(falls("error_rate_total{version=\"canary\"}"), 1);
    assert_eq!(falls("latency_seconds_count{version=\"canary\"}"), 0);
    let test = export(&format!("promtest {words}")).out;
    let values: Vec<_> = test
        .lines()
        .filter(|line| line.contains("values:"))
        .collect();
    assert!(values.len() > 10, "{test}");
    for line in values {
        let words: Vec<_> = line.split('"').nth(1).unwrap().split(' ').collect();
        for pair in words.windows(2) {
            let value = |word: &str| word.parse::<f64>().is_ok();
            assert!(
                !value(pair[0]) || value(pair[1]) || pair[1] == "stale",
                "{line}"
            );
        }
    }
}

#[test]
fn a_counter_goes_on_counting_while_nothing_reads_it() {
    let folder = TempDir::new().unwrap();
    let scenario = "version: 1\nname: gap\nworld: {library: wedge}\nrelease: {is: good, effects: []}\nfaults:\n  - id: outage\n    change: {outage: {}}\n    course: {after: 40m30s, lasts: 10m}\nhorizon: 2h\n";
    let path = folder.path().join("gap.scenario.yaml");
    fs::write(&path, scenario).unwrap();
    let read = |scenario: &str| {
        let text = export(&format!("openmetrics wedge --scenario {scenario}")).out;
        series(&text)
    };
    let (with, without) = (read(&path.display().to_string()), read("healthy"));
    for name in ["error_rate_total", "latency_seconds_count", "crashes_total"] {
        let name = format!("{name}{{version=\"stable\"}}");
        let times: Vec<_> = with[&name]
            .iter()
            .map(|(when, _)| (when - 946_684_800.0) / 60.0)
            .collect();
        // Scrapes 41 to 50 are lost; each is seen ten seconds later, at the next evaluation.
        let lost: Vec<_> = (41..53)
            .map(f64::from)
            .filter(|at| !times.contains(at))
            .collect();
        assert_eq!(lost, (42..52).map(f64::from).collect::<Vec<_>>(), "{name}");
        let at = |all: &[(f64, f64)], minute: f64| {
            let found = all
                .iter()
                .find(|(when, _)| (when - 946_684_800.0) / 60.0 == minute);
            found.unwrap_or_else(|| panic!("nothing at {minute}")).1
        };
        for minute in [41.0, 52.0, 60.0] {
            assert_eq!(
                at(&with[&name], minute),
                at(&without[&name], minute),
                "{name} at {minute}"
            );
        }
    }
}

#[test]
fn promtool_takes_the_series_into_blocks() {
    let folder = TempDir::new().unwrap();
    let text = export(&format!("openmetrics {ROLLOUT}")).out;
    fs::write(folder.path().join("rollout.om"), &text).unwrap();
    let blocks = [
        "tsdb",
        "create-blocks-from",
        "openmetrics",
        "rollout.om",
        "data",
    ];
    let Some(made) = promtool(folder.path(), &blocks) else {
        return;
    };
    assert_eq!(made.code, 0, "{made:?}");
    let analysed = promtool(folder.path(), &["tsdb", "analyze", "data"]).unwrap();
    assert_eq!(analysed.code, 0, "{analysed:?}");
    assert!(
        analysed.out.contains("latency_seconds_bucket"),
        "{analysed:?}"
    );
}

#[test]
fn a_rule_that_is_later_than_the_policys_own_trigger_fails_its_test() {
    let folder = TempDir::new().unwrap();
    let test = export(&format!("promtest {ROLLOUT}"));
    assert_eq!(test.code, 0, "{test:?}");
    fs::write(folder.path().join("test.yml"), &test.out).unwrap();
    for (lasts, code) in [("0s", 0), ("10m", 1)] {
        let rules = format!(
            "groups:\n  - name: canary\n    rules:\n      - alert: CanaryErrors\n        expr: sum(increase(error_rate_bad_total{{version=\"canary\"}}[5m])) / sum(increase(error_rate_total{{version=\"canary\"}}[5m])) > 0.01\n        for: {lasts}\n"
        );
        fs::write(folder.path().join("rules.yml"), rules).unwrap();
        let Some(judged) = promtool(folder.path(), &["test", "rules", "test.yml"]) else {
            return;
        };
        assert_eq!(judged.code, code, "for: {lasts}: {judged:?}");
    }
    let healthy =
        export("promtest wedge --scenario healthy --alert CanaryErrors --rules rules.yml");
    fs::write(folder.path().join("healthy.yml"), &healthy.out).unwrap();
    let judged = promtool(folder.path(), &["test", "rules", "healthy.yml"]).unwrap();
    assert_eq!(judged.code, 0, "{judged:?}");
}

#[test]
fn the_dashboard_asks_for_series_that_are_exported_and_marks_the_stages() {
    let text = export(&format!("openmetrics {ROLLOUT}")).out;
    let dashboard: Value =
        serde_json::from_str(&export(&format!("grafana {ROLLOUT}")).out).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    assert!(panels.len() >= 4, "{dashboard}");
    for panel in panels {
        let asked = panel["targets"][0]["expr"].as_str().unwrap();
        let known = series(&text);
        let name = |series: &str| series.split('{').next().unwrap().to_owned();
        assert!(
            known.keys().any(|series| asked.contains(&name(series))),
            "{asked}"
        );
    }
    let marks = &dashboard["annotations"]["list"][0];
    assert_eq!(marks["expr"], "coalmine_stage == 1");
    assert!(
        text.contains("coalmine_stage{stage=\"canary\"} 1"),
        "{text}"
    );
}

#[test]
fn options_of_a_rule_test_are_refused_elsewhere() {
    let ran = export(&format!("openmetrics {ROLLOUT} --alert X"));
    assert_eq!(ran.code, 2, "{ran:?}");
}

const RULES: &str = "groups:\n  - name: canary\n    rules:\n      - alert: CanaryErrors\n        expr: sum(increase(http_bad_total{job=\"shop\",version=\"canary\"}[5m])) / sum(increase(error_rate_total{version=\"canary\"}[5m])) > 0.01\n        for: 2m\n      - alert: Never\n        expr: vector(0) > 1\n";

/// Rules, and a map of names, in a folder of their own.
fn rules() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("rules.yml"), RULES).unwrap();
    let names = r#"{"error_rate_bad_total": "http_bad_total{job=\"shop\"}"}"#;
    fs::write(folder.path().join("names.json"), names).unwrap();
    folder
}

fn rehearse(folder: &Path, words: &str) -> Ran {
    let words = format!("rehearse {words} --rules rules.yml --series names.json");
    let mut command = crate::command::command(&words.split_whitespace().collect::<Vec<_>>());
    ran(command.current_dir(folder).output().unwrap())
}

#[test]
fn rules_watch_rollouts_and_their_delays_stand_beside_those_of_the_policy() {
    let folder = rules();
    if promtool(folder.path(), &["--version"]).is_none() {
        return;
    }
    let told = rehearse(
        folder.path(),
        "wedge --scenario step-regression -n 3 --format json",
    );
    assert_eq!(told.code, 0, "{told:?}");
    let told: Value = serde_json::from_str(&told.out).unwrap();
    let alarms = told["alarms"].as_array().unwrap();
    let names: Vec<_> = alarms
        .iter()
        .map(|alarm| alarm["alarm"].as_str().unwrap())
        .collect();
    let own = [
        "the policy's own triggers",
        "gate error-rate-trigger",
        "CanaryErrors",
    ];
    assert_eq!(names, own);
    for alarm in alarms {
        if alarm["alarm"].as_str().unwrap().starts_with("gate ") {
            continue;
        }
        assert_eq!(alarm["fired"], 3, "{alarm}");
        assert_eq!(alarm["false_alarms"], 0, "{alarm}");
        // A regression of several percent passes 1 % of five minutes within them, and then lasts; a trigger of the
        // wedge waits for 15 minutes.
        let delays = alarm["delays_s"].as_array().unwrap().iter();
        let longest = delays
            .map(|delay| delay.as_f64().unwrap())
            .fold(0.0, f64::max);
        let most = if alarm["alarm"] == "CanaryErrors" {
            600.0
        } else {
            3600.0
        };
        assert!(longest > 0.0 && longest <= most, "{alarm}");
    }
    let healthy = rehearse(folder.path(), "wedge --scenario healthy -n 2 --format json");
    let healthy: Value = serde_json::from_str(&healthy.out).unwrap();
    let rollouts = healthy["rollouts"].as_array().unwrap();
    assert!(
        rollouts
            .iter()
            .all(|rollout| rollout["alerts_s"] == serde_json::json!({}))
    );
    let broken = folder.path().join("rules.yml");
    fs::write(&broken, RULES.replace("> 1\n", "> >\n")).unwrap();
    let refused = rehearse(folder.path(), "wedge --scenario healthy -n 2");
    assert!(
        refused.code == 3 && refused.err.contains("promtool refuses"),
        "{refused:?}"
    );
}

/// What a browser may do here is nothing: the port is for programs of this machine. See `.ci/live` for what they are told.
#[test]
#[cfg(feature = "serve")]
fn what_a_rehearsal_with_real_monitoring_lacks_is_said_with_what_to_install() {
    let folder = rules();
    let rules = "rehearse wedge --scenario healthy --rules rules.yml";
    let metrics = "serve metrics wedge --scenario healthy";
    let there = promtool(folder.path(), &["--version"]).is_some();
    let mut checked = 0;
    for (words, code, says) in [
        (
            format!("{metrics} --promtool ./none"),
            3,
            "there is no ./none",
        ),
        (
            format!("{metrics} --prometheus ./none"),
            3,
            "apt-get install prometheus",
        ),
        (
            format!("{rules} --live --alertmanager ./none"),
            3,
            "apt-get install prometheus-alertmanager",
        ),
        (format!("{rules} --live -n 3"), 2, "'--runs <N>'"),
        (format!("{rules} --speed 2"), 2, "--live"),
        (format!("{metrics} --speed 0"), 2, "0.001"),
        ("serve".to_owned(), 2, "<POLICY>"),
    ] {
        // Blocks are made and rules are read before a server is started.
        if code == 3 && !words.contains("--promtool") && !there {
            continue;
        }
        let mut command = crate::command::command(&words.split_whitespace().collect::<Vec<_>>());
        let told = ran(command.current_dir(folder.path()).output().unwrap());
        assert_eq!(told.code, code, "{words}: {told:?}");
        assert!(told.err.contains(says), "{words}: {told:?}");
        checked += 1;
    }
    assert!(checked >= 5);
}

#[test]
fn a_missing_promtool_is_said_with_what_to_install() {
    let folder = rules();
    let words = [
        "rehearse",
        "wedge",
        "--scenario",
        "healthy",
        "--rules",
        "rules.yml",
    ];
    let mut command = crate::command::command(&words);
    command
        .current_dir(folder.path())
        .env("PATH", folder.path());
    let told = ran(command.output().unwrap());
    assert_eq!(told.code, 3, "{told:?}");
    assert!(told.err.contains("apt-get install prometheus"), "{told:?}");
}
