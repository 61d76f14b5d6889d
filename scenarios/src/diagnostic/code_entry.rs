//! A code of the table of codes.

/// One documented code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeEntry {
    /// The code as printed, such as `CM020`. It never changes its meaning.
    pub code: &'static str,
    /// What it says, in a few words.
    pub title: &'static str,
    /// Why it is a problem and what to do about it.
    pub explanation: &'static str,
}

/// Returns a row of a table of codes.
pub(crate) const fn entry(
    code: &'static str,
    title: &'static str,
    explanation: &'static str,
) -> CodeEntry {
    CodeEntry {
        code,
        title,
        explanation,
    }
}
