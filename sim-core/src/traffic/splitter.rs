//! What stands between a declared weight and the requests: who is assigned, how, and how finely.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::{Share, SimDuration};

/// A proxy that assigns each request for itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Requests {
    /// How a request is assigned.
    pub draw: Draw,
    /// How many workers keep a state of their own, each for its part of the requests (with `smooth` and `block`).
    #[schemars(range(min = 1, max = 1024))]
    pub workers: u32,
    /// How many different servers are drawn before one is taken, 1 or 2. Of two idle servers the second is taken, so that a
    /// weight w reaches nearly 1 - (1 - w)^20 (nginx, `random two`).
    #[schemars(range(min = 1, max = 2))]
    pub choices: u32,
    /// Which weights there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// The share hangs on where servers lie on a ring of hashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ring: Option<Ring>,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            draw: Draw::Coin,
            workers: 1,
            choices: 1,
            resolution: None,
            ring: None,
        }
    }
}

/// A balancer of connections: all requests of a connection go where it went.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Connections {
    /// How many connections are open.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub count: u64,
    /// How long one stays open on average; a new one is assigned by a coin of the weight.
    pub lifetime: SimDuration,
}

/// A flag or a sticky balancer that assigns users: always the same ones, and nested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Users {
    /// How many users there are; left out, so many that their number hides no chance.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000_000_000_u64))]
    pub count: Option<u64>,
    /// How often one user visits, in visits an hour, for a kill switch whose clients remember.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits_per_hour: Option<f64>,
    /// Which percentages there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// The share hangs on where servers lie on a ring of hashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ring: Option<Ring>,
    /// How users are assigned.
    #[serde(skip_serializing_if = "AssignedBy::is_hash")]
    pub assigned_by: AssignedBy,
    /// Whose hash it is: how many of the users a percentage reaches is drawn with it.
    pub salt: Salt,
    /// What a weight of zero does to users who have the new version.
    pub on_zero: OnZero,
}

/// What a preset stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Splitter {
    /// Each request for itself.
    Requests(Requests),
    /// Each user, always alike.
    Users(Users),
}

/// How a request is assigned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Draw {
    /// Each for itself, with the probability of the weight.
    #[default]
    Coin,
    /// In turns that are spread evenly (smooth weighted round robin).
    Smooth {
        /// Where in each turn the new version is.
        phase: Phase,
    },
    /// In turns in which all requests to the new version follow one another.
    Block {
        /// Where in each turn the block is.
        phase: Phase,
    },
    /// Weights are not read: the old and the new version are two servers that are level.
    None,
}

/// The place of the new version in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The first request.
    First,
    /// The one in the middle.
    Middle,
    /// The last.
    Last,
    /// Any, drawn at the start.
    Random,
}

/// Which weights a splitter knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Resolution {
    /// The weights are whole multiples of it.
    pub step: Share,
    /// What becomes of a weight between two of them.
    pub rounds: Rounds,
    /// The least weight that is not zero; smaller ones are raised to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<Share>,
}

/// What becomes of a weight that a splitter does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rounds {
    /// It is the next smaller one.
    Down,
    /// It is the next greater one.
    Up,
    /// It is the nearest one.
    Nearest,
    /// It is the next smaller one and a step more.
    Beyond,
}

/// A ring of hashes: the share is off by a factor that servers' names decide, the same in every rollout.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ring {
    /// The standard deviation of the share, as a part of it.
    pub spread: Share,
    /// Which ring: another number is other names of servers.
    #[serde(default)]
    pub names: u64,
}

/// How users are assigned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AssignedBy {
    /// By a hash of the user's name: how many of them a percentage reaches is left to chance.
    #[default]
    Hash,
    /// By their place in a list: exactly the percentage, rounded down.
    List,
}

impl AssignedBy {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
    fn is_hash(&self) -> bool {
        *self == Self::Hash
    }
}

/// Whose hash assigns users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Salt {
    /// Each rollout's own, as flags have: other users come first each time.
    #[default]
    Flag,
    /// One for all rollouts: the same users meet every new release first.
    Fixed,
}

/// What a weight of zero does to users who have the new version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum OnZero {
    /// They leave at once.
    #[default]
    Evict,
    /// Nobody comes any more; those who are there stay until their cookie or session ends.
    StopNewcomers {
        /// How long a session lasts on average from then on (exponential).
        session: SimDuration,
    },
}
