//! The figures and limits of a gate in words.

use sim_core::policy::gate::{Gate, Limit, MeasureUnit, Relation};

use crate::common::figure::{count, milliseconds, percent};
use crate::common::variant_label::variant_label;

/// Returns a value in the unit of what the gate measures.
pub fn figure(gate: &Gate, value: f64) -> String {
    match gate.measure.unit() {
        MeasureUnit::Share => percent(value),
        MeasureUnit::Milliseconds => milliseconds(value),
        MeasureUnit::PerHostHour => format!("{} per host and hour", count(value)),
        MeasureUnit::Number => count(value),
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

/// Returns the same, and what a relative limit came to when it was compared: `breach > 2 x control = 4 %`.
pub fn breach_at(gate: &Gate, resolved: f64) -> String {
    let relative = gate.breach.limit.refers_to().is_some() && resolved.is_finite();
    let came_to = relative.then(|| format!(" = {}", figure(gate, resolved)));
    format!("{}{}", breach(gate), came_to.unwrap_or_default())
}
