//! A campaign against mutants as JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::run::Inputs;

/// What became of every mutant of a policy, as `coalmine mutate --format json` writes it.
///
/// Fields are added in later versions, never renamed or taken away within one `version`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MutateReport {
    /// The kind of document: always `coalmine/mutate`.
    pub schema: String,
    /// The version of this form; 1 today.
    pub version: u32,
    /// The name of the policy.
    pub policy: String,
    /// Which reading of the policy: `as-written`, `as-implemented` or `own`.
    pub profile: String,
    /// The scenario of a good release that every rehearsal begins with.
    pub scenario: String,
    /// The root seed.
    pub seed: u64,
    /// What the result was made from.
    pub inputs: Inputs,
    /// How many rehearsals the campaign has.
    pub rehearsals: u64,
    /// How many rollouts were played in all.
    pub runs: u64,
    /// What is to be said of the whole.
    pub status: MutateStatus,
    /// The mutants that count: those that can be rolled out and differ from the original.
    pub score: MutateScore,
    /// Those of them that let harm through at once.
    pub critical: MutateScore,
    /// Every mutant, in the order of operators.
    pub mutants: Vec<MutantRow>,
}

/// What is to be said of a whole campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MutateStatus {
    /// Enough of the mutants were caught, and all critical ones.
    Met,
    /// Too many of them got through.
    Missed,
    /// It was interrupted: some mutants were not played to the end.
    Interrupted,
}

/// How many of some mutants were caught.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MutateScore {
    /// How many were caught.
    pub caught: u64,
    /// How many there are.
    pub of: u64,
    /// The share that is asked for.
    pub goal: f64,
}

/// One mutant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MutantRow {
    /// The operator.
    pub operator: String,
    /// What the operator does, as a sentence without a full stop.
    pub does: String,
    /// The part of the policy that the operator weakens, such as `gates`; empty in older results.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// Where it was applied, by the policy's own names.
    pub site: String,
    /// Whether it lets harm through at once.
    pub critical: bool,
    /// What became of it: `caught`, `missed`, `masked`, `equivalent` or `unviable`.
    pub verdict: String,
    /// Why nobody noticed: `no oracle`, `not reached`, `masked by redundancy` or `equivalent`; for an
    /// unviable one what is wrong with it; null for one that was caught.
    pub why: Option<String>,
    /// The promise that was broken; null for one that was not caught.
    pub promise: Option<String>,
    /// How it was broken.
    pub detail: Option<String>,
    /// The rehearsal that caught it.
    pub rehearsal: Option<String>,
    /// How many rollouts of it were played.
    pub runs: u64,
    /// What nobody would notice, as a sentence; null for one that was caught or does not count.
    pub sentence: Option<String>,
}

impl MutateScore {
    /// Returns the share that was caught; 1 where there is nothing to catch.
    pub fn share(&self) -> f64 {
        if self.of == 0 {
            return 1.0;
        }
        self.caught as f64 / self.of as f64
    }

    /// Whether the share is as large as asked for.
    pub fn is_met(&self) -> bool {
        self.share() >= self.goal
    }
}

impl MutateReport {
    /// The kind of document.
    pub const SCHEMA: &'static str = "coalmine/mutate";
    /// The version of the form.
    pub const VERSION: u32 = 1;

    /// Returns how many mutants have this verdict.
    pub fn count(&self, verdict: &str) -> usize {
        let same = |row: &&MutantRow| row.verdict == verdict;
        self.mutants.iter().filter(same).count()
    }
}
