//! What an adapter says when it cannot use a file.

use std::fmt;

/// Why a file of another program could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFault {
    /// What is wrong, as a sentence fragment that names the place inside the file.
    pub message: String,
    /// What to do about it.
    pub help: Option<&'static str>,
}

impl InputFault {
    /// A fault with nothing to advise.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    /// A fault that can be mended.
    pub fn with_help(message: impl Into<String>, help: &'static str) -> Self {
        Self {
            message: message.into(),
            help: Some(help),
        }
    }
}

impl fmt::Display for InputFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.help
            .map_or(Ok(()), |help| write!(f, "\n  help: {help}"))
    }
}

impl std::error::Error for InputFault {}
