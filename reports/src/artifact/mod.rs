//! What each of the five systems keeps of a rollout, in that system's own shape: for its scripts, its
//! tables and its people; and what the tools of monitoring take.
//!
//! Names from files are data in all of these: a quote in a name never ends a literal, a newline never
//! begins a line.

mod audit_lines;
mod checklist;
mod exposition;
mod grafana;
mod hardening;
mod instant;
mod k6;
mod log;
mod packet_json;
mod promtest;
mod sql;

pub use audit_lines::audit_lines;
pub use checklist::{
    Checked, Checklist, ChecklistEntry, GateResult, checklist, checklist_json, checklist_markdown,
};
pub use exposition::{
    EPOCH, Exposition, MetricFamily, MetricKind, MetricSeries, openmetrics, openmetrics_as, scrape,
    scrape_as,
};
pub use grafana::grafana;
pub use hardening::{Fixture, Hardening, Profile, fixtures};
pub use instant::stamp;
pub use k6::{GuardRates, K6Summary, guard_rates, k6_summary};
pub use log::log_lines;
pub use packet_json::packet_json;
pub use promtest::{RuleTest, promtest, rehearsal};
pub use sql::{Bucket, Tables, sql};
