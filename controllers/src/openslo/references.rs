//! What objects refer to: the policies of an SLO, the conditions of a policy.

use super::condition;
use super::document::Document;
use super::form::{ConditionEntry, ConditionSpec, PolicyEntry, PolicySpec};
use super::trigger::Triggers;

impl Triggers {
    /// Returns a policy with the object and the path where it is written.
    pub(super) fn policy(
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
    pub(super) fn conditions(
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
            let here = [&mut elsewhere, &mut self.problems];
            let [elsewhere, own] = here;
            let problems = if entry.spec.is_some() { own } else { elsewhere };
            if condition::read(&spec, object, &format!("{path}.spec"), problems).is_some() {
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
}
