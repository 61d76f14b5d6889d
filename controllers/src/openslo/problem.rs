//! What is wrong with an object.

/// What is wrong, where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The object: its kind and name.
    pub object: String,
    /// The path of the key in it.
    pub path: String,
    /// It is valid, but not simulated.
    pub unsupported: bool,
    /// A sentence.
    pub message: String,
}

/// A mistake at a path of an object.
pub(super) fn problem(object: &str, path: &str, message: &str) -> Problem {
    Problem {
        object: object.into(),
        path: path.into(),
        unsupported: false,
        message: message.into(),
    }
}
