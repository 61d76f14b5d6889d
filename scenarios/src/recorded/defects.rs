//! What is wrong with a recording: each kind once, at its first place, counted.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::Diagnostic;

/// Findings by code. A recording has thousands of rows, and a thousand times the same sentence
/// helps nobody.
#[derive(Clone, Debug, Default)]
pub(super) struct Defects {
    found: BTreeMap<&'static str, (usize, Diagnostic)>,
}

impl Defects {
    /// Notes one more row with the defect `code`; only the first is described.
    pub fn row(
        &mut self,
        code: &'static str,
        span: &Range<usize>,
        describe: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let first = || describe(Diagnostic::error(code, span.clone(), ""));
        self.found.entry(code).or_insert_with(|| (0, first())).0 += 1;
    }

    /// Notes a finding about the whole.
    pub fn whole(&mut self, found: Diagnostic) {
        self.found.entry(found.code).or_insert((1, found));
    }

    /// Says whether anything makes the recording useless.
    pub fn has_errors(&self) -> bool {
        let mut all = self.found.values();
        all.any(|(_, found)| found.severity == crate::Severity::Error)
    }

    /// Returns the findings, with how often each was met.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let counted = |(count, mut found): (usize, Diagnostic)| {
            if count > 1 {
                found.message += &format!(" (and in {} more rows)", count - 1);
            }
            found
        };
        self.found.into_values().map(counted).collect()
    }
}
