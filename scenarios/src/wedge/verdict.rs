//! What the code of a reference says about a wedge: errors, or the exception with which it dies.

/// The outcome of reading a wedge as a reference program reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WedgeVerdict {
    /// The wedge was read to its end; it is valid if there are no errors.
    Read(Vec<String>),
    /// The reference raises this exception, written as Python's `repr` writes it.
    Raised(String),
}

impl WedgeVerdict {
    /// Returns whether the wedge is valid in this reading. An exception is not a yes.
    pub fn is_valid(&self) -> bool {
        matches!(self, Self::Read(errors) if errors.is_empty())
    }

    /// Returns the errors; an exception is one.
    pub fn errors(&self) -> &[String] {
        match self {
            Self::Read(errors) => errors,
            Self::Raised(exception) => std::slice::from_ref(exception),
        }
    }
}
