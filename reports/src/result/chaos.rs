//! The result of a chaos campaign as JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::coverage::{ChaosCoverage, ChaosFrontier, ChaosLineage};
use super::run::Inputs;
use super::verdict::Verdict;

/// The result of a campaign of rehearsals, as `coalmine chaos --format json` writes it.
///
/// Fields are added in later versions, never renamed or taken away within one `version`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChaosReport {
    /// The kind of document: always `coalmine/chaos`.
    pub schema: String,
    /// The version of this form; 2 today.
    pub version: u32,
    /// The name of the policy.
    pub policy: String,
    /// Which reading of the policy: `as-written`, `as-implemented` or `own`.
    pub profile: String,
    /// The base scenario, to which the faults are added.
    pub scenario: String,
    /// The name of the campaign.
    pub campaign: String,
    /// The root seed.
    pub seed: u64,
    /// How many rehearsals were planned.
    pub planned: u64,
    /// How many were played.
    pub runs: u64,
    /// How many were left out because such rehearsals had brought nothing new for long.
    pub left_out: u64,
    /// Why the campaign came to its end.
    pub stopped: ChaosEnd,
    /// What the result was made from.
    pub inputs: Inputs,
    /// The worst of everything below.
    pub verdict: Verdict,
    /// Why the verdict is no better, one sentence each: what is violated, what the policy lacks, what is not known;
    /// empty where it is PASS.
    pub reasons: Vec<String>,
    /// The worst counterexample; null where no promise was broken.
    pub worst: Option<Counterexample>,
    /// How each safety promise fared.
    pub invariants: Vec<ChaosInvariant>,
    /// Every distinct way in which a promise was broken that was kept, the worst first.
    pub findings: Vec<Counterexample>,
    /// What users suffered, and how fast the policy was.
    pub harm: ChaosHarm,
    /// How each kind of fault fared.
    pub faults: Vec<ChaosFault>,
    /// The faults that cannot happen in this base, and what is missing for each.
    pub misfits: BTreeMap<String, String>,
    /// How many rehearsals each generator thought up.
    pub generators: Vec<ChaosGenerator>,
    /// How much of what can happen has happened.
    pub coverage: ChaosCoverage,
    /// What every small combination of faults has shown; null where nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<ChaosLineage>,
    /// How large each fault may get before a promise breaks; empty where nobody asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frontiers: Vec<ChaosFrontier>,
    /// In how many rehearsals some fault had no effect that was seen.
    pub inconclusive: u64,
    /// How the rollouts ended: how many each way.
    pub outcomes: BTreeMap<String, u64>,
    /// The check that equal inputs give equal hashes.
    pub self_check: SelfCheck,
    /// The hash of the hashes of all rehearsals in order, 16 hexadecimal digits.
    pub hash: String,
}

/// Why a campaign came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChaosEnd {
    /// Everything that was planned was played.
    Done,
    /// Nothing new had been found for long.
    Plateau,
    /// The time that was allowed had passed.
    Time,
    /// The user interrupted it.
    Interrupted,
}

/// How a safety promise fared in a campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChaosInvariant {
    /// Its code.
    pub id: String,
    /// The promise.
    pub title: String,
    /// What is to be thought of it; null where this policy does not make the promise.
    pub verdict: Option<Verdict>,
    /// In how many rehearsals it was put to the test.
    pub tested: u64,
    /// In how many of them every fault showed; the others count for the faults that did.
    pub conclusive: u64,
    /// How many faults showed while it was put to the test.
    #[serde(default)]
    pub faults: u64,
    /// The faults that the policy is to withstand and that never showed: nothing is known of the promise
    /// under them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<String>,
    /// The faults that showed, but never while the promise was put to the test.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untested: Vec<String>,
    /// What the policy does not declare, so that the promise has nothing to hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsaid: Vec<String>,
    /// What the policy leaves unsaid on purpose, each with the reason that it gives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waived: Vec<String>,
    /// What the policy leaves unsaid and need not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<String>,
    /// How often it was broken by faults that the policy is to withstand.
    pub violations: u64,
    /// How often it was broken with faults beyond that.
    pub violations_beyond: u64,
    /// The 95 % upper bound (Clopper and Pearson) of the probability that a rehearsal of these
    /// generators breaks it within the tolerance; null where none put it to the test.
    pub upper_bound: Option<f64>,
    /// The least margin that was left in any rehearsal, negative where the promise was broken by so much.
    pub min_slack: Option<f64>,
    /// The unit of the margin.
    pub unit: Option<String>,
    /// How it fared under each group of faults; a rehearsal counts for every group of which a fault
    /// showed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub under: Vec<ChaosUnder>,
}

