//! k6 end-of-test summaries, in the three shapes in which k6 has written them.

use crate::diagnostic::quote::with_article;
use std::fmt;

use super::{InputFault, Json};

/// The shape of a k6 summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `--summary-export`: the numbers stand directly under the metric. The only shape that the
    /// canary guard of the rollout control plane reads.
    SummaryExport,
    /// `handleSummary(data)`: the numbers stand under `values`.
    HandleSummary,
    /// `--new-machine-readable-summary`, version 1: a list under `results.metrics`.
    MachineReadable,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SummaryExport => "k6 --summary-export (legacy)",
            Self::HandleSummary => "k6 handleSummary",
            Self::MachineReadable => "k6 machine-readable summary v1",
        })
    }
}

/// What the gates read of a k6 summary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The shape that was recognised.
    pub shape: Shape,
    /// The 95th percentile of `http_req_duration` in milliseconds.
    pub p95_ms: f64,
    /// The 99th percentile of `http_req_duration` in milliseconds.
    pub p99_ms: f64,
    /// How many requests there were, where the summary says so.
    pub requests: Option<f64>,
}

/// The percentiles that every summary holds, for whoever wants to know a distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentiles {
    /// The median of `http_req_duration` in milliseconds.
    pub median_ms: f64,
    /// The 95th percentile in milliseconds.
    pub p95_ms: f64,
    /// The 99th percentile in milliseconds; k6 leaves it out unless asked.
    pub p99_ms: Option<f64>,
    /// The longest request in milliseconds.
    pub max_ms: Option<f64>,
    /// How many requests there were, where the summary says so.
    pub requests: Option<f64>,
}

const STATS_FLAG: &str = "k6 leaves p(99) out by default: run it with \
    --summary-trend-stats \"min,avg,med,max,p(90),p(95),p(99)\"";

const NO_P99_IN_V1: &str = "the machine-readable summary of k6 never holds p(99): write the legacy \
    one, --summary-export=FILE with --summary-trend-stats \"min,avg,med,max,p(90),p(95),p(99)\"";

/// Returns the shape of a summary.
///
/// # Errors
///
/// Returns a fault where the value has neither `metrics` nor `results.metrics`.
pub fn shape(summary: &Json) -> Result<Shape, InputFault> {
    if summary
        .get("results")
        .and_then(|results| results.get("metrics"))
        .is_some()
    {
        return Ok(Shape::MachineReadable);
    }
    let Some(metrics) = summary
        .get("metrics")
        .filter(|metrics| metrics.members().is_some())
    else {
        return Err(InputFault::with_help(
            "neither `metrics` nor `results.metrics` is there: this is no k6 summary",
            "write one with k6 run --summary-export=FILE",
        ));
    };
    let duration = metrics.get("http_req_duration");
    let nested = duration
        .and_then(|metric| metric.get("values"))
        .is_some_and(|v| v.members().is_some());
    Ok(if nested {
        Shape::HandleSummary
    } else {
        Shape::SummaryExport
    })
}

/// Reads a summary of any shape.
///
/// # Errors
///
/// Returns a fault where the shape is unknown or a percentile is absent or not a number. `NaN` and
/// `Infinity` are numbers here; what to make of them is the gate's business.
pub fn summary(summary: &Json) -> Result<Summary, InputFault> {
    let shape = shape(summary)?;
    let duration = values(summary, shape, "http_req_duration")
        .ok_or_else(|| InputFault::new("the metric http_req_duration is not there"))?;
    let requests = values(summary, shape, "http_reqs").and_then(|reqs| reqs.get("count"));
    Ok(Summary {
        shape,
        p95_ms: percentile(duration, shape, "p(95)")?,
        p99_ms: percentile(duration, shape, "p(99)")?,
        requests: requests.and_then(Json::number),
    })
}

/// Reads the percentiles of a summary of any shape.
///
/// # Errors
///
/// Returns a fault where the shape is unknown or the median or the 95th percentile is absent or not a
/// number.
pub fn percentiles(summary: &Json) -> Result<Percentiles, InputFault> {
    let shape = shape(summary)?;
    let duration = values(summary, shape, "http_req_duration")
        .ok_or_else(|| InputFault::new("the metric http_req_duration is not there"))?;
    let requests = values(summary, shape, "http_reqs").and_then(|reqs| reqs.get("count"));
    let number = |name| duration.get(name).and_then(Json::number);
    Ok(Percentiles {
        median_ms: percentile(duration, shape, "med")?,
        p95_ms: percentile(duration, shape, "p(95)")?,
        p99_ms: number("p(99)"),
        max_ms: number("max"),
        requests: requests.and_then(Json::number),
    })
}

