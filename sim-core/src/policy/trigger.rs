//! Trigger classes: what is done when a gate fires depends on what kind of harm it announces.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A class of triggers and its action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Class {
    /// The name of the class, unique in its policy.
    pub id: String,
    /// What is done when a trigger of the class fires.
    pub action: Action,
    /// The role that must sign off before the rollout may go on after this action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_off: Option<String>,
    /// How often a step back may be taken before the class rolls back instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// Whether updates that have not begun when the action is taken do not begin any more; those under way finish.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_new_starts: bool,
}

/// What a trigger does. The order is the order of severity: when several triggers fire at the
/// same instant, the most severe action wins.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Nothing is done; the firing is only recorded (an alert that nobody acts on).
    Record,
    /// The rollout stops where it is.
    Pause,
    /// The rollout returns to the stage before.
    StepBack,
    /// The next rung of the fallback ladder is taken.
    NextRung,
    /// The kill switch is thrown.
    Kill,
    /// Everything returns to the old version.
    Rollback,
}
