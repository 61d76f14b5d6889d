//! The history of one rollout as rows: its events in words, its timeline, its audit trail, the facts of an incident.

pub(crate) mod audit;
mod event_words;
mod events;
pub(crate) mod gate_words;
pub(crate) mod incident_facts;
mod speaker;
mod timeline;

pub use audit::audit_trail;
pub use events::rows as event_rows;
pub use gate_words::{breach as gate_breach, figure as gate_figure};
pub use incident_facts::IncidentFacts;
pub use timeline::timeline_of;
