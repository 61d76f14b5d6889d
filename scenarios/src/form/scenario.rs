//! The scenario file: which release meets which world, what goes wrong, and what is expected.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::Outcome;
use sim_core::effect::Effect;
use sim_core::engine::{Share, SimDuration};
use sim_core::operator::{EvidenceChange, Operator};
use sim_core::policy::{Profile, Promise};

use crate::rehearse::{Planned, Step, healed};
use crate::{NoiseModel, World};

/// One rollout's circumstances, apart from the policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    /// The version of this file format; 1 today.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The name by which people call this scenario.
    pub name: String,
    /// What happens, in a sentence or two.
    #[serde(default)]
    pub description: String,
    /// Where it really happened, or who found it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Where it happens.
    pub world: WorldSource,
    /// Signals of the world that behave as a noise model says, fitted from a history or made up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub noise: Vec<ChosenNoise>,
    /// A factor on the requests a second and on the runs an hour; none means 1. What a host does by
    /// itself (events, levels) does not depend on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1e6))]
    pub load: Option<f64>,
    /// How many hosts there are, where it differs from the world.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000_000))]
    pub hosts: Option<u32>,
    /// The release that is rolled out.
    pub release: Release,
    /// What goes wrong besides.
    #[serde(default)]
    pub faults: Vec<Effect>,
    /// Faults of the catalogue that are to happen, each at its own moment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rehearse: Vec<Planned>,
    /// Faults of the catalogue in an order: one after another, side by side, or both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Step>,
    /// When everything heals that is rehearsed or listed under `faults`, counted from the start; from then to
    /// the horizon the rollout must come to an outcome. None means that what does not end by itself stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heal_at: Option<SimDuration>,
    /// Promises that hold in this scenario beside those of the policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<Promise>,
    /// How the evidence is, where it is not in perfect order.
    #[serde(default)]
    pub evidence: Vec<EvidenceChange>,
    /// The people, where they differ from the world's: one of the same role takes the other's place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operators: Vec<Operator>,
    /// When the simulation ends, whatever the rollout is doing.
    pub horizon: SimDuration,
    /// What many runs must achieve; what is left out has a default.
    #[serde(default)]
    pub objectives: Objectives,
    /// What is expected of the policy, by its profile.
    #[serde(default)]
    pub expect: BTreeMap<Profile, Expect>,
}

/// Where a scenario takes its world from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WorldSource {
    /// The world of a system of the shipped library, by its name.
    Library(String),
    /// A file, relative to the scenario's own folder.
    File(String),
    /// The world itself.
    Inline(Box<World>),
}

/// A signal of the world whose kind and noise are replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ChosenNoise {
    /// The signal.
    pub signal: String,
    /// The model that takes the place of what the world says about it.
    pub model: NoiseSource,
}

/// Where a scenario takes a noise model from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoiseSource {
    /// A file, relative to the scenario's own folder.
    File(String),
    /// The model itself.
    Inline(Box<NoiseModel>),
}

/// The release of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Release {
    /// Whether a perfect policy would let it through.
    pub is: Verdict,
    /// What the new version does to the signals.
    #[serde(default)]
    pub effects: Vec<Effect>,
}

/// The truth about a release, which no policy knows.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It should be completed; taking it back is a false rollback.
    Good,
    /// It should be taken back; completing it is a missed regression.
    Bad,
}

/// What is expected of one profile in one scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expect {
    /// How the rollout ends.
    pub outcome: Outcome,
    /// In at least which share of the runs it ends so.
    pub at_least: Share,
    /// What is said of these runs as a whole: `fail` where a safety promise is broken, `inconclusive` where
    /// a fault never shows, else `pass`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<chaos::rehearsal::Verdict>,
    /// The safety promises that are broken in these runs, by their codes; no other is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<String>,
    /// Why that is what the policy's words or code lead to.
    pub why: String,
}

