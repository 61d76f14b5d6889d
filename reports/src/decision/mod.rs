//! Decisions of one gate evaluation, as the systems themselves write them down.

mod env;
mod guard;
mod guard_json;
mod guard_markdown;
mod own;
mod stage_gate;
mod text;
mod wedge;

pub use env::guard_env;
pub use guard::{
    Fallback, Findings, GateFlaw, GuardReport, Signals, StateValue, Thresholds, Trigger,
};
pub use guard_json::{guard_artifact, guard_json};
pub use guard_markdown::guard_markdown;
pub use own::{OwnDecision, OwnGate, own_markdown, own_text};
pub use stage_gate::{StageGateReport, StageThresholds, stage_gate_json, stage_gate_markdown};
pub use text::{guard_text, stage_gate_text, wedge_text};
pub use wedge::{WedgeReport, wedge_json, wedge_markdown};
