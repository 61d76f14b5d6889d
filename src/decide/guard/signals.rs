//! The signals of the guard: which gate reads which number, and how a breach is put into words.

use reports::python_text::fixed;
use scenarios::adapter::{GateRates, k6::Summary};

use super::GuardOptions;

/// One number and the gate that reads it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signal {
    /// The gate, which is also the name of its trigger.
    pub gate: &'static str,
    /// How people call the number.
    pub name: &'static str,
    /// The number; none where nobody measured it.
    pub value: Option<f64>,
    /// The limit that the input sets; none leaves the policy's.
    pub limit: Option<f64>,
    /// How many requests or runs the number rests on, where the input says so.
    pub samples: Option<f64>,
    /// What the number is.
    pub unit: RateUnit,
    /// The option that supplies the number where the files do not.
    pub option: Option<&'static str>,
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RateUnit {
    /// Milliseconds.
    Latency,
    /// A fraction of finalized runs.
    Rate,
}

/// Returns all signals, in the order in which the guard looks at them.
pub(super) fn signals(summary: &Summary, rates: &GateRates, options: &GuardOptions) -> [Signal; 6] {
    let latency = |gate, name, value, limit| Signal {
        gate,
        name,
        value: Some(value),
        limit,
        samples: summary.requests,
        unit: RateUnit::Latency,
        option: None,
    };
    let rate = |gate, name, value, limit| Signal {
        gate,
        name,
        value: Some(value),
        limit: Some(limit),
        samples: rates.finalized,
        unit: RateUnit::Rate,
        option: None,
    };
    let terminal = |gate, name, value, limit, option| Signal {
        gate,
        name,
        value,
        limit,
        samples: None,
        unit: RateUnit::Rate,
        option: Some(option),
    };
    [
        latency("latency_p95", "p95", summary.p95_ms, options.max_p95_ms),
        latency("latency_p99", "p99", summary.p99_ms, options.max_p99_ms),
        rate(
            "budget_violation_rate",
            "BVR",
            rates.bvr,
            rates.bvr_threshold,
        ),
        rate(
            "staleness_error_rate",
            "SER",
            rates.ser,
            rates.ser_threshold,
        ),
        terminal(
            "source_unavailable_rate",
            "SOURCE_UNAVAILABLE rate",
            options.source_unavailable_rate,
            options.max_source_unavailable_rate,
            "--source-unavailable-rate",
        ),
        terminal(
            "error_rate",
            "ERROR rate",
            options.error_rate,
            None,
            "--error-rate",
        ),
    ]
}

impl Signal {
    /// Says that the number is beyond `limit`, in the guard's words.
    pub fn breach_message(&self, limit: f64) -> String {
        let (name, value) = (self.name, self.value.unwrap_or(f64::NAN));
        match self.unit {
            RateUnit::Latency => {
                format!(
                    "{name} {}ms exceeds SLO {}ms",
                    fixed(value, 3),
                    fixed(limit, 3)
                )
            }
            RateUnit::Rate => format!(
                "{name} {} exceeds threshold {}",
                fixed(value, 6),
                fixed(limit, 6)
            ),
        }
    }
}
