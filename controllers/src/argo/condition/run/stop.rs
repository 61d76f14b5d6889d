//! Why a running condition stops.

/// Why evaluation stopped: an error, or `?.` met nil.
pub(super) enum Stop {
    Error(String),
    Nil,
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::Error(message)
    }
}

pub(super) type Step<T> = Result<T, Stop>;
