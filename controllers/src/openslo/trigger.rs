//! From objects that refer to one another to burn-rate triggers.

use serde_json::Value as Json;

use super::form::{
    AlertCondition, AlertPolicy, AlphaSlo, ConditionEntry, ConditionSpec, Operator, PolicyEntry,
    PolicySpec, Slo,
};
use super::length::length;
use crate::prometheus::Millis;

/// An object that decides something, and the others.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// `openslo/v1` `SLO`
    Slo(Slo),
    /// `openslo/v1` `AlertPolicy`
    Policy(AlertPolicy),
    /// `openslo/v1` `AlertCondition`
    Condition(AlertCondition),
    /// `openslo/v1alpha` `SLO`
    Alpha(AlphaSlo),
    /// Another kind of either version: it decides nothing.
    Other(String),
}

/// What is wrong, where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The object: its kind and name.
    pub object: String,
    /// The path of the key in it.
    pub path: String,
    /// It is valid, but not simulated.
    pub unsupported: bool,
    /// A sentence.
    pub message: String,
}

/// A burn rate as a trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// The name of the SLO.
    pub slo: String,
    /// The name of the condition.
    pub condition: String,
    /// `severity` of the condition.
    pub severity: String,
    /// The target as a share.
    pub target: f64,
    /// 1 less the target.
    pub budget: f64,
    /// How the burn rate is held against the threshold.
    pub op: Operator,
    /// The burn rate: the share of errors over the window, divided by the budget.
    pub threshold: f64,
    /// The window.
    pub lookback: Millis,
    /// How long the condition must hold (the `for` of Prometheus).
    pub alert_after: Millis,
    /// No data is a breach as well.
    pub no_data: bool,
    /// It alerts when the condition is met; false is a condition that never alerts by itself.
    pub breaching: bool,
}

impl Trigger {
    /// Returns the share of errors at the threshold.
    pub fn limit(&self) -> f64 {
        self.threshold * self.budget
    }
}

/// What a set of objects gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Triggers {
    /// The triggers.
    pub triggers: Vec<Trigger>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Tells whether sloth 0.16 reads an SLO of this version: only v1alpha, and then it writes no alert.
pub fn sloth_takes(version: &str) -> bool {
    version == "openslo/v1alpha"
}

impl Document {
    /// Reads one object; `None` when it is none of OpenSLO.
    ///
    /// # Errors
    ///
    /// When the version or a field is not as it must be.
    pub fn read(value: &Json) -> Option<Result<Self, String>> {
        let text = |key: &str| value.get(key).and_then(Json::as_str).unwrap_or_default();
        let (version, kind) = (text("apiVersion"), text("kind"));
        if !version.starts_with("openslo/") {
            return None;
        }
        let wrong = |error: serde_json::Error| error.to_string();
        let from = value.clone();
        Some(match (version, kind) {
            ("openslo/v1", "SLO") => serde_json::from_value(from).map(Self::Slo).map_err(wrong),
            ("openslo/v1", "AlertPolicy") => serde_json::from_value(from)
                .map(Self::Policy)
                .map_err(wrong),
            ("openslo/v1", "AlertCondition") => serde_json::from_value(from)
                .map(Self::Condition)
                .map_err(wrong),
            ("openslo/v1alpha", "SLO") => {
                serde_json::from_value(from).map(Self::Alpha).map_err(wrong)
            }
            ("openslo/v1" | "openslo/v1alpha", kind) => Ok(Self::Other(kind.into())),
            (version, _) => Err(format!("`{version}` is not read: only v1 and v1alpha are")),
        })
    }
}

