//! The fidelity of an import, as it becomes JSON: what becomes of every key of other people's policies.

use schemars::JsonSchema;
use serde::Serialize;

use super::UnderstoodMetric;

/// What was found in files.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FidelityReport {
    /// `coalmine/import`.
    pub schema: String,
    /// The version of this form.
    pub version: u32,
    /// The objects of known products, in the order of the files.
    pub objects: Vec<FidelityObject>,
    /// Documents that have no part in a release.
    pub others: Vec<FidelityOther>,
    /// What cannot be read.
    pub problems: Vec<FidelityProblem>,
}

/// One object.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FidelityObject {
    /// The file as it was named.
    pub file: String,
    /// The kind, as the product calls it.
    pub kind: String,
    /// The name; empty where it has none.
    pub name: String,
    /// The product.
    pub product: String,
    /// Why nothing of it is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<String>,
    /// Its keys, in the order of the file.
    pub keys: Vec<FidelityKey>,
    /// How each metric of a rollout that can be simulated is understood, and whose requests it counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<UnderstoodMetric>,
}

/// One key.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FidelityKey {
    /// The path in the object.
    pub path: String,
    /// What becomes of it.
    pub status: FidelityStatus,
    /// Why it is not used.
    pub reason: Option<String>,
    /// The line of the file, from 1.
    pub line: usize,
}

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FidelityStatus {
    /// It decides something, and it is read.
    Used,
    /// It has no part in a decision.
    Ignored,
    /// It is not understood, or not simulated.
    Unsupported,
}

/// A document that has no part in a release.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FidelityOther {
    /// The file as it was named.
    pub file: String,
    /// What it is.
    pub what: String,
}

/// What cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FidelityProblem {
    /// The code.
    pub code: String,
    /// The file as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column, from 1.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl FidelityObject {
    /// How many of its keys have a status.
    pub fn count(&self, status: FidelityStatus) -> usize {
        self.keys.iter().filter(|key| key.status == status).count()
    }
}
