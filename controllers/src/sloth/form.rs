//! The spec of sloth (`version: prometheus/v1`), and what becomes of its keys.
//!
//! The Kubernetes form (`PrometheusServiceLevel`, its `spec`) spells the same fields in camel case; both are read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::keys::{Key, Role};

const PEOPLE: Role = Role::Ignored("text for people: it decides nothing");

/// What becomes of each key of a spec. Plug-ins are not in it: they can change every rule and are not simulated.
pub const KEYS: [Key; 25] = [
    ("version", Role::Used),
    ("service", Role::Used),
    ("labels.*", Role::Used),
    ("slos[].name", Role::Used),
    ("slos[].description", PEOPLE),
    ("slos[].objective", Role::Used),
    ("slos[].labels.*", Role::Used),
    ("slos[].sli.raw.error_ratio_query", Role::Used),
    ("slos[].sli.raw.errorRatioQuery", Role::Used),
    ("slos[].sli.events.error_query", Role::Used),
    ("slos[].sli.events.errorQuery", Role::Used),
    ("slos[].sli.events.total_query", Role::Used),
    ("slos[].sli.events.totalQuery", Role::Used),
    ("slos[].alerting.name", Role::Used),
    ("slos[].alerting.labels.*", Role::Used),
    ("slos[].alerting.annotations", PEOPLE),
    ("slos[].alerting.page_alert.disable", Role::Used),
    ("slos[].alerting.page_alert.labels.*", Role::Used),
    ("slos[].alerting.page_alert.annotations", PEOPLE),
    ("slos[].alerting.pageAlert.disable", Role::Used),
    ("slos[].alerting.pageAlert.labels.*", Role::Used),
    ("slos[].alerting.ticket_alert.disable", Role::Used),
    ("slos[].alerting.ticket_alert.labels.*", Role::Used),
    ("slos[].alerting.ticketAlert.disable", Role::Used),
    ("slos[].alerting.ticketAlert.labels.*", Role::Used),
];

/// A file of objectives.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Spec {
    /// `prometheus/v1`; the Kubernetes form has none here.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// The service.
    pub service: String,
    /// Labels of every rule.
    pub labels: BTreeMap<String, String>,
    /// The objectives.
    pub slos: Vec<Slo>,
}

/// One objective.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Slo {
    /// Its name.
    pub name: String,
    /// Text for people.
    pub description: String,
    /// In percent, above 0 and at most 100.
    pub objective: f64,
    /// Labels of its rules.
    pub labels: BTreeMap<String, String>,
    /// What is measured.
    pub sli: Sli,
    /// Its alerts.
    pub alerting: Alerting,
}

/// What is measured: one of the two.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sli {
    /// A ratio of errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<Raw>,
    /// Errors and all events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Events>,
}

/// A ratio of errors.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Raw {
    /// PromQL with `{{.window}}`.
    #[serde(alias = "errorRatioQuery")]
    pub error_ratio_query: String,
}

/// Errors and all events.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Events {
    /// PromQL with `{{.window}}`.
    #[serde(alias = "errorQuery")]
    pub error_query: String,
    /// PromQL with `{{.window}}`.
    #[serde(alias = "totalQuery")]
    pub total_query: String,
}

/// The alerts of an objective.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Alerting {
    /// The name of both alerts.
    pub name: String,
    /// Labels of both.
    pub labels: BTreeMap<String, String>,
    /// Text for people.
    pub annotations: BTreeMap<String, String>,
    /// The urgent one.
    #[serde(alias = "pageAlert")]
    pub page_alert: AlertForm,
    /// The other one.
    #[serde(alias = "ticketAlert")]
    pub ticket_alert: AlertForm,
}

/// One alert.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertForm {
    /// Leaves it out.
    pub disable: bool,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Text for people.
    pub annotations: BTreeMap<String, String>,
}
