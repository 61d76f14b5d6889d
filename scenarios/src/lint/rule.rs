//! What a lint rule is.

use super::Subject;
use crate::CodeEntry;
use crate::check::Problem;

/// A static finding that needs no simulation, and why it is one.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The code, a title and the reason.
    pub entry: CodeEntry,
    /// The rule in a word or two, for waivers and command lines.
    pub name: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
    pub(crate) check: fn(&Subject<'_>) -> Vec<Problem>,
}
