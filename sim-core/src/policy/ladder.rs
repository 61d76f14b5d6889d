//! The fallback ladder: ordered settings, each safer than the one before.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::Distribution;

/// An ordered fallback ladder; one rung is taken for each sustained breach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ladder {
    /// The rungs, first one first.
    #[schemars(length(min = 1))]
    pub rungs: Vec<Rung>,
    /// The name of the state in which no rung is left.
    pub exhausted: String,
    /// The role that is paged when no rung is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate_to: Option<String>,
}

/// One rung: a setting that is switched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rung {
    /// The name of the rung, unique in its ladder.
    pub id: String,
    /// The settings that the rung writes, as environment variables.
    pub sets: BTreeMap<String, String>,
    /// Why this rung comes at this place.
    #[serde(default)]
    pub reason: String,
    /// The time from the decision until the setting has taken effect.
    pub takes: Distribution,
}

impl Ladder {
    /// Returns the first rung that would change `settings`; nothing where every rung is taken.
    ///
    /// A rung is taken when each setting that it writes already has its value; a setting that is
    /// not in `settings` does not have it.
    pub fn next_rung(&self, settings: &BTreeMap<String, String>) -> Option<&Rung> {
        self.rungs.iter().find(|rung| {
            rung.sets
                .iter()
                .any(|(key, value)| settings.get(key) != Some(value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::SimDuration;

    fn settings(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn the_next_rung_is_the_first_that_changes_something() {
        let rung = |id: &str, key: &str, value: &str| Rung {
            id: id.into(),
            sets: settings(&[(key, value)]),
            reason: String::new(),
            takes: Distribution::Constant(SimDuration::ZERO),
        };
        let ladder = Ladder {
            rungs: vec![
                rung("batch", "BATCH", "false"),
                rung("engine", "ENGINE", "baseline"),
            ],
            exhausted: "safest".into(),
            escalate_to: None,
        };
        let next = |pairs: &[(&str, &str)]| {
            ladder
                .next_rung(&settings(pairs))
                .map(|rung| rung.id.clone())
        };
        assert_eq!(
            next(&[("BATCH", "true"), ("ENGINE", "baseline")]).as_deref(),
            Some("batch")
        );
        assert_eq!(
            next(&[("BATCH", "false"), ("ENGINE", "rlm")]).as_deref(),
            Some("engine")
        );
        assert_eq!(next(&[("BATCH", "false"), ("ENGINE", "baseline")]), None);
        assert_eq!(next(&[]).as_deref(), Some("batch"));
    }
}
