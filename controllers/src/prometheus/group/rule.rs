//! Rules of either kind, and the series that a recording rule writes.

use std::collections::{BTreeMap, BTreeSet};

use crate::prometheus::alert::AlertingRule;
use crate::prometheus::ast::Expr;
use crate::prometheus::labels::NAME;
use crate::prometheus::value::{Element, EvalError};

/// A rule that writes what its expression gives as a series.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordingRule {
    /// `record`: the name of the new metric.
    pub record: String,
    /// `expr`
    pub expr: Expr,
    /// `labels` that each element gets; an empty text takes a label away.
    pub labels: BTreeMap<String, String>,
}

/// A rule of either kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// With `alert`.
    Alert(AlertingRule),
    /// With `record`.
    Record(RecordingRule),
}

impl Rule {
    /// What makes a rule of a new version the same rule: its name and its own labels, and neither `expr` nor `for`.
    pub(super) fn identity(&self) -> (&str, &BTreeMap<String, String>) {
        match self {
            Self::Alert(rule) => (&rule.alert, &rule.labels),
            Self::Record(rule) => (&rule.record, &rule.labels),
        }
    }
}

impl RecordingRule {
    pub(super) fn series(
        &self,
        given: Vec<Element>,
        limit: usize,
    ) -> Result<Vec<Element>, EvalError> {
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for Element { mut labels, value } in given {
            labels.set(NAME, &*self.record);
            for (name, value) in &self.labels {
                labels.set(name.as_str(), value.as_str());
            }
            if !seen.insert(labels.clone()) {
                let message = format!("two elements are recorded as {labels}");
                return Err(EvalError(message));
            }
            all.push(Element { labels, value });
        }
        if limit > 0 && all.len() > limit {
            let message = format!("{} series exceed the limit of {limit}", all.len());
            return Err(EvalError(message));
        }
        Ok(all)
    }
}
