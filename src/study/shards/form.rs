//! The plan of a study: everything that decides its result.
#![expect(
    clippy::result_large_err,
    reason = "a flaw is told once, and ends the command"
)]

use std::collections::BTreeMap;

use scenarios::{Diagnostic, divided};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::round::range;

/// A plan, as a file has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PlanForm {
    /// `coalmine/plan`.
    pub schema: String,
    /// The version of this form.
    pub version: u32,
    /// The SHA-256 of the study as compact JSON, in hexadecimal digits.
    pub plan_id: String,
    /// What is played.
    pub study: PlannedStudy,
}

/// What is played, without a word about when and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PlannedStudy {
    /// The program and its version, which is the version of the model.
    pub tool: String,
    /// The command with all its settings, the root seed among them, also those that nobody typed.
    pub arguments: Vec<String>,
    /// Every file that was read, by the name that it was read by.
    pub files: BTreeMap<String, String>,
    /// How many shards each round has.
    pub shards: u64,
    /// How many pieces of work the first round has; what later ones have depends on what it comes to.
    pub units: u64,
    /// From which piece to before which each shard of the first round goes.
    pub ranges: Vec<(u64, u64)>,
}

impl PlannedStudy {
    /// Returns the id: the SHA-256 of the canonical bytes, which are compact JSON in the order of the form.
    pub fn id(&self) -> String {
        digest(&serde_json::to_vec(self).expect("a study has text keys"))
    }

    /// Returns the ranges of the first round.
    pub fn cut(units: u64, shards: u64) -> Vec<(u64, u64)> {
        let all = (0..shards).map(|place| range(units, shards, place));
        all.map(|range| (range.start, range.end)).collect()
    }
}

impl PlanForm {
    /// What `schema` says.
    pub const SCHEMA: &str = "coalmine/plan";
    /// What `version` says.
    pub const VERSION: u32 = 1;

    /// Makes the plan of a study.
    pub fn new(study: PlannedStudy) -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            version: Self::VERSION,
            plan_id: study.id(),
            study,
        }
    }

    /// Returns the file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("a plan has text keys") + "\n"
    }

    /// Reads a plan of this program, whose name and version is `tool`.
    ///
    /// # Errors
    /// When the text is no plan, when it was altered, and when another version made it.
    pub fn read(text: &str, tool: &str) -> Result<Self, Diagnostic> {
        let plan: Self =
            serde_json::from_str(text).map_err(|error| divided::no_plan(&error.to_string()))?;
        let known = (Self::SCHEMA, Self::VERSION);
        if (plan.schema.as_str(), plan.version) != known {
            let what = format!("it is a {} of version {}", plan.schema, plan.version);
            return Err(divided::no_plan(&what));
        }
        let id = plan.study.id();
        if id != plan.plan_id {
            return Err(divided::altered_plan(&id, &plan.plan_id));
        }
        if plan.study.tool != tool {
            return Err(divided::other_version(&plan.study.tool, tool));
        }
        let study = &plan.study;
        if study.shards == 0 || study.ranges != PlannedStudy::cut(study.units, study.shards) {
            return Err(divided::no_plan("its ranges are not those of its shards"));
        }
        Ok(plan)
    }
}

/// The SHA-256 of some bytes, in hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