/// Limits on rates over many runs, as fractions of the runs.
///
/// A limit that is left out takes the default of [`Objectives::DEFAULTS_GOOD`] or
/// [`Objectives::DEFAULTS_BAD`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Objectives {
    /// At most this share of the runs takes a good release back (rolled back, fell back, killed or
    /// aborted). Default 1 %; says nothing about a bad release.
    pub false_rollback: Option<Share>,
    /// At most this share of the runs leaves a good release standing (paused, or unfinished at the
    /// end). Default 5 %; says nothing about a bad release.
    pub stalled_release: Option<Share>,
    /// At most this share of the runs lets a bad release through: completes it, does nothing about it, or
    /// leaves users on it at the end. Runs that end before the regression begins are not counted. Default
    /// 5 %; says nothing about a good release.
    pub missed_regression: Option<Share>,
    /// At least this share of the rollbacks that happen ends within the policy's deadline, as
    /// INV-ROLLBACK has it. Default 99 % of a bad release's; says nothing about a policy without a
    /// deadline.
    pub rollback_within_deadline: Option<Share>,
    /// In at least this share of the runs the exposure that is reached stays within the policy's
    /// blast radius, as INV-BLAST has it. Default 99 %; says nothing about a policy without one, or with
    /// one of 100 %.
    pub blast_within: Option<Share>,
    /// At most which share of the runs breaks an invariant, by its code (`INV-KILL: 0.1%`). Default 1 %
    /// for each. A limit of 0 % is missed by the first run that breaks it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub invariants: BTreeMap<String, Share>,
}

impl Objectives {
    /// What is asked of a good release where the file says nothing.
    pub const DEFAULTS_GOOD: Self = Self {
        false_rollback: Share::from_ppm(10_000),
        stalled_release: Share::from_ppm(50_000),
        missed_regression: None,
        rollback_within_deadline: Share::from_ppm(990_000),
        blast_within: Share::from_ppm(990_000),
        invariants: BTreeMap::new(),
    };
    /// What is asked of a bad release where the file says nothing.
    pub const DEFAULTS_BAD: Self = Self {
        false_rollback: None,
        stalled_release: None,
        missed_regression: Share::from_ppm(50_000),
        rollback_within_deadline: Share::from_ppm(990_000),
        blast_within: Share::from_ppm(990_000),
        invariants: BTreeMap::new(),
    };
    /// In at most which share of the runs an invariant may be broken where the file says nothing.
    pub const INVARIANT_DEFAULT: Share = match Share::from_ppm(10_000) {
        Some(share) => share,
        None => Share::ZERO,
    };

    /// Returns the limits that hold for a release of this kind: what the file says, or the
    /// default, and nothing for a rate that such a release cannot have.
    #[must_use]
    pub fn or_defaults(&self, release: Verdict) -> Self {
        let defaults = match release {
            Verdict::Good => Self::DEFAULTS_GOOD,
            Verdict::Bad => Self::DEFAULTS_BAD,
        };
        let pick = |said: Option<Share>, default: Option<Share>| default.and(said.or(default));
        Self {
            false_rollback: pick(self.false_rollback, defaults.false_rollback),
            stalled_release: pick(self.stalled_release, defaults.stalled_release),
            missed_regression: pick(self.missed_regression, defaults.missed_regression),
            rollback_within_deadline: pick(
                self.rollback_within_deadline,
                defaults.rollback_within_deadline,
            ),
            blast_within: pick(self.blast_within, defaults.blast_within),
            invariants: self.invariants.clone(),
        }
    }
}

impl Scenario {
    /// Returns what goes wrong besides, healed when the scenario says so.
    pub(crate) fn healed_faults(&self) -> Vec<Effect> {
        let mut faults = self.faults.clone();
        if let Some(heal_at) = self.heal_at {
            for fault in &mut faults {
                fault.course = healed(fault.course, heal_at);
            }
        }
        faults
    }

    /// Returns the people of `world` with those of this scenario in their places.
    pub fn people(&self, world: &World) -> Vec<Operator> {
        let same = |operator: &Operator| {
            self.operators
                .iter()
                .find(|own| own.role == operator.role)
                .unwrap_or(operator)
                .clone()
        };
        let new = self.operators.iter().filter(|own| {
            world
                .operators
                .iter()
                .all(|operator| operator.role != own.role)
        });
        world
            .operators
            .iter()
            .map(same)
            .chain(new.cloned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_is_left_out_takes_the_default_of_the_release() {
        let said = Objectives {
            false_rollback: Share::from_ppm(50_000),
            ..Objectives::default()
        };
        let good = said.or_defaults(Verdict::Good);
        assert_eq!(good.false_rollback, Share::from_ppm(50_000));
        assert_eq!(good.rollback_within_deadline, Share::from_ppm(990_000));
        assert_eq!(good.missed_regression, None);
        let bad = said.or_defaults(Verdict::Bad);
        assert_eq!(
            bad.false_rollback, None,
            "a bad release cannot be taken back falsely"
        );
        assert_eq!(bad.missed_regression, Share::from_ppm(50_000));
    }
}
