//! The result of a comparison of two policies as JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::objective::StudyCause;
use super::run::LoweredInputs;

/// Two policies on the same random numbers, as `coalmine compare --format json` writes it.
///
/// Every difference is the second policy minus the first. Fields are added in later versions,
/// never renamed or taken away within one `version`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompareReport {
    /// The kind of document: always `coalmine/compare`.
    pub schema: String,
    /// The version of this form; 1 today.
    pub version: u32,
    /// Which tool made it.
    pub tool: String,
    /// The two policies, the first and the second.
    pub policies: [ComparedPolicy; 2],
    /// Whether both are the same policy, so that nothing can differ.
    pub same: bool,
    /// The root seed.
    pub seed: u64,
    /// How many pairs of rollouts were played of each scenario.
    pub runs: u64,
    /// Whether every rollout that was asked for was played.
    pub complete: bool,
    /// How intervals and verdicts are made.
    pub method: String,
    /// What was compared over all scenarios; each scenario is a stratum of its own.
    pub overall: Vec<CompareRow>,
    /// What was compared in each scenario.
    pub scenarios: Vec<ComparedScenario>,
    /// Who led to what went wrong, for each policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<ComparedCauses>,
    /// The hash of the hashes of all rollouts, 16 hexadecimal digits.
    pub hash: String,
}

/// Who led to what went wrong under one policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparedCauses {
    /// Which policy: `A` or `B`.
    pub side: String,
    /// The causes, the most frequent of each kind first.
    pub rows: Vec<StudyCause>,
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparedPolicy {
    /// The name that was said on the command line.
    pub named: String,
    /// The name of the policy.
    pub policy: String,
    /// Which reading of the policy: `as-written`, `as-implemented` or `own`.
    pub profile: String,
    /// The hash of the policy's text and of the scenarios, 16 hexadecimal digits.
    pub digest: String,
    /// How the policy of another product was taken, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lowered: Option<LoweredInputs>,
}

/// One scenario of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparedScenario {
    /// The name of the scenario.
    pub scenario: String,
    /// Whether the release deserves to be rolled out: `good` or `bad`.
    pub release: String,
    /// What was compared.
    pub rows: Vec<CompareRow>,
}

/// One objective, compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompareRow {
    /// The objective.
    pub id: String,
    /// In what `a`, `b` and the difference are told.
    pub unit: CompareUnit,
    /// The mean of the first policy over the pairs.
    pub a: f64,
    /// The mean of the second policy over the pairs.
    pub b: f64,
    /// The second minus the first.
    pub difference: f64,
    /// The 95 % interval of the difference, lower and upper end; null where one pair alone says
    /// nothing about chance, or no pair differs from the others, which says nothing about pairs not seen.
    pub interval: Option<[f64; 2]>,
    /// How many pairs have the objective on both sides.
    pub pairs: u64,
    /// How many have it on one side only, and are left out.
    pub unpaired: u64,
    /// In how many pairs the second is more.
    pub more: u64,
    /// In how many pairs the second is less.
    pub less: u64,
    /// The two-sided p-value of no difference, of this row alone.
    pub p: f64,
    /// The same, made good for the number of rows of the table.
    pub p_adjusted: f64,
    /// Whether the second is better.
    pub verdict: CompareVerdict,
    /// The pair that differs most in the direction in which more pairs differ; null if none does.
    pub most: Option<ComparedPair>,
}

/// The unit of a compared objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CompareUnit {
    /// A fraction of the rollouts.
    Rate,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// A fraction of the fleet or the traffic.
    Share,
}

/// What may be said of the second policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CompareVerdict {
    /// It is better.
    Better,
    /// It is worse.
    Worse,
    /// These runs show no difference; which is no proof that there is none.
    NoDifferenceShown,
}

impl CompareRow {
    /// The verdict in words. An interval beside 0 shows no difference where so few pairs differ that chance alone
    /// parts them as often.
    pub fn said(&self) -> String {
        let excludes = self
            .interval
            .is_some_and(|[low, high]| low > 0.0 || high < 0.0);
        match self.verdict {
            CompareVerdict::NoDifferenceShown if excludes => match self.more + self.less {
                1 => "not shown: 1 pair differs".to_owned(),
                many => format!("not shown: {many} pairs differ"),
            },
            verdict => verdict.word().to_owned(),
        }
    }
}

impl CompareVerdict {
    /// Returns the words that reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::NoDifferenceShown => "no difference shown",
        }
    }
}

/// A pair of rollouts that differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparedPair {
    /// The scenario.
    pub scenario: String,
    /// The number of the replication.
    pub replication: u64,
    /// What the first policy came to.
    pub a: f64,
    /// What the second policy came to.
    pub b: f64,
    /// The commands that play both rollouts again.
    pub replay: [String; 2],
}

impl CompareReport {
    /// The kind of document.
    pub const SCHEMA: &'static str = "coalmine/compare";
    /// The version of the form.
    pub const VERSION: u32 = 1;

    /// Says whether the second policy is worse in any row of any table.
    pub fn is_worse(&self) -> bool {
        let scenarios = self.scenarios.iter().flat_map(|scenario| &scenario.rows);
        let mut rows = self.overall.iter().chain(scenarios);
        rows.any(|row| row.verdict == CompareVerdict::Worse)
    }
}
