//! Three readings of one wedge side by side, and where they part.

use std::fmt;

use super::{AsWritten, WedgeVerdict, as_written, merge_gate, reference_checker};
use crate::adapter::Json;

/// Who reads a wedge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reader {
    /// The checker script of the policy.
    ReferenceChecker,
    /// The gate before a merge.
    MergeGate,
    /// The document.
    AsWritten,
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReferenceChecker => "reference-checker",
            Self::MergeGate => "merge-gate",
            Self::AsWritten => "as-written",
        })
    }
}

/// The three readings of a wedge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readings {
    /// What the checker script says.
    pub reference_checker: WedgeVerdict,
    /// What the merge gate says.
    pub merge_gate: WedgeVerdict,
    /// What the document says.
    pub as_written: AsWritten,
}

/// Something in a wedge that one reader refuses or leaves open and another accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// Who sees a problem.
    pub by: Reader,
    /// Whether the reader leaves the question open instead of refusing the wedge.
    pub open: bool,
    /// What the reader says.
    pub what: String,
    /// Who accepts the whole wedge nevertheless.
    pub accepted_by: Vec<Reader>,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accepting: Vec<String> = self.accepted_by.iter().map(ToString::to_string).collect();
        let (by, what) = (self.by, &self.what);
        let says = if self.open {
            "leaves it open"
        } else {
            "refuses"
        };
        write!(
            f,
            "{by} {says}: {what} (accepted by {})",
            accepting.join(" and ")
        )
    }
}

impl Readings {
    /// Reads a wedge in all three ways.
    pub fn of(wedge: &Json) -> Self {
        Self {
            reference_checker: reference_checker(wedge),
            merge_gate: merge_gate(wedge),
            as_written: as_written(wedge),
        }
    }

    /// Returns who accepts the wedge.
    pub fn accepted_by(&self) -> Vec<Reader> {
        let valid = [
            (Reader::ReferenceChecker, self.reference_checker.is_valid()),
            (Reader::MergeGate, self.merge_gate.is_valid()),
            (Reader::AsWritten, self.as_written.valid() == Some(true)),
        ];
        valid
            .into_iter()
            .filter(|(_, valid)| *valid)
            .map(|(reader, _)| reader)
            .collect()
    }

    /// Returns where the readers part: nothing if all of them accept the wedge or none does.
    pub fn disagreements(&self) -> Vec<Disagreement> {
        let accepted_by = self.accepted_by();
        if accepted_by.is_empty() {
            return Vec::new();
        }
        let said = |by, open, texts: &[String]| {
            let accepted_by = accepted_by.clone();
            let one = move |what: &String| Disagreement {
                by,
                open,
                what: what.clone(),
                accepted_by: accepted_by.clone(),
            };
            texts.iter().map(one).collect::<Vec<_>>()
        };
        let mut all = said(
            Reader::ReferenceChecker,
            false,
            self.reference_checker.errors(),
        );
        all.extend(said(Reader::MergeGate, false, self.merge_gate.errors()));
        all.extend(said(Reader::AsWritten, false, &self.as_written.problems));
        all.extend(said(Reader::AsWritten, true, &self.as_written.open));
        all
    }
}

/// Returns where the three readings of `wedge` disagree.
pub fn disagreements(wedge: &Json) -> Vec<Disagreement> {
    Readings::of(wedge).disagreements()
}
