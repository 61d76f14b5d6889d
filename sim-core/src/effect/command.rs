//! Changes of what controllers remember, what reaches hosts and how people answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::{Distribution, SimDuration};

/// What a controller may lose when it comes back.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Memory {
    /// What the windows of its gates have counted.
    Windows,
    /// Since when the stage has been observed: the observation begins anew.
    Timer,
    /// Which stage is being played: the first one is entered.
    Stage,
    /// That a rollback, a kill or a fallback is under way: the stage goes on.
    Retreat,
    /// Whether it has asked and what was approved.
    Approval,
    /// What the canary showed in its first stage.
    Baseline,
}

/// Towards which version a command moves a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The new version.
    New,
    /// The old version.
    Old,
}

/// What goes wrong with commands to hosts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CommandChange {
    /// Which commands; none means all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toward: Option<Direction>,
    /// What goes wrong.
    pub trouble: CommandTrouble,
}

/// What goes wrong with a command to a host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum CommandTrouble {
    /// It takes this much longer; the host keeps its place among those in parallel meanwhile.
    Late(Distribution),
    /// It does not arrive. The host keeps its place among those that are updated or reverted in parallel until
    /// a command has arrived at last and is carried out: for ever where it is never sent again.
    Lost {
        /// The probability that a try is lost, at full strength.
        chance: f64,
        /// After how long a lost command is sent again; none means never.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<SimDuration>,
    },
    /// The host does not obey before the effect ends.
    Stuck,
    /// Commands leave one after another at this rate.
    Limited {
        /// Commands a second.
        per_second: f64,
    },
}

/// How hosts come back that were lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HostReturn {
    /// With the version that they had.
    #[default]
    Same,
    /// Made anew, on the old version.
    Old,
    /// Made anew, on the new version.
    New,
}

/// A slip in carrying out the steps of a rollback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Slip {
    /// The step of this number, from 0, is left out.
    Skips(u16),
    /// Two steps are taken in each other's place.
    Swaps {
        /// One of them, by its number from 0.
        first: u16,
        /// The other one.
        second: u16,
    },
    /// The step of this number, from 0, is taken twice.
    Repeats(u16),
}

/// What goes wrong with people's answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AnswerChange {
    /// Whose answers; none means everybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What goes wrong.
    pub trouble: AnswerTrouble,
}

/// What goes wrong with an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum AnswerTrouble {
    /// It takes this much longer.
    Late(Distribution),
    /// The question never reaches anybody.
    Unheard,
    /// It is given without looking, at once.
    Rash,
    /// It is given a second time after this long.
    Twice(SimDuration),
}
