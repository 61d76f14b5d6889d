//! The kinds of artifacts, and the forms that each has.

use clap::ValueEnum;

use crate::cli::output::Format;

/// What a system keeps of a rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ArtifactKind {
    /// The operator's response packet (raptorq): eight fields, a message to users of five sections
    Packet,
    /// Structured log lines (raptorq): scenario, seed, outcome and artifact pointers on each
    Log,
    /// The audit trail (wedge): a line for each decision, RWG-001 to RWG-004
    Audit,
    /// A k6 summary in the shape that drives the canary guard (control-plane)
    K6,
    /// The rates beside it, for --metrics-gates of the guard (control-plane)
    GuardRates,
    /// What the guard decides on both: JSON report, Markdown, ENV patch (control-plane)
    Decision,
    /// The incident note (optimize, cutover): the fields that the policy names
    Incident,
    /// The record of the release checklist, stage by stage (optimize)
    Checklist,
    /// The tables behind the runbook's queries, for PostgreSQL, with a virtual NOW() (optimize)
    Sql,
    /// The metrics snapshot of the hardening gate (cutover)
    Snapshot,
    /// The gate's summary; as text its table of results (cutover)
    GateSummary,
}

impl ArtifactKind {
    /// Returns the forms of the artifact, its own first.
    pub const fn formats(self) -> &'static [Format] {
        match self {
            Self::Packet | Self::Checklist => &[Format::Json, Format::Markdown],
            Self::Audit => &[Format::Jsonl, Format::Markdown],
            Self::Log => &[Format::Jsonl],
            Self::K6 | Self::GuardRates | Self::Snapshot => &[Format::Json],
            Self::Decision => &[Format::Json, Format::Markdown, Format::Env],
            Self::Incident => &[Format::Markdown],
            Self::Sql => &[Format::Text],
            Self::GateSummary => &[Format::Markdown, Format::Text],
        }
    }
}