impl ChaosInvariant {
    /// Returns what is said of it in a few words; nothing where this policy does not make the promise.
    pub fn words(&self) -> Option<&'static str> {
        let said = match self.verdict? {
            Verdict::Miss if !self.unsaid.is_empty() => "MISS (gap)",
            Verdict::Miss if self.tested == 0 => "NOT EXERCISED",
            verdict => verdict.word(),
        };
        Some(said)
    }
}

impl Counterexample {
    /// Returns what it counts as: a failure, or accepted, as it happened outside the declared tolerance or no more often than may be.
    pub fn counts_as(&self) -> &'static str {
        match self.verdict {
            Verdict::Fail => "failure",
            _ => "accepted",
        }
    }
}

/// How a safety promise fared in the rehearsals in which a fault of one group showed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChaosUnder {
    /// The group, which is the first part of the names of its faults, or `no fault`.
    pub group: String,
    /// In how many rehearsals the promise was put to the test.
    pub tested: u64,
    /// In how many of them it was broken, within the tolerance or beyond it.
    pub broken: u64,
    /// The 95 % upper bound (Clopper and Pearson) of the probability that it is broken there.
    pub upper_bound: f64,
    /// The least margin that was left, in the unit of the promise.
    pub min_slack: Option<f64>,
}

/// A way in which a promise was broken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counterexample {
    /// The promise, by its code.
    pub invariant: String,
    /// FAIL where the policy is to withstand these faults, otherwise KNOWN_LIMITATION. It is about this finding alone: what
    /// is to be thought of the invariant is in its row.
    pub verdict: Verdict,
    /// What happened.
    pub sentence: String,
    /// The faults that are left after shrinking, by name.
    pub faults: Vec<String>,
    /// How many faults there were when it was found.
    pub faults_found: u64,
    /// How many rehearsals were played to shrink it.
    pub shrink_replays: u64,
    /// Seconds of virtual time until the promise was broken.
    pub at_s: Option<f64>,
    /// The number of the rehearsal in which it was found.
    pub rehearsal: u64,
    /// The command that plays it again.
    pub replay: String,
    /// The folder of the case, where one was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
}

/// What users suffered over a campaign, and how fast the policy was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChaosHarm {
    /// Minutes of full outage that the errors of the new version amount to, in the mean.
    pub error_minutes_mean: Option<f64>,
    /// The same in 19 of 20 rehearsals at most.
    pub error_minutes_p95: Option<f64>,
    /// The same in the worst rehearsal.
    pub error_minutes_max: Option<f64>,
    /// The worst rehearsal whose faults the policy is to withstand, and the command that plays it.
    pub worst: Option<String>,
    /// Seconds until a regression was acted upon, in half of the cases.
    pub detection_p50_s: Option<f64>,
    /// The same in 19 of 20 cases.
    pub detection_p95_s: Option<f64>,
    /// Seconds from the trigger to the last reverted host, in half of the rollbacks.
    pub rollback_p50_s: Option<f64>,
    /// The longest of those that ended.
    pub rollback_max_s: Option<f64>,
    /// Rollbacks that never ended.
    pub rollback_never: u64,
}

/// How a kind of fault fared in a campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChaosFault {
    /// Its name.
    pub name: String,
    /// Whether the policy is to withstand it.
    pub tolerated: bool,
    /// In how many rehearsals it was to happen.
    pub runs: u64,
    /// In how many of them it had an effect that was seen.
    pub shown: u64,
    /// In how many of those some promise was broken.
    pub broken: u64,
}

/// How many rehearsals a generator thought up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChaosGenerator {
    /// Its name.
    pub name: String,
    /// How many rehearsals of it were planned.
    pub planned: u64,
    /// How many of them were played.
    #[serde(default)]
    pub runs: u64,
    /// In how many of those some promise was broken.
    #[serde(default)]
    pub violating: u64,
    /// In how many each promise was broken, by its code.
    #[serde(default)]
    pub broken: BTreeMap<String, u64>,
}

/// The check that equal inputs give equal hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfCheck {
    /// How many rehearsals were played twice.
    pub runs: u64,
    /// How many of them gave another hash; anything but 0 is a mistake in coalmine.
    pub differed: u64,
}

impl ChaosReport {
    /// What `schema` says.
    pub const SCHEMA: &'static str = "coalmine/chaos";
    /// What `version` says.
    pub const VERSION: u32 = 2;
}

impl ChaosEnd {
    /// Returns what is said after the number of rehearsals.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Done => "all planned ones done",
            Self::Plateau => "until they found nothing new",
            Self::Time => "stopped: the time that was allowed had passed",
            Self::Interrupted => "INTERRUPTED",
        }
    }
}
