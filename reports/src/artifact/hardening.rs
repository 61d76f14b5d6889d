//! The hardening gate of the CP8 cutover: its metrics snapshot, its results and its summary.

use serde_json::{Value, json};
use sim_core::engine::SimTime;
use sim_core::policy::gate::{Gate, Judgement, Measure};
use sim_core::{Event, Experiment, History};

use crate::common::escape::escape;
use crate::common::markdown::plain;

/// The signals of the defenders whose regression is critical (CP8 Cutover Runbook, Canary and Staged).
const SECURITY: [&str; 5] = [
    "prompt_guard",
    "command_guard",
    "tool_loop",
    "policy_bundle",
    "command_policy_drift",
];

/// One gate as the hardening gate counts it: a fixture that passed or failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixture {
    /// The gate.
    pub test: String,
    /// What it is counted as.
    kind: Kind,
    /// How long the gate looks back, in milliseconds.
    pub duration_ms: u64,
    /// Whether it let the rollout pass; a gate that could not see did not.
    pub pass: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Reliability,
    Security,
    Benchmark,
}

/// The profile of the canary that the runbook asks for: latency percentiles, throughput, memory.
///
/// A percentile is none where the histogram that the gates read is too coarse to tell it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// The name of the latency signal.
    pub fixture: String,
    /// The time that was looked at, in milliseconds.
    pub elapsed_ms: u64,
    /// The requests that were measured.
    pub iterations: u64,
    /// The fastest of as many requests as a benchmark has, in milliseconds.
    pub min: Option<f64>,
    /// The median in milliseconds.
    pub p50: Option<f64>,
    /// The 95th percentile in milliseconds.
    pub p95: Option<f64>,
    /// The 99th percentile in milliseconds.
    pub p99: Option<f64>,
    /// The slowest of them, in milliseconds.
    pub max: Option<f64>,
    /// The limit of the 99th percentile in milliseconds, where a gate has one.
    pub p99_limit: Option<f64>,
    /// Operations a second.
    pub throughput: Option<f64>,
    /// The resident memory in MiB.
    pub rss_mib: Option<f64>,
}

/// Everything that the hardening gate writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Hardening {
    /// The gates that were read.
    pub fixtures: Vec<Fixture>,
    /// The profile of the canary.
    pub profile: Profile,
    /// The policy that was played, as it was named.
    pub runbook: String,
    /// Whether its prerequisites were in order.
    pub validated: bool,
}

/// Returns the gates that were read until `at`, with what each said last.
pub fn fixtures(experiment: &Experiment, history: &History, at: SimTime) -> Vec<Fixture> {
    let gates = experiment.policy.gates.iter().enumerate();
    gates
        .filter_map(|(index, gate)| Some(fixture(gate, last(history, index, at)?)))
        .collect()
}

fn last(history: &History, index: usize, until: SimTime) -> Option<Judgement> {
    let mut said = history.iter().filter_map(|&(at, event)| match event {
        Event::Judged {
            gate, judgement, ..
        } if usize::from(gate) == index && at <= until => Some(judgement),
        _ => None,
    });
    said.next_back()
}

fn fixture(gate: &Gate, said: Judgement) -> Fixture {
    let kind = if SECURITY.contains(&gate.signal.as_str()) {
        Kind::Security
    } else if matches!(gate.measure, Measure::Quantile(_)) || gate.signal.contains("throughput") {
        Kind::Benchmark
    } else {
        Kind::Reliability
    };
    Fixture {
        test: gate.id.clone(),
        kind,
        duration_ms: gate.over.as_nanos() / 1_000_000,
        pass: said == Judgement::Pass,
    }
}

impl Hardening {
    /// Writes `cp8-metrics.json`.
    pub fn metrics(&self) -> String {
        let (total, duration) = (self.fixtures.len(), self.duration_ms());
        let document = json!({
            "gate": "cp8",
            "passed": self.passed(),
            "totalFixtures": total,
            "totalDurationMs": duration,
            "avgFixtureDurationMs": self.average_ms(),
            "reliabilityFixtureCount": self.count(Kind::Reliability),
            "securityFixtureCount": self.count(Kind::Security),
            "benchmarkFixtureCount": self.count(Kind::Benchmark),
            "benchmarkMetrics": self.profile.metrics(),
            "cutoverRunbookPath": self.runbook,
            "cutoverRunbookValidated": self.validated,
            "resultsTsv": "cp8-fixture-results.tsv",
        });
        serde_json::to_string_pretty(&document).expect("metrics have text keys") + "\n"
    }

