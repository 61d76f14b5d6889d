//! How large a change of a signal is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::effect::{Change, SignalChange};
use sim_core::policy::gate::Population;

/// How large a change of a signal is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Size {
    /// So much more, in the signal's own unit.
    Plus(#[schemars(range(min = -1e12, max = 1e12))] f64),
    /// So many times as much.
    Times(#[schemars(range(min = 0.0, max = 1e9))] f64),
}

impl Size {
    /// Returns the change of `signal` in `population`.
    pub(super) fn of(self, signal: String, population: Population) -> Change {
        let change = |by| SignalChange {
            signal,
            by,
            population,
        };
        match self {
            Self::Plus(by) => Change::Add(change(by)),
            Self::Times(by) => Change::Multiply(change(by)),
        }
    }
}
