//! The objects of OpenSLO, by their kind and version.

use serde_json::Value as Json;

use super::form::{AlertCondition, AlertPolicy, AlphaSlo, Slo};

/// An object that decides something, and the others.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// `openslo/v1` `SLO`
    Slo(Slo),
    /// `openslo/v1` `AlertPolicy`
    Policy(AlertPolicy),
    /// `openslo/v1` `AlertCondition`
    Condition(AlertCondition),
    /// `openslo/v1alpha` `SLO`
    Alpha(AlphaSlo),
    /// Another kind of either version: it decides nothing.
    Other(String),
}

impl Document {
    /// Reads one object; `None` when it is none of OpenSLO.
    ///
    /// # Errors
    ///
    /// When the version or a field is not as it must be.
    pub fn read(value: &Json) -> Option<Result<Self, String>> {
        let text = |key: &str| value.get(key).and_then(Json::as_str).unwrap_or_default();
        let (version, kind) = (text("apiVersion"), text("kind"));
        if !version.starts_with("openslo/") {
            return None;
        }
        let wrong = |error: serde_json::Error| error.to_string();
        let from = value.clone();
        Some(match (version, kind) {
            ("openslo/v1", "SLO") => serde_json::from_value(from).map(Self::Slo).map_err(wrong),
            ("openslo/v1", "AlertPolicy") => serde_json::from_value(from)
                .map(Self::Policy)
                .map_err(wrong),
            ("openslo/v1", "AlertCondition") => serde_json::from_value(from)
                .map(Self::Condition)
                .map_err(wrong),
            ("openslo/v1alpha", "SLO") => {
                serde_json::from_value(from).map(Self::Alpha).map_err(wrong)
            }
            ("openslo/v1" | "openslo/v1alpha", kind) => Ok(Self::Other(kind.into())),
            (version, _) => Err(format!("`{version}` is not read: only v1 and v1alpha are")),
        })
    }
}

/// Tells whether sloth 0.16 reads an SLO of this version: only v1alpha, and then it writes no alert.
pub fn sloth_takes(version: &str) -> bool {
    version == "openslo/v1alpha"
}
