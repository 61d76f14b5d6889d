//! How a recording is to be read.

use super::timestamp::Stretch;
use super::unit::Unit;

/// What a row stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sampling {
    /// One interval: rows have an order and a step, and none is there twice.
    #[default]
    Interval,
    /// One request: any number of rows may share a time.
    Request,
}

/// What a recording is for, which decides how many holes it may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// A model is fitted to it: too many holes would bend the model.
    #[default]
    Fit,
    /// It is played as it is: a hole is what a gate would have met.
    Play,
}

/// What the user calls the columns of a CSV: pairs of a role (`timestamp`, `value`, `n`, `host`,
/// `version`) and a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns(pub Vec<(String, String)>);

impl Columns {
    /// Returns the name that was chosen for a role.
    pub fn of(&self, role: &str) -> Option<&str> {
        let mut chosen = self.0.iter().rev();
        let (_, name) = chosen.find(|(known, _)| known == role)?;
        Some(name)
    }
}

/// How a recording is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What a row stands for.
    pub sampling: Sampling,
    /// What the columns are called.
    pub columns: Columns,
    /// Stretches to leave out, such as known incidents.
    pub exclude: Vec<Stretch>,
    /// What the recording is for.
    pub purpose: Purpose,
    /// The unit of a ratio's values; none is what the values look like.
    pub unit: Option<Unit>,
}
