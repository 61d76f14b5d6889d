//! The cutover's metrics snapshot and gate summary.

use super::{export, keys, parsed};
use crate::command::coalmine;

/// The keys of parity/generated/cp8/cp8-metrics.json of openclaw-rust, with `limits` as its later
/// versions write it (the recorded cases of the CP8 benchmark).
#[test]
fn the_snapshot_has_the_keys_of_the_gates_own_file() {
    let metrics = parsed(&export("snapshot cutover --scenario healthy"));
    let expect = [
        "gate",
        "passed",
        "totalFixtures",
        "totalDurationMs",
        "avgFixtureDurationMs",
        "reliabilityFixtureCount",
        "securityFixtureCount",
        "benchmarkFixtureCount",
        "benchmarkMetrics",
        "cutoverRunbookPath",
        "cutoverRunbookValidated",
        "resultsTsv",
    ];
    assert_eq!(keys(&metrics), expect);
    let benchmark = &metrics["benchmarkMetrics"];
    let expect = [
        "elapsedMs",
        "fixture",
        "iterations",
        "latencyUs",
        "limits",
        "rssKiB",
        "throughputOpsPerSec",
    ];
    assert_eq!(keys(benchmark), expect);
    assert_eq!(
        keys(&benchmark["latencyUs"]),
        ["max", "min", "p50", "p95", "p99"]
    );
    let latency = |name: &str| benchmark["latencyUs"][name].as_u64().unwrap();
    assert!(latency("p50") <= latency("p95"), "{benchmark}");
    assert!(latency("p95") <= latency("p99"), "{benchmark}");
    assert!(latency("p99") <= latency("max"), "{benchmark}");
    // The world's own figures: p50 0.11 ms, 5106 operations a second, 23.2 MiB.
    assert!((80..200).contains(&latency("p50")), "{benchmark}");
    let throughput = benchmark["throughputOpsPerSec"].as_f64().unwrap();
    assert!((3700.0..6500.0).contains(&throughput), "{benchmark}");
    let rss = benchmark["rssKiB"].as_u64().unwrap();
    assert!((22_000..26_000).contains(&rss), "{benchmark}");
    assert_eq!(metrics["passed"], metrics["totalFixtures"]);
    assert_eq!(metrics["securityFixtureCount"], 5);
}

#[test]
fn every_percentile_is_that_of_single_requests_whatever_the_gates_read() {
    // The code's own gate reads p99 alone; the median was null as long as a histogram stood for the requests.
    let metrics = parsed(&export(
        "snapshot cutover --scenario healthy --profile as-implemented",
    ));
    let latency = &metrics["benchmarkMetrics"]["latencyUs"];
    let value = |name: &str| latency[name].as_u64().expect("a percentile is a number");
    assert!((80..200).contains(&value("p50")), "{latency}");
    let names = ["min", "p50", "p95", "p99", "max"];
    assert!(names.map(value).is_sorted(), "{latency}");
}

#[test]
fn the_table_of_results_and_the_summary_count_alike() {
    let rollout = "gate-summary cutover --scenario step-regression";
    let (page, table) = (export(rollout), export(&format!("{rollout} --format text")));
    let mut rows = table.lines();
    assert_eq!(rows.next(), Some("test\tduration_ms\tstatus"));
    let cells: Vec<Vec<_>> = rows.map(|row| row.split('\t').collect()).collect();
    assert!(cells.iter().all(|row| row.len() == 3), "{table}");
    let passed = cells.iter().filter(|row| row[2] == "pass").count();
    let told = format!("- Fixtures passed: {passed}/{}", cells.len());
    assert!(page.contains(&told), "{told}\n{page}");
    assert!(
        cells.contains(&vec!["crash-loop", "1800000", "fail"]),
        "{table}"
    );
}

#[test]
fn what_a_world_does_not_measure_is_refused_with_what_it_does() {
    let ran = coalmine(&["export", "sql", "wedge", "--scenario", "healthy"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.err.contains("no signal called timeout_rate"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("error_rate, latency, crashes"),
        "{}",
        ran.err
    );
    let ran = coalmine(&["export", "incident", "wedge", "--scenario", "healthy"]);
    assert_eq!(ran.code, 3, "{ran:?}");
}
