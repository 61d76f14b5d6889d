//! The scale on which movements add up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The scale on which movements add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// Logarithms: a movement is a factor on the level, whose mean over time is 1.
    #[default]
    Log,
    /// The signal's own unit: a movement is a summand, whose mean over time is 0. For gauges alone.
    Identity,
}

impl Link {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    pub(super) const fn is_log(&self) -> bool {
        matches!(self, Self::Log)
    }
}
