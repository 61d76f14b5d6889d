//! What becomes of each key of an object of OpenSLO.

use crate::keys::{Key, Role};

const PEOPLE: Role = Role::Ignored("text for people: it decides nothing");
const WORLD: Role = Role::Ignored("where numbers are kept: a scenario stands for it");
const PERIOD: Role = Role::Ignored("the period of the budget: a burn rate does not depend on it");
const NOTICE: Role = Role::Ignored("who is told: it decides nothing");

const SLO: [Key; 43] = [
    ("apiVersion", Role::Used),
    ("kind", Role::Used),
    ("metadata.name", Role::Used),
    ("metadata", PEOPLE),
    ("spec.description", PEOPLE),
    ("spec.service", PEOPLE),
    ("spec.indicatorRef", Role::Used),
    ("spec.indicator.metadata", PEOPLE),
    ("spec.indicator.spec.ratioMetric.counter", WORLD),
    (
        "spec.indicator.spec.ratioMetric.good.metricSource.spec.query",
        Role::Used,
    ),
    (
        "spec.indicator.spec.ratioMetric.good.metricSource.spec.*",
        WORLD,
    ),
    ("spec.indicator.spec.ratioMetric.good.metricSource.*", WORLD),
    (
        "spec.indicator.spec.ratioMetric.bad.metricSource.spec.query",
        Role::Used,
    ),
    (
        "spec.indicator.spec.ratioMetric.bad.metricSource.spec.*",
        WORLD,
    ),
    ("spec.indicator.spec.ratioMetric.bad.metricSource.*", WORLD),
    (
        "spec.indicator.spec.ratioMetric.total.metricSource.spec.query",
        Role::Used,
    ),
    (
        "spec.indicator.spec.ratioMetric.total.metricSource.spec.*",
        WORLD,
    ),
    (
        "spec.indicator.spec.ratioMetric.total.metricSource.*",
        WORLD,
    ),
    ("spec.timeWindow", PERIOD),
    ("spec.budgetingMethod", Role::Used),
    ("spec.objectives[].displayName", PEOPLE),
    ("spec.objectives[].target", Role::Used),
    ("spec.objectives[].targetPercent", Role::Used),
    ("spec.alertPolicies[].alertPolicyRef", Role::Used),
    ("spec.alertPolicies[].kind", Role::Used),
    ("spec.alertPolicies[].metadata.name", Role::Used),
    ("spec.alertPolicies[].spec.alertWhenNoData", Role::Used),
    ("spec.alertPolicies[].spec.alertWhenBreaching", Role::Used),
    ("spec.alertPolicies[].spec.alertWhenResolved", Role::Used),
    (
        "spec.alertPolicies[].spec.conditions[].conditionRef",
        Role::Used,
    ),
    ("spec.alertPolicies[].spec.conditions[].kind", Role::Used),
    (
        "spec.alertPolicies[].spec.conditions[].metadata.name",
        Role::Used,
    ),
    (
        "spec.alertPolicies[].spec.conditions[].spec.severity",
        Role::Used,
    ),
    (
        "spec.alertPolicies[].spec.conditions[].spec.condition.kind",
        Role::Used,
    ),
    (
        "spec.alertPolicies[].spec.conditions[].spec.condition.op",
        Role::Used,
    ),
    (
        "spec.alertPolicies[].spec.conditions[].spec.condition.threshold",
        Role::Used,
    ),
    (
        "spec.alertPolicies[].spec.conditions[].spec.condition.lookbackWindow",
        Role::Used,
    ),
    (
        "spec.alertPolicies[].spec.conditions[].spec.condition.alertAfter",
        Role::Used,
    ),
    ("spec.alertPolicies[].spec.description", PEOPLE),
    ("spec.alertPolicies[].spec.notificationTargets", NOTICE),
    ("spec.alertPolicies", Role::Used),
    ("spec.objectives", Role::Used),
    ("spec.indicator", Role::Used),
];

const POLICY: [Key; 20] = [
    ("apiVersion", Role::Used),
    ("kind", Role::Used),
    ("metadata.name", Role::Used),
    ("metadata", PEOPLE),
    ("spec.description", PEOPLE),
    ("spec.alertWhenNoData", Role::Used),
    ("spec.alertWhenBreaching", Role::Used),
    ("spec.alertWhenResolved", Role::Used),
    ("spec.conditions[].conditionRef", Role::Used),
    ("spec.conditions[].kind", Role::Used),
    ("spec.conditions[].metadata.name", Role::Used),
    ("spec.conditions[].metadata", PEOPLE),
    ("spec.conditions[].spec.description", PEOPLE),
    ("spec.conditions[].spec.severity", Role::Used),
    ("spec.conditions[].spec.condition.kind", Role::Used),
    ("spec.conditions[].spec.condition.op", Role::Used),
    ("spec.conditions[].spec.condition.threshold", Role::Used),
    (
        "spec.conditions[].spec.condition.lookbackWindow",
        Role::Used,
    ),
    ("spec.conditions[].spec.condition.alertAfter", Role::Used),
    ("spec.notificationTargets", NOTICE),
];

const CONDITION: [Key; 11] = [
    ("apiVersion", Role::Used),
    ("kind", Role::Used),
    ("metadata.name", Role::Used),
    ("metadata", PEOPLE),
    ("spec.description", PEOPLE),
    ("spec.severity", Role::Used),
    ("spec.condition.kind", Role::Used),
    ("spec.condition.op", Role::Used),
    ("spec.condition.threshold", Role::Used),
    ("spec.condition.lookbackWindow", Role::Used),
    ("spec.condition.alertAfter", Role::Used),
];

const ALPHA: [Key; 14] = [
    ("apiVersion", Role::Used),
    ("kind", Role::Used),
    ("metadata.name", Role::Used),
    ("metadata", PEOPLE),
    ("spec.description", PEOPLE),
    ("spec.service", PEOPLE),
    ("spec.timeWindows", PERIOD),
    ("spec.budgetingMethod", Role::Used),
    ("spec.objectives[].displayName", PEOPLE),
    ("spec.objectives[].target", Role::Used),
    ("spec.objectives[].ratioMetrics.good.query", Role::Used),
    ("spec.objectives[].ratioMetrics.good.*", WORLD),
    ("spec.objectives[].ratioMetrics.total.query", Role::Used),
    ("spec.objectives[].ratioMetrics.total.*", WORLD),
];

/// Returns what becomes of each key of a kind; `None` for a kind that decides nothing (`Service`, `DataSource`, `SLI`,
/// `AlertNotificationTarget`: a scenario stands for what is measured) or is not known.
pub fn table(version: &str, kind: &str) -> Option<&'static [Key]> {
    match (version, kind) {
        ("openslo/v1", "SLO") => Some(&SLO),
        ("openslo/v1", "AlertPolicy") => Some(&POLICY),
        ("openslo/v1", "AlertCondition") => Some(&CONDITION),
        ("openslo/v1alpha", "SLO") => Some(&ALPHA),
        _ => None,
    }
}
