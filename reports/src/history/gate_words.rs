//! The figures and limits of a gate in words.

use sim_core::policy::gate::{Gate, Limit, Measure, Relation};

use crate::common::figure::{count, percent};
use crate::common::variant_label::variant_label;

/// Returns a value in the unit of what the gate measures.
pub fn figure(gate: &Gate, value: f64) -> String {
    match gate.measure {
        Measure::Ratio => percent(value),
        Measure::Quantile(_) => format!("{} ms", count(value)),
        Measure::RatePerHostHour => format!("{} per host and hour", count(value)),
        Measure::Count | Measure::Mean | Measure::Last | Measure::Trend => count(value),
    }
}

/// Returns what the gate calls a breach: `breach > 5 %`.
pub fn breach(gate: &Gate) -> String {
    let relation = match gate.breach.is {
        Relation::Above => ">",
        Relation::AtLeast => ">=",
        Relation::Below => "<",
        Relation::AtMost => "<=",
    };
    let limit = match gate.breach.limit {
        Limit::Absolute(limit) => figure(gate, limit),
        Limit::Times { factor, of } => format!("{factor} x {}", variant_label(&of)),
        Limit::Plus { margin, of } => format!("{} + {}", variant_label(&of), figure(gate, margin)),
    };
    format!("breach {relation} {limit}")
}
