//! Other people's files: k6 summaries, gate rates, gate metrics, rollout wedges; and JSON and
//! numbers as the programs see them that read such files today.

mod fault;
mod gate_metrics;
mod gates_json;
pub mod js_number;
mod json;
pub mod k6;
pub mod lenient_json;
pub mod python_number;
mod wedge_json;

pub use fault::InputFault;
pub use gate_metrics::{Metric, metric};
pub use gates_json::{GateRates, gate_rates, gate_rates_as_the_guard_reads_them};
pub use json::Json;
pub use lenient_json::{JsonFault, parse};
pub use wedge_json::wedge;
