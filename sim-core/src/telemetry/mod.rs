//! Telemetry: what is measured, how noisy it is and how it reaches the controller.

mod spec;

pub use spec::{LatencyPart, Noise, Signal, SignalKind, Telemetry};
