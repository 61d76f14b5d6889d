//! Rows of analysis runs: metrics, answers, latencies; every measurement, the phases, the message and the end. And the
//! table of the engine's own tests of the phase of a metric.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::row::{answer, differ, halves};
use crate::argo::assess::{Phase, Tally, metric_phase};
use crate::argo::metric::{Count, Metric};
use crate::argo::run::{AnalysisRun, AnalysisSpec, Answer, Measurement, Reading};

/// What each metric answers in turn, and how long it takes; the last answer is repeated, latencies that are not given
/// are none.
struct Provider {
    names: Vec<String>,
    values: BTreeMap<String, Vec<Json>>,
    latencies: BTreeMap<String, Vec<i64>>,
    taken: Vec<usize>,
}

impl Provider {
    fn read(&mut self, metric: usize) -> Reading {
        let name = &self.names[metric];
        let nth = self.taken[metric];
        self.taken[metric] += 1;
        let values = self.values.get(name).map_or(&[][..], Vec::as_slice);
        let value = values.get(nth).or(values.last()).unwrap_or(&Json::Null);
        let latency = self
            .latencies
            .get(name)
            .and_then(|list| list.get(nth))
            .copied()
            .unwrap_or(0);
        Reading {
            answer: given(value),
            latency,
        }
    }
}

fn given(value: &Json) -> Answer {
    match value.as_str() {
        Some("error") => Answer::Failure("server_error: server error: 500".into()),
        Some("empty") => Answer::Value(answer(&Json::Array(Vec::new()))),
        _ if value.is_array() => Answer::Value(answer(value)),
        _ => Answer::Value(answer(&Json::Array(vec![value.clone()]))),
    }
}

fn read<T: serde::de::DeserializeOwned + Default>(json: &Json, key: &str) -> Result<T, String> {
    let value = json.get(key).cloned();
    value.map_or(Ok(T::default()), |v| {
        serde_json::from_value(v).map_err(|e| format!("{key}: {e}"))
    })
}

fn milliseconds(json: &Json, key: &str) -> Option<i64> {
    json.get(key)
        .and_then(Json::as_f64)
        .map(|seconds| (seconds * 1000.0).round() as i64)
}

fn spec(case: &Json) -> Result<AnalysisSpec, String> {
    let mut metrics: Vec<Metric> = read(case, "metrics")?;
    for metric in &mut metrics {
        if metric.provider.is_null() {
            metric.provider = serde_json::json!({"prometheus": {}});
        }
    }
    let rules: Vec<BTreeMap<String, String>> = read(case, "dry_run")?;
    let dry_run = rules
        .into_iter()
        .filter_map(|mut rule| rule.remove("metricName"))
        .collect();
    Ok(AnalysisSpec {
        metrics,
        args: Vec::new(),
        dry_run,
    })
}

/// A row of `argo-analysis`.
pub(super) fn replay(row: &Json) -> Result<(), String> {
    let (case, real) = halves(row)?;
    let spec = spec(case)?;
    let names: Vec<String> = spec.metrics.iter().map(|m| m.name.clone()).collect();
    let mut provider = Provider {
        taken: vec![0; names.len()],
        names,
        values: read(case, "values")?,
        latencies: read(case, "latency_ms")?,
    };
    let mut run = AnalysisRun::new(&spec);
    let stop = milliseconds(case, "terminate_at");
    let until = milliseconds(case, "until").unwrap_or(i64::MAX);
    let (taken, ended) = walk(&mut run, &mut provider, stop, until);
    compare(real, &run, &taken, ended, &provider.names)
}

/// Wakes the run when it asks for it, and when it is told to stop.
fn walk(
    run: &mut AnalysisRun,
    provider: &mut Provider,
    stop: Option<i64>,
    until: i64,
) -> (Vec<Measurement>, i64) {
    let mut now = 1;
    let mut taken = Vec::new();
    loop {
        if stop.is_some_and(|stop| now > stop) {
            run.terminate();
        }
        let round = run.wake(now, &mut |metric, _| provider.read(metric));
        taken.extend(round.measurements);
        if run.phase().completed() {
            return (taken, round.over);
        }
        let told = stop.map(|stop| stop + 1).filter(|stop| *stop > round.over);
        let Some(next) = [round.next, told].into_iter().flatten().min() else {
            return (taken, round.over);
        };
        now = next;
        if now > until {
            return (taken, now);
        }
    }
}

