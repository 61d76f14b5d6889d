//! Why a history is not fitted.

use crate::Diagnostic;

/// A refusal: what is wrong, why that matters, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(Box<Diagnostic>);

impl Refusal {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(
            Diagnostic::error(code, 0..0, message).whole_file(),
        ))
    }

    pub(super) fn reason(mut self, reason: &str) -> Self {
        self.0.reason = Some(reason.to_owned());
        self
    }

    pub(super) fn help(mut self, help: &str) -> Self {
        self.0.help = Some(help.to_owned());
        self
    }

    /// Adds what was found nevertheless.
    pub(super) fn yet(mut self, found: Option<String>) -> Self {
        if let Some((reason, found)) = self.0.reason.as_mut().zip(found) {
            *reason += &format!("; what holds nevertheless: {found}");
        }
        self
    }

    /// Returns the finding.
    pub fn diagnostic(&self) -> &Diagnostic {
        &self.0
    }
}
