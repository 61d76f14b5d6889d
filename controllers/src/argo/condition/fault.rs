//! What is wrong with a condition, found before anything is evaluated.

/// Where and why a condition cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionError {
    /// What kind of fault it is.
    pub kind: Fault,
    /// The engine's own words where it has some.
    pub message: String,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The kinds of faults that are found before anything is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not an expression of the language.
    Syntax,
    /// An expression that the engine's checker refuses: an unknown name, operands that do not fit.
    Type,
    /// The engine takes it; this reader does not (a builtin outside the subset, too large).
    Unsupported,
}

impl ConditionError {
    pub(super) fn new(kind: Fault, at: usize, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            column: at + 1,
        }
    }
}

impl std::fmt::Display for ConditionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (column {})", self.message, self.column)
    }
}

impl std::error::Error for ConditionError {}
