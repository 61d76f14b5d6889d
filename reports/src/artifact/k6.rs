//! What drives the canary guard of the rollout control plane: a k6 summary and the rates beside it.

use serde_json::{Map, Value, json};

/// What a canary's requests came to, over as long as a gate looks back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct K6Summary {
    /// The 95th percentile of the latency in milliseconds; none where it could not be read.
    pub p95_ms: Option<f64>,
    /// The 99th percentile of the latency in milliseconds; none where it could not be read.
    pub p99_ms: Option<f64>,
    /// How many requests there were.
    pub requests: u64,
    /// Over how many seconds.
    pub seconds: f64,
}

/// The rates of finalised runs that k6 does not know, with their limits, as fractions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GuardRates {
    /// The budget violation rate; none where it could not be read.
    pub bvr: Option<f64>,
    /// The staleness error rate; none where it could not be read.
    pub ser: Option<f64>,
    /// The limit of the budget violation rate.
    pub bvr_limit: f64,
    /// The limit of the staleness error rate.
    pub ser_limit: f64,
    /// The finalised runs that the rates rest on.
    pub finalized: u64,
}

/// Writes the summary in the shape of `k6 run --summary-export`, the only one that the guard reads. A
/// number that could not be read is left out, so that the guard stops with exit code 1, as it does when
/// its metrics are not there.
pub fn k6_summary(summary: &K6Summary) -> String {
    let mut duration = Map::new();
    for (name, value) in [("p(95)", summary.p95_ms), ("p(99)", summary.p99_ms)] {
        if let Some(value) = value {
            duration.insert(name.to_owned(), json!(value));
        }
    }
    let rate = summary.requests as f64 / summary.seconds;
    let document = json!({
        "metrics": {
            "http_req_duration": Value::Object(duration),
            "http_reqs": {"count": summary.requests, "rate": rate},
        }
    });
    serde_json::to_string_pretty(&document).expect("a summary has text keys") + "\n"
}

/// Writes the rates and their limits as the guard's `--metrics-gates` file has them.
pub fn guard_rates(rates: &GuardRates) -> String {
    let document = json!({
        "rates": {"bvr": rates.bvr, "ser": rates.ser},
        "thresholds": {"bvr": rates.bvr_limit, "ser": rates.ser_limit},
        "finalize_total_delta": rates.finalized,
    });
    serde_json::to_string_pretty(&document).expect("rates have text keys") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_that_was_not_read_is_not_there_rather_than_null_or_zero() {
        let summary = K6Summary {
            p95_ms: Some(163.93),
            p99_ms: None,
            requests: 700,
            seconds: 10.0,
        };
        let read: Value = serde_json::from_str(&k6_summary(&summary)).expect("it is JSON");
        let metrics = &read["metrics"];
        assert_eq!(metrics["http_req_duration"], json!({"p(95)": 163.93}));
        assert_eq!(metrics["http_reqs"], json!({"count": 700, "rate": 70.0}));
    }
}
