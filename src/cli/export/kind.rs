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
    /// Every signal as series of OpenMetrics, for any system and policy
    Openmetrics,
    /// What one scrape of them sees at --at, in Prometheus' text format
    Scrape,
    /// A unit test for `promtool test rules`: it fails where a rule is later than the policy's own triggers
    Promtest,
    /// A dashboard for Grafana over the series of openmetrics, with the stages as annotations
    Grafana,
}

impl ArtifactKind {
    /// Returns the forms of the artifact, its own first.
    pub const fn formats(self) -> &'static [Format] {
        match self {
            Self::Packet | Self::Checklist => &[Format::Json, Format::Markdown],
            Self::Audit => &[Format::Jsonl, Format::Markdown],
            Self::Log => &[Format::Jsonl],
            Self::K6 | Self::GuardRates | Self::Snapshot | Self::Grafana => &[Format::Json],
            Self::Decision => &[Format::Json, Format::Markdown, Format::Env],
            Self::Incident => &[Format::Markdown],
            Self::Sql | Self::Openmetrics | Self::Scrape | Self::Promtest => &[Format::Text],
            Self::GateSummary => &[Format::Markdown, Format::Text],
        }
    }
}
