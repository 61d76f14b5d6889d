//! What is given with a recording, and how much of a defect is borne.

use super::reading::Purpose;
use super::timestamp::Stretch;
use crate::Diagnostic;

/// What is known of a recording besides its rows.
pub(super) struct Given<'g> {
    pub name: &'g str,
    pub source: &'g str,
    pub excluded: &'g [Stretch],
    /// Whether each row is one request and not one interval.
    pub requests: bool,
    pub purpose: Purpose,
}

impl Given<'_> {
    /// How much of something a recording may have: anything, where it is played as it is.
    pub fn most(&self, limit: f64) -> f64 {
        match self.purpose {
            Purpose::Fit => limit,
            Purpose::Play => 1.0,
        }
    }
}

/// Makes a warning of a defect that is rare enough to do no harm.
pub(super) fn graded(
    found: Diagnostic,
    bad: usize,
    all: usize,
    most: f64,
    done: &str,
) -> Diagnostic {
    if bad as f64 > most * all as f64 {
        return found;
    }
    let mut warning = found.severity(crate::Severity::Warning);
    warning.message += &format!(": {done}");
    warning
}
