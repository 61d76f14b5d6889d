//! Distributions of delays, as files write them.

use crate::engine::{Draws, SimDuration};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a delay is distributed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Distribution {
    /// Always the same delay.
    Constant(SimDuration),
    /// Any delay between two bounds, each equally likely.
    Uniform {
        /// The shortest delay.
        low: SimDuration,
        /// The longest delay.
        high: SimDuration,
    },
}

impl Distribution {
    /// Draws a delay.
    pub fn sample(&self, draws: &mut Draws) -> SimDuration {
        match self {
            Self::Constant(delay) => *delay,
            Self::Uniform { low, high } => {
                let span = high.as_nanos() - low.as_nanos();
                *low + SimDuration::from_nanos(draws.below(span + 1))
            }
        }
    }
}