impl Triggers {
    /// Returns the triggers of a set of objects: each condition of each policy of each objective.
    ///
    /// A condition or policy that no SLO uses gives no trigger; its own mistakes are told all the same.
    pub fn of(documents: &[Document]) -> Self {
        let mut found = Self::default();
        for document in documents {
            match document {
                Document::Slo(slo) => found.slo(slo, documents),
                Document::Alpha(slo) => found.alpha(slo),
                Document::Condition(condition) => {
                    let object = format!("AlertCondition {}", condition.metadata.name);
                    read(&condition.spec, &object, "spec", &mut found.problems);
                }
                Document::Policy(policy) => {
                    let object = format!("AlertPolicy {}", policy.metadata.name);
                    found.conditions(&policy.spec, &object, "spec", documents);
                }
                Document::Other(_) => {}
            }
        }
        let mut problems: Vec<Problem> = Vec::new();
        for problem in std::mem::take(&mut found.problems) {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        found.problems = problems;
        found
    }

    fn slo(&mut self, slo: &Slo, documents: &[Document]) {
        let object = format!("SLO {}", slo.metadata.name);
        self.method(&slo.spec.budgeting_method, &object);
        let measured = slo.spec.indicator.as_ref().map(|indicator| &indicator.spec);
        if measured.is_some_and(|spec| spec.threshold_metric.is_some()) {
            let path = "spec.indicator.spec.thresholdMetric";
            let message = "counts values against a threshold and not events: the share of errors is not simulated";
            self.unsupported(&object, path, message);
        }
        let targets = self.targets(slo, &object);
        let policies = slo.spec.alert_policies.as_deref().unwrap_or_default();
        for (nth, entry) in policies.iter().enumerate() {
            let path = format!("spec.alertPolicies[{nth}]");
            let Some((policy, at, path)) = self.policy(entry, &object, &path, documents) else {
                continue;
            };
            for (condition, name) in self.conditions(&policy, &at, &path, documents) {
                let mut rest = Vec::new();
                let Some(trigger) = read(&condition, &at, &path, &mut rest) else {
                    continue;
                };
                self.triggers.extend(targets.iter().map(|target| Trigger {
                    slo: slo.metadata.name.clone(),
                    condition: name.clone(),
                    target: *target,
                    budget: 1.0 - target,
                    no_data: policy.alert_when_no_data,
                    breaching: policy.alert_when_breaching,
                    ..trigger.clone()
                }));
            }
        }
    }

    /// v1alpha has no alerts; its objectives are checked all the same.
    fn alpha(&mut self, slo: &AlphaSlo) {
        let object = format!("SLO {}", slo.metadata.name);
        self.method(&slo.spec.budgeting_method, &object);
        for (nth, objective) in slo.spec.objectives.iter().flatten().enumerate() {
            let path = format!("spec.objectives[{nth}].target");
            match objective.target {
                Some(target) if (0.0..1.0).contains(&target) => {}
                _ => self.wrong(&object, &path, "the target must be at least 0 and below 1"),
            }
        }
        self.unsupported(
            &object,
            "spec",
            "v1alpha has no alert conditions: this objective triggers nothing (sloth writes rules without alerts for it)",
        );
    }

    fn method(&mut self, method: &str, object: &str) {
        let path = "spec.budgetingMethod";
        match method {
            "Occurrences" | "" => {}
            "Timeslices" | "RatioTimeslices" => self.unsupported(
                object,
                path,
                "budgets of time slices are not simulated: burn rates are taken over occurrences",
            ),
            _ => self.wrong(
                object,
                path,
                "must be Occurrences, Timeslices or RatioTimeslices",
            ),
        }
    }

    fn targets(&mut self, slo: &Slo, object: &str) -> Vec<f64> {
        let mut targets = Vec::new();
        for (nth, objective) in slo.spec.objectives.iter().flatten().enumerate() {
            let target = match (objective.target, objective.target_percent) {
                (Some(target), None) => Some(target),
                (None, Some(percent)) => Some(percent / 100.0),
                _ => None,
            };
            match target.filter(|target| (0.0..1.0).contains(target)) {
                Some(target) => targets.push(target),
                None => self.wrong(
                    object,
                    &format!("spec.objectives[{nth}]"),
                    "needs one of `target` (at least 0, below 1) and `targetPercent`",
                ),
            }
        }
        targets
    }

    /// Returns a policy with the object and the path where it is written.
    fn policy(
        &mut self,
        entry: &PolicyEntry,
        object: &str,
        path: &str,
        documents: &[Document],
    ) -> Option<(PolicySpec, String, String)> {
        if let Some(spec) = &entry.spec {
            return Some((spec.clone(), object.into(), format!("{path}.spec")));
        }
        let name = entry.alert_policy_ref.as_deref().unwrap_or_default();
        let found = documents.iter().find_map(|document| match document {
            Document::Policy(policy) if policy.metadata.name == name => Some(policy.spec.clone()),
            _ => None,
        });
        if found.is_none() {
            let message = format!("there is no AlertPolicy `{name}` among these files");
            self.wrong(object, path, &message);
        }
        found.map(|spec| (spec, format!("AlertPolicy {name}"), "spec".into()))
    }

    /// Returns the conditions of a policy that are right, with their names.
    fn conditions(
        &mut self,
        policy: &PolicySpec,
        object: &str,
        path: &str,
        documents: &[Document],
    ) -> Vec<(ConditionSpec, String)> {
        let entries = policy.conditions.as_deref().unwrap_or_default();
        if entries.len() != 1 {
            let message = "a policy has exactly one condition";
            self.wrong(object, &format!("{path}.conditions"), message);
        }
        let mut all = Vec::new();
        for (nth, entry) in entries.iter().enumerate() {
            let path = format!("{path}.conditions[{nth}]");
            let Some((spec, name)) = self.condition(entry, object, &path, documents) else {
                continue;
            };
            // A condition that is referred to tells its mistakes where it is written.
            let mut elsewhere = Vec::new();
            let here = entry.spec.is_some();
            let problems = if here {
                &mut self.problems
            } else {
                &mut elsewhere
            };
            if read(&spec, object, &format!("{path}.spec"), problems).is_some() {
                all.push((spec, name));
            }
        }
        all
    }

    fn condition(
        &mut self,
        entry: &ConditionEntry,
        object: &str,
        path: &str,
        documents: &[Document],
    ) -> Option<(ConditionSpec, String)> {
        if let Some(spec) = &entry.spec {
            return Some((spec.clone(), entry.metadata.name.clone()));
        }
        let name = entry.condition_ref.as_deref().unwrap_or_default();
        let found = documents.iter().find_map(|document| match document {
            Document::Condition(c) if c.metadata.name == name => Some(c.spec.clone()),
            _ => None,
        });
        if found.is_none() {
            let message = format!("there is no AlertCondition `{name}` among these files");
            self.wrong(object, path, &message);
        }
        found.map(|spec| (spec, name.to_owned()))
    }

    fn wrong(&mut self, object: &str, path: &str, message: &str) {
        self.problems.push(problem(object, path, message));
    }

    fn unsupported(&mut self, object: &str, path: &str, message: &str) {
        self.problems.push(Problem {
            unsupported: true,
            ..problem(object, path, message)
        });
    }
}

fn problem(object: &str, path: &str, message: &str) -> Problem {
    Problem {
        object: object.into(),
        path: path.into(),
        unsupported: false,
        message: message.into(),
    }
}

/// Reads a condition; what is missing or wrong goes to the problems. The SLO's part of the trigger is left open.
fn read(
    spec: &ConditionSpec,
    object: &str,
    path: &str,
    problems: &mut Vec<Problem>,
) -> Option<Trigger> {
    let before = problems.len();
    let condition = &spec.condition;
    let mut wrong = |key: &str, message: &str| {
        problems.push(problem(object, &format!("{path}.{key}"), message));
    };
    if spec.severity.is_empty() {
        wrong("severity", "is needed");
    }
    if condition.kind != "burnrate" {
        wrong("condition.kind", "must be `burnrate`");
    }
    if condition.op.is_none() {
        wrong("condition.op", "is needed: lt, lte, gt or gte");
    }
    if condition.threshold.is_none() {
        wrong("condition.threshold", "is needed");
    }
    let read = |text: &Option<String>| text.as_deref().map(length);
    let window = read(&condition.lookback_window);
    match window {
        Some(Some(1..)) => {}
        // The SDK lets `0m` through; nothing can be measured over it.
        Some(Some(_)) => wrong("condition.lookbackWindow", "must be longer than 0"),
        Some(None) => wrong("condition.lookbackWindow", "is no duration such as `1h`"),
        None => wrong("condition.lookbackWindow", "is needed"),
    }
    let after = read(&condition.alert_after).unwrap_or(Some(0));
    if after.is_none() {
        wrong("condition.alertAfter", "is no duration such as `5m`");
    }
    if problems.len() > before {
        return None;
    }
    Some(Trigger {
        slo: String::new(),
        condition: String::new(),
        severity: spec.severity.clone(),
        target: 0.0,
        budget: 1.0,
        op: condition.op?,
        threshold: condition.threshold?,
        lookback: window??,
        alert_after: after?,
        no_data: false,
        breaching: true,
    })
}
