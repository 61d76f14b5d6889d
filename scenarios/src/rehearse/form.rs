//! Faults as they are written: each by itself, or in an order.

use chaos::catalogue::{Fault, Injection};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::StartCondition;

/// A fault that is to happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Planned {
    /// The name of the fault, unique in its scenario.
    pub id: String,
    /// The fault and its parameters; `coalmine list --faults` shows all of them.
    pub fault: Fault,
    /// When it happens, and how strongly; none means when such a fault usually does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<StartCondition>,
    /// The rungs or kill switches that take it away, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cured_by: Vec<String>,
}

impl From<Injection> for Planned {
    fn from(injection: Injection) -> Self {
        Self {
            id: injection.id,
            fault: injection.fault,
            at: injection.at.map(StartCondition::from),
            cured_by: injection.cured_by,
        }
    }
}

/// A step of a method: one fault, or children in an order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Step {
    /// For children: whether each begins when the one before has ended, or all begin together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_type: Option<Order>,
    /// The children, each a fault or children in turn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Step>,
    /// For a fault: its name, unique in its scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// For a fault: which, and its parameters; `coalmine list --faults` shows all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// When it begins; where others decide that, only how it goes on. None means for the first fault that
    /// nobody gave a moment: when such a fault usually does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<StartCondition>,
    /// For a fault: the rungs or kill switches that take it away, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cured_by: Vec<String>,
}

/// In which order the children of a step happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Order {
    /// Each begins when the one before has ended.
    Serial,
    /// All begin together.
    Parallel,
}
