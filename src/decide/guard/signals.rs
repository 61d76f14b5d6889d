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

impl Signal {
    const fn of(gate: &'static str, name: &'static str, unit: RateUnit) -> Self {
        Self {
            gate,
            name,
            value: None,
            limit: None,
            samples: None,
            unit,
            option: None,
        }
    }

    fn latency(gate: &'static str, name: &'static str, summary: &Summary, value: f64) -> Self {
        Self {
            value: Some(value),
            samples: summary.requests,
            ..Self::of(gate, name, RateUnit::Latency)
        }
    }

    fn rate(gate: &'static str, name: &'static str, rates: &GateRates, value: f64) -> Self {
        Self {
            value: Some(value),
            samples: rates.finalized,
            ..Self::of(gate, name, RateUnit::Rate)
        }
    }

    const fn up_to(self, limit: Option<f64>) -> Self {
        Self { limit, ..self }
    }

    const fn given_by(self, option: &'static str, value: Option<f64>) -> Self {
        Self {
            value,
            option: Some(option),
            ..self
        }
    }
}

/// Returns all signals, in the order in which the guard looks at them.
pub(super) fn signals(summary: &Summary, rates: &GateRates, options: &GuardOptions) -> [Signal; 6] {
    let unavailable = options.source_unavailable_rate;
    [
        Signal::latency("latency_p95", "p95", summary, summary.p95_ms).up_to(options.max_p95_ms),
        Signal::latency("latency_p99", "p99", summary, summary.p99_ms).up_to(options.max_p99_ms),
        Signal::rate("budget_violation_rate", "BVR", rates, rates.bvr)
            .up_to(Some(rates.bvr_threshold)),
        Signal::rate("staleness_error_rate", "SER", rates, rates.ser)
            .up_to(Some(rates.ser_threshold)),
        Signal::of(
            "source_unavailable_rate",
            "SOURCE_UNAVAILABLE rate",
            RateUnit::Rate,
        )
        .given_by("--source-unavailable-rate", unavailable)
        .up_to(options.max_source_unavailable_rate),
        Signal::of("error_rate", "ERROR rate", RateUnit::Rate)
            .given_by("--error-rate", options.error_rate),
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