fn measured(real: &Json, taken: &[Measurement], names: &[String]) -> Result<(), String> {
    let shown = |m: &Measurement| {
        let seconds = m.at as f64 / 1000.0;
        serde_json::json!({"metric": names[m.metric], "at": seconds, "phase": format!("{:?}", m.phase),
            "metric_phase": format!("{:?}", m.metric_phase), "count": m.count})
    };
    let ours: Vec<Json> = taken.iter().map(shown).collect();
    let theirs: Vec<Json> = read(real, "measurements")?;
    for (theirs, ours) in theirs.iter().zip(&ours) {
        for key in ["metric", "at", "phase", "metric_phase", "count"] {
            let what = format!("measurement {ours}: {key}");
            differ(&what, &theirs.get(key), &ours.get(key))?;
        }
    }
    differ("number of measurements", &theirs.len(), &ours.len())
}

fn compare(
    real: &Json,
    run: &AnalysisRun,
    taken: &[Measurement],
    ended: i64,
    names: &[String],
) -> Result<(), String> {
    let text = |key| {
        real.get(key)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_string()
    };
    measured(real, taken, names)?;
    let phases: BTreeMap<String, String> = read(real, "metric_phases")?;
    let of_run = run
        .metric_phases()
        .map(|(name, phase)| (name.to_string(), format!("{phase:?}")))
        .collect();
    differ("metric phases", &phases, &of_run)?;
    differ(
        "run phase",
        &text("run_phase"),
        &format!("{:?}", run.phase()),
    )?;
    differ("message", &text("message"), &run.message().to_string())?;
    differ("ended at", &milliseconds(real, "ended_at"), &Some(ended))
}

/// A row of `argo.assess_metric_status`.
pub(super) fn table(row: &Json) -> Result<(), String> {
    let metric = metric_of(row.get("metric").ok_or("no metric")?);
    let result = row.get("result").unwrap_or(&Json::Null);
    let tally = tally_of(result);
    let last: Option<Phase> = read(row, "last_measurement")?;
    let terminating = row.get("terminating").and_then(Json::as_bool) == Some(true);
    let expected = row.get("expect").and_then(Json::as_str).unwrap_or_default();
    let stored: Option<Phase> = read(result, "Phase")?;
    let phase = stored
        .filter(|p| p.completed())
        .unwrap_or_else(|| metric_phase(&metric.limits(), &tally, last, terminating));
    differ("phase", &expected.to_string(), &format!("{phase:?}"))
}

fn number(json: &Json, key: &str) -> Option<i64> {
    json.get(key).and_then(Json::as_i64)
}

fn metric_of(given: &Json) -> Metric {
    let limit = |key: &str| number(given, key).map(Count::Number);
    Metric {
        interval: given
            .get("Interval")
            .and_then(Json::as_str)
            .unwrap_or_default()
            .into(),
        count: limit("Count"),
        failure_limit: limit("FailureLimit"),
        inconclusive_limit: limit("InconclusiveLimit"),
        consecutive_error_limit: limit("ConsecutiveErrorLimit"),
        consecutive_success_limit: limit("ConsecutiveSuccessLimit"),
        ..Metric::default()
    }
}

fn tally_of(result: &Json) -> Tally {
    let counted = |key| number(result, key).unwrap_or(0);
    Tally {
        count: counted("Count"),
        successful: counted("Successful"),
        failed: counted("Failed"),
        inconclusive: counted("Inconclusive"),
        error: counted("Error"),
        consecutive_error: counted("ConsecutiveError"),
        consecutive_success: counted("ConsecutiveSuccess"),
    }
}
