//! Gaps: what a document says, what its code does, and what shows it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Field;
use super::pattern::covers;

/// The table of known gaps of a system.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Gaps {
    /// The version of this file format; 1 today.
    #[expect(dead_code, reason = "the reader holds it against the schema")]
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// The gaps, the most harmful first.
    pub gaps: Vec<Gap>,
}

/// A known gap between a document and its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gap {
    /// The name of the gap, unique in its system.
    pub id: String,
    /// The fields in which it shows, as patterns such as `gates.*.window`; none where no field can
    /// hold it.
    #[serde(default)]
    pub fields: Vec<String>,
    /// What the document says.
    pub document: String,
    /// What the code does.
    pub code: String,
    /// Where that was read.
    pub source: String,
    /// What shows it.
    pub proof: Proof,
}

/// What shows a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Proof {
    /// A decision of the real code, recorded.
    Case {
        /// The kind of the recorded decisions, such as `control-plane-guard`.
        kind: String,
        /// The name of the case.
        name: String,
    },
    /// A scenario of the library that ends otherwise for the two policies.
    Scenario(String),
    /// The text alone: nothing that is played depends on it.
    Reading,
}

impl Gap {
    /// Returns whether the gap is why `field` differs.
    pub fn explains(&self, field: &Field) -> bool {
        self.fields
            .iter()
            .any(|pattern| covers(pattern, &field.path))
    }
}