/// Reads a summary as the canary guard reads it: the legacy shape alone, booleans are numbers
/// (`scripts/ops/canary_rollout_guard.py`, `read_summary_metrics`).
///
/// # Errors
///
/// Returns a fault where the guard exits with 1.
pub fn summary_as_the_guard_reads_it(summary: &Json) -> Result<Summary, InputFault> {
    let shape = shape(summary)?;
    let metrics = summary.get("metrics");
    let duration = metrics.and_then(|metrics| metrics.get("http_req_duration"));
    let read = |name| {
        duration
            .and_then(|d| d.get(name))
            .and_then(Json::python_number)
    };
    match (read("p(95)"), read("p(99)")) {
        // Python raises OverflowError where a whole number does not fit into a float.
        (Some(p95_ms), Some(p99_ms)) if !duration.is_some_and(overflows) => Ok(Summary {
            shape,
            p95_ms,
            p99_ms,
            requests: None,
        }),
        _ if shape == Shape::SummaryExport => Err(InputFault::with_help(
            "p(95) or p(99) of metrics.http_req_duration is absent or not a number",
            STATS_FLAG,
        )),
        _ => Err(InputFault::with_help(
            format!(
                "this is the shape {shape}; the guard reads {} alone",
                Shape::SummaryExport
            ),
            "the profile as-written reads all three shapes",
        )),
    }
}

fn overflows(duration: &Json) -> bool {
    let huge =
        |name| matches!(duration.get(name), Some(Json::Integer(value)) if value.is_infinite());
    huge("p(95)") || huge("p(99)")
}

fn values<'j>(summary: &'j Json, shape: Shape, metric: &str) -> Option<&'j Json> {
    match shape {
        Shape::SummaryExport => summary.get("metrics")?.get(metric),
        Shape::HandleSummary => summary.get("metrics")?.get(metric)?.get("values"),
        Shape::MachineReadable => {
            let metrics = summary.get("results")?.get("metrics")?.list()?;
            let named = |m: &&Json| m.get("name").and_then(Json::text) == Some(metric);
            metrics.iter().find(named)?.get("values")
        }
    }
}

fn percentile(duration: &Json, shape: Shape, name: &str) -> Result<f64, InputFault> {
    let help = if shape == Shape::MachineReadable {
        NO_P99_IN_V1
    } else {
        STATS_FLAG
    };
    match duration.get(name) {
        None | Some(Json::Null) => Err(InputFault::with_help(
            format!("{name} of http_req_duration is not there"),
            help,
        )),
        Some(value) => value.number().ok_or_else(|| {
            InputFault::new(format!(
                "{name} of http_req_duration is not a number but {}",
                with_article(value.python_type())
            ))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::lenient_json::parse;
    use super::*;

    #[track_caller]
    fn check(text: &str, any: &str, guard: &str) {
        let value = parse(text).expect("the test's own text is JSON");
        let show = |read: Result<Summary, InputFault>| match read {
            Ok(s) => format!("{:?} {} {}", s.shape, s.p95_ms, s.p99_ms),
            Err(fault) => fault.to_string(),
        };
        let (found_any, found_guard) = (
            show(summary(&value)),
            show(summary_as_the_guard_reads_it(&value)),
        );
        assert!(found_any.starts_with(any), "any shape: {found_any}");
        assert!(found_guard.starts_with(guard), "guard: {found_guard}");
    }

    #[test]
    fn three_shapes_are_recognised_and_the_guard_reads_one() {
        check(
            r#"{"metrics": {"http_req_duration": {"p(95)": 300, "p(99)": 450.5}}}"#,
            "SummaryExport 300 450.5",
            "SummaryExport 300 450.5",
        );
        check(
            r#"{"metrics": {"http_req_duration": {"type": "trend", "values": {"p(95)": 300, "p(99)": 450}}}}"#,
            "HandleSummary 300 450",
            "this is the shape k6 handleSummary; the guard reads k6 --summary-export (legacy) alone",
        );
        check(
            r#"{"version": "1.0.0", "results": {"metrics": [{"name": "http_req_duration",
                "values": {"p(95)": 300, "p(99)": 450}}]}}"#,
            "MachineReadable 300 450",
            "this is the shape k6 machine-readable summary v1",
        );
        check("[]", "neither `metrics` nor", "neither `metrics` nor");
    }

    #[test]
    fn a_missing_p99_names_the_flag_that_brings_it() {
        let missing = "p(99) of http_req_duration is not there\n  help: k6 leaves p(99) out by default: \
            run it with --summary-trend-stats";
        check(
            r#"{"metrics": {"http_req_duration": {"p(95)": 300}}}"#,
            missing,
            "p(95) or p(99)",
        );
        check(
            r#"{"results": {"metrics": [{"name": "http_req_duration", "values": {"p(95)": 3}}]}}"#,
            "p(99) of http_req_duration is not there\n  help: the machine-readable summary of k6 never",
            "this is the shape",
        );
    }

    #[test]
    fn the_guard_takes_booleans_for_numbers_and_we_do_not() {
        check(
            r#"{"metrics": {"http_req_duration": {"p(95)": true, "p(99)": NaN}}}"#,
            "p(95) of http_req_duration is not a number but a bool",
            "SummaryExport 1 NaN",
        );
    }
}
