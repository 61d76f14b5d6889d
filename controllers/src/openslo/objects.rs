//! From objects that refer to one another to burn-rate triggers.

use super::condition;
use super::document::Document;
use super::form::{AlphaSlo, Slo};
use super::problem::Problem;
use super::trigger::{Trigger, Triggers};

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
                    condition::read(&condition.spec, &object, "spec", &mut found.problems);
                }
                Document::Policy(policy) => {
                    let object = format!("AlertPolicy {}", policy.metadata.name);
                    found.conditions(&policy.spec, &object, "spec", documents);
                }
                Document::Other(_) => {}
            }
        }
        found.problems = distinct(std::mem::take(&mut found.problems));
        found
    }

    fn slo(&mut self, slo: &Slo, documents: &[Document]) {
        let object = format!("SLO {}", slo.metadata.name);
        self.method(&slo.spec.budgeting_method, &object);
        self.indicator(slo, &object);
        let targets = self.targets(slo, &object);
        let policies = slo.spec.alert_policies.as_deref().unwrap_or_default();
        for (nth, entry) in policies.iter().enumerate() {
            let path = format!("spec.alertPolicies[{nth}]");
            let Some((policy, at, path)) = self.policy(entry, &object, &path, documents) else {
                continue;
            };
            for (spec, name) in self.conditions(&policy, &at, &path, documents) {
                let Some(trigger) = condition::read(&spec, &at, &path, &mut Vec::new()) else {
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

    fn indicator(&mut self, slo: &Slo, object: &str) {
        let measured = slo.spec.indicator.as_ref().map(|indicator| &indicator.spec);
        if measured.is_some_and(|spec| spec.threshold_metric.is_some()) {
            let path = "spec.indicator.spec.thresholdMetric";
            let message = "counts values against a threshold and not events: the share of errors is not simulated";
            self.unsupported(object, path, message);
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
}

/// A condition that is read for several SLOs tells its mistakes once.
fn distinct(all: Vec<Problem>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for problem in all {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    problems
}
