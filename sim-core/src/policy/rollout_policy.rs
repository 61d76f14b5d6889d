//! The policy itself: the root of the table.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::{
    Class, DecidedBy, Evidence, Gate, HarmBudget, KillSwitch, Ladder, Paper, Promise, Recovery,
    Rollback, Stage, WaivedGap, Waiver,
};
use crate::engine::{Share, SimDuration};

/// A rollout policy: ordered stages, the gates that guard them and what is done when a gate fires.
///
/// Names refer to each other by `id`; [`crate::plan::Plan`] resolves and checks them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// The version of this file format; 1 today.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The name by which people call this policy.
    pub name: String,
    /// Whether this is the document's text or what its code really does.
    pub profile: Profile,
    /// What the policy governs, in a sentence or two.
    #[serde(default)]
    pub description: String,
    /// The parts of the system that the policy governs, such as subsystems, levers or endpoints, as the document
    /// states them; nothing is simulated of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<String>,
    /// The time between two evaluations of the controller, counted from the start. Triggers and windows count
    /// these alone. Beside them a controller is woken when an observation is over, when a pause is due and when
    /// somebody has approved: a stage is left at that very instant, not at the next evaluation, as long as there
    /// was an evaluation since the stage began to be observed; where there was none, at the next one.
    pub evaluate_every: SimDuration,
    /// When a stage is left whose observation is over.
    #[serde(default, skip_serializing_if = "Advances::is_at_once")]
    pub advances: Advances,
    /// When the rollout may go forward; left out, at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Calendar>,
    /// Who decides in the place of the gates, such as a program of one's own; left out, the gates themselves do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decide: Option<DecidedBy>,
    /// The share that is exposed at the very start of the first stage, where it differs from the
    /// stage's target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial: Option<Share>,
    /// How the targets grow from stage to stage, where the document names a rule for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub increment: Option<Increment>,
    /// Whether the policy governs a critical subsystem, for which stricter limits may hold.
    #[serde(default)]
    pub critical: bool,
    /// How a share becomes a whole number of hosts.
    pub rounding: Rounding,
    /// The largest share that may ever be reached, and what is done beyond it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blast_radius: Option<BlastRadius>,
    /// Evidence that must be in order before the first stage is entered, by id.
    #[serde(default)]
    pub prerequisites: Vec<String>,
    /// The pieces of evidence that the policy knows.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// The gates, referred to by stages.
    pub gates: Vec<Gate>,
    /// What is done when a gate of a class fires.
    pub classes: Vec<Class>,
    /// The stages, in the order in which they are played.
    #[schemars(length(min = 1))]
    pub stages: Vec<Stage>,
    /// The ordered fallback ladder, for policies that fall back rung by rung.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ladder: Option<Ladder>,
    /// The kill switch, for policies that have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kill_switch: Option<KillSwitch>,
    /// How the release is taken back.
    pub rollback: Rollback,
    /// What must happen before a rolled-back or fallen-back release may climb again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Recovery>,
    /// Waivers of rules of this policy.
    #[serde(default)]
    pub waivers: Vec<Waiver>,
    /// How much harm a rollout may do; nothing in the machine looks at it, a checker does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub harm_budget: Option<HarmBudget>,
    /// Promises beside those that every policy makes; nothing in the machine looks at them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<Promise>,
    /// What it is to withstand, by the names of faults: `any`, `none`, or a size at most, such as `<= 12s`;
    /// nothing in the machine looks at it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tolerance: BTreeMap<String, String>,
    /// Gaps of the policy that are meant, each with the reason why: a campaign lists them, and they cost nothing;
    /// nothing in the machine looks at it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waives: Vec<WaivedGap>,
    /// Event codes, audit trail and response packet.
    #[serde(default)]
    pub paper: Paper,
}

/// When a stage is left whose observation is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Advances {
    /// At that very instant: the controller is woken.
    #[default]
    AtOnce,
    /// At the controller's next tick (`evaluate-every`), one stage a tick.
    OnTick,
    /// At the controller's next tick, by the clock: stages whose time is over meanwhile are skipped, and the rollout jumps to
    /// the one that is due.
    CatchUp,
}

impl Advances {
    /// Whether it is what policies do that do not say it.
    pub fn is_at_once(&self) -> bool {
        *self == Self::AtOnce
    }
}

/// Which reading of a system a policy file is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// The document as its authors wrote it.
    AsWritten,
    /// What the code that enforces the document really does.
    AsImplemented,
    /// A policy of one's own.
    Own,
}

/// How targets grow from stage to stage (Rollout Wedge Policy, Increment Policies).
///
/// A declaration: the targets themselves and the approvals stand in the stages, and a reader or a
/// lint may hold them against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Increment {
    /// The same number of points from each stage to the next.
    Linear,
    /// The same factor from each stage to the next.
    Exponential,
    /// Somebody approves each transition.
    Manual,
}

/// How a share of the fleet becomes a whole number of hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Never more than the share; may be no host at all.
    Down,
    /// Never less than the share; may exceed it on a small fleet.
    Up,
    /// The nearest whole number of hosts.
    Nearest,
}

impl Rounding {
    /// Returns how many of `hosts` hosts the share `share` means.
    pub fn apply(self, share: Share, hosts: u64) -> u64 {
        match self {
            Self::Down => share.of_floor(hosts),
            Self::Up => share.of_ceil(hosts),
            Self::Nearest => share.of_round(hosts),
        }
    }
}

/// The largest exposure that a policy allows, judged on the exposure that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BlastRadius {
    /// The largest share that may serve the new version at any instant.
    pub max: Share,
    /// Whether the controller watches the limit and rolls back beyond it.
    pub enforced: bool,
}

impl Policy {
    /// Returns the position of the stage called `id`.
    pub fn stage_index(&self, id: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.id == id)
    }

    /// Returns the gate called `id`.
    pub fn gate(&self, id: &str) -> Option<&Gate> {
        self.gates.iter().find(|gate| gate.id == id)
    }

    /// Returns the trigger class called `id`.
    pub fn class(&self, id: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.id == id)
    }
}
