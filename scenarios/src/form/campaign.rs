//! The campaign file: which rehearsals are thought up, what the policy is to withstand, and when it is enough.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::engine::{Share, SimDuration};

/// A campaign of rehearsals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Campaign {
    /// The version of this file format; 1 today.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The name by which people call this campaign.
    pub name: String,
    /// What it is for, in a sentence or two.
    #[serde(default)]
    pub description: String,
    /// When everything heals that the harness broke, counted from the start; none means at the horizon of
    /// the base scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heal_at: Option<SimDuration>,
    /// How long the rollout may take after that to come to an outcome; none means half as long as faults
    /// may happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle: Option<SimDuration>,
    /// Who thinks up the rehearsals, in turn.
    #[schemars(length(min = 1))]
    pub generators: Vec<GeneratorForm>,
    /// What the policy is to withstand.
    #[serde(default)]
    pub tolerance: ToleranceForm,
    /// When it is enough.
    #[serde(default)]
    pub stop: StopForm,
    /// How many rehearsals may be played to shrink one finding.
    #[serde(default = "shrink_replays")]
    #[schemars(range(min = 0, max = 100_000))]
    pub shrink_replays: u32,
    /// By how many rehearsals each size of a fault is judged when the largest is looked for at which every
    /// promise holds; 0 means that nobody looks.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100_000))]
    pub frontier: u64,
}

const fn shrink_replays() -> u32 {
    500
}

/// A generator and how many rehearsals it thinks up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum GeneratorForm {
    /// The base without any fault: nothing may break there.
    Calm(Runs),
    /// Releases that fail plainly for users, each alone, from the first exposure or the entry into a stage on.
    Plain(Runs),
    /// Every limit and every window, just missed, met and passed.
    Boundary(Runs),
    /// Every fault alone, at every instant, under a good and a bad release.
    Alone(Runs),
    /// One fault right after another, at every instant.
    Pairs(PairsForm),
    /// Random subsets of faults at random moments.
    Swarm(SwarmForm),
    /// Faults as often as studies of incidents have counted them.
    Realistic(RealisticForm),
    /// Every small combination of the faults that touch how a bad release is dealt with.
    Lineage(LineageForm),
    /// What can be reached and has not been: each fault in each situation, each transition, each pair at each
    /// moment, one by one, on a way that is known to lead there.
    Aimed(AimedForm),
}

/// How many rehearsals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Runs {
    /// How many; none means every one that there is. Where fewer are wanted, they are spread over all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100_000_000))]
    pub runs: Option<u64>,
}

/// Anchored pairs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct PairsForm {
    /// How many rehearsals; none means so many that about nineteen of twenty pairs are met.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100_000_000))]
    pub runs: Option<u64>,
    /// How many faults follow each other.
    #[schemars(range(min = 2, max = 40))]
    pub size: u32,
    /// Within how long of the instant all of them begin.
    pub within: SimDuration,
}

impl Default for PairsForm {
    fn default() -> Self {
        Self {
            runs: None,
            size: 6,
            within: SimDuration::from_secs(10),
        }
    }
}

/// Aimed rehearsals. Only those are played that aim at what no rehearsal before them has come by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct AimedForm {
    /// How often each fault is aimed at each situation until it shows there.
    #[schemars(range(min = 1, max = 1000))]
    pub tries: u32,
    /// Whether pairs of faults are aimed at as well.
    pub pairs: bool,
}

impl Default for AimedForm {
    fn default() -> Self {
        Self {
            tries: 16,
            pairs: true,
        }
    }
}

/// A swarm.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SwarmForm {
    /// How many rehearsals.
    #[schemars(range(min = 0, max = 100_000_000))]
    pub runs: u64,
    /// Whether only faults take part that the policy is to withstand.
    #[serde(default)]
    pub tolerated: bool,
    /// The most faults of one rehearsal.
    #[serde(default = "faults_max")]
    #[schemars(range(min = 1, max = 200))]
    pub faults_max: u32,
    /// The probability that a fault is tied to an event rather than to a time.
    #[serde(default = "anchored")]
    pub anchored: Share,
    /// The probability that a fault happens shortly after the one before it.
    #[serde(default = "chained")]
    pub chained: Share,
}

const fn faults_max() -> u32 {
    12
}

const fn anchored() -> Share {
    Share::from_ppm(750_000).expect("three quarters")
}

const fn chained() -> Share {
    Share::from_ppm(300_000).expect("three tenths")
}

/// Faults as often as they happen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RealisticForm {
    /// How many rehearsals.
    #[schemars(range(min = 0, max = 100_000_000))]
    pub runs: u64,
    /// Which part of the releases is bad: your own number, never ours.
    pub bad_release: Share,
    /// In which part of the rollouts something else goes wrong.
    pub incident: Share,
}

/// Combinations of faults, the small ones first. Where one breaks a promise, those that hold more faults
/// besides are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct LineageForm {
    /// The most faults of one combination.
    #[schemars(range(min = 1, max = 3))]
    pub depth: u32,
    /// The most combinations that are tried.
    #[schemars(range(min = 1, max = 100_000_000))]
    pub max_hypotheses: u64,
}

impl Default for LineageForm {
    fn default() -> Self {
        Self {
            depth: 3,
            max_hypotheses: 20_000,
        }
    }
}

/// What the policy is to withstand, where it differs from what any policy should.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ToleranceForm {
    /// Faults that it withstands whatever their size, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub withstands: Vec<String>,
    /// Faults that it need not withstand, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beyond: Vec<String>,
}

/// When it is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct StopForm {
    /// After so many rehearsals in a row that cover nothing new and break nothing in a new manner, the rest
    /// of a random generator's is left out.
    #[schemars(range(min = 1, max = 100_000_000))]
    pub plateau: u64,
    /// How long the campaign may take on the wall clock.
    pub time: SimDuration,
}

impl Default for StopForm {
    fn default() -> Self {
        Self {
            plateau: 2000,
            time: SimDuration::from_secs(570),
        }
    }
}

/// The campaigns that are shipped, by name.
pub const CAMPAIGNS: [(&str, &str); 2] = [
    (
        "pre-release",
        include_str!("../../library/campaigns/pre-release.campaign.yaml"),
    ),
    (
        "smoke",
        include_str!("../../library/campaigns/smoke.campaign.yaml"),
    ),
];
