//! The JSON Schema of every kind of file, for editors and other tools.

use sim_core::policy::Policy;

use crate::schema::document;
use crate::{Campaign, CaseFile, NoiseModel, Scenario, World};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// A rollout policy.
    Policy,
    /// A scenario.
    Scenario,
    /// A world.
    World,
    /// A noise model.
    Noise,
    /// A case.
    Case,
    /// A campaign of rehearsals.
    Campaign,
}

impl DocumentKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Policy,
        Self::Scenario,
        Self::World,
        Self::Noise,
        Self::Case,
        Self::Campaign,
    ];

    /// Returns the word for the kind.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Scenario => "scenario",
            Self::World => "world",
            Self::Noise => "noise",
            Self::Case => "case",
            Self::Campaign => "campaign",
        }
    }
}

/// Returns the schema of a kind of file (JSON Schema, draft 2020-12).
pub fn schema(kind: DocumentKind) -> serde_json::Value {
    let made = match kind {
        DocumentKind::Policy => document::<Policy>(),
        DocumentKind::Scenario => document::<Scenario>(),
        DocumentKind::World => document::<World>(),
        DocumentKind::Noise => document::<NoiseModel>(),
        DocumentKind::Case => document::<CaseFile>(),
        DocumentKind::Campaign => document::<Campaign>(),
    };
    made.as_ref().clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_describes_itself_and_its_parts() {
        for kind in DocumentKind::ALL {
            let schema = schema(kind);
            let text = schema.to_string();
            assert!(
                schema["properties"]["version"].is_object(),
                "{}",
                kind.word()
            );
            assert!(schema["additionalProperties"] == false, "{}", kind.word());
            assert!(text.contains("Duration"), "{}", kind.word());
        }
    }
}