    /// Writes `cp8-fixture-results.tsv`.
    pub fn results(&self) -> String {
        let line = |fixture: &Fixture| {
            let status = if fixture.pass { "pass" } else { "fail" };
            format!(
                "{}\t{}\t{status}\n",
                escape(&fixture.test),
                fixture.duration_ms
            )
        };
        let lines: String = self.fixtures.iter().map(line).collect();
        format!("test\tduration_ms\tstatus\n{lines}")
    }

    /// Writes `cp8-gate-summary.md`.
    pub fn summary(&self) -> String {
        let benchmark = self.benchmark();
        let validated = if self.validated {
            "Cutover runbook validated"
        } else {
            "Cutover runbook NOT validated"
        };
        [
            "## CP8 Reliability + Security Hardening Gate\n".to_owned(),
            format!(
                "- Fixtures passed: {}/{}",
                self.passed(),
                self.fixtures.len()
            ),
            format!("- Reliability fixtures: {}", self.count(Kind::Reliability)),
            format!("- Security fixtures: {}", self.count(Kind::Security)),
            format!("- Benchmark fixtures: {}", self.count(Kind::Benchmark)),
            format!("- Total duration: {} ms", self.duration_ms()),
            format!("- Avg fixture duration: {} ms", self.average_ms()),
            format!("- Benchmark latency(us): {benchmark}"),
            format!("- {validated}: {}", plain(&self.runbook)),
            "- Artifact metrics: cp8-metrics.json".to_owned(),
            "- Artifact results: cp8-fixture-results.tsv\n".to_owned(),
        ]
        .join("\n")
    }

    /// The benchmark's figures in one line, `None` for those that are missing.
    fn benchmark(&self) -> String {
        let profile = &self.profile;
        let none = || "None".to_owned();
        let micros = |value| micros(value).map_or_else(none, |micros| micros.to_string());
        let rate = profile
            .throughput
            .map_or_else(none, |rate| format!("{rate:.2}"));
        let rss = profile.rss_kib().map_or_else(none, |rss| rss.to_string());
        let [p50, p95, p99] = [profile.p50, profile.p95, profile.p99].map(micros);
        format!("p50={p50}, p95={p95}, p99={p99}, throughput={rate} ops/s, rssKiB={rss}")
    }

    fn passed(&self) -> usize {
        self.fixtures.iter().filter(|fixture| fixture.pass).count()
    }

    fn count(&self, kind: Kind) -> usize {
        let all = self.fixtures.iter();
        all.filter(|fixture| fixture.kind == kind).count()
    }

    fn duration_ms(&self) -> u64 {
        self.fixtures
            .iter()
            .map(|fixture| fixture.duration_ms)
            .sum()
    }

    fn average_ms(&self) -> u64 {
        self.duration_ms() / (self.fixtures.len() as u64).max(1)
    }
}

impl Profile {
    fn metrics(&self) -> Value {
        json!({
            "elapsedMs": self.elapsed_ms,
            "fixture": self.fixture,
            "iterations": self.iterations,
            "latencyUs": {
                "max": micros(self.max),
                "min": micros(self.min),
                "p50": micros(self.p50),
                "p95": micros(self.p95),
                "p99": micros(self.p99),
            },
            "limits": {"p99Us": micros(self.p99_limit)},
            "rssKiB": self.rss_kib(),
            "throughputOpsPerSec": self.throughput,
        })
    }

    fn rss_kib(&self) -> Option<u64> {
        self.rss_mib.map(|mib| (mib * 1024.0).round() as u64)
    }
}

/// Whole microseconds, as the gate writes them.
fn micros(millis: Option<f64>) -> Option<u64> {
    millis.map(|millis| (millis * 1e3).round() as u64)
}
