//! A problem with a value: what a diagnostic says before anybody knows where in a file it stands.

use crate::{Diagnostic, Severity, SpanIndex};

/// A diagnostic and the path of the value that it is about, such as `stages[1].target`.
///
/// Checks look at values and never at text, so that they hold for a policy that a search has made
/// up as well as for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    path: String,
    diagnostic: Diagnostic,
}

impl Problem {
    /// Makes an error about the value at `path`.
    pub fn error(code: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        let diagnostic = Diagnostic::error(code, 0..0, message).whole_file();
        Self {
            path: path.into(),
            diagnostic,
        }
    }

    /// Makes a warning about the value at `path`.
    pub fn warning(
        code: &'static str,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self::error(code, path, message).with(|found| found.severity(Severity::Warning))
    }

    /// Makes a note about the value at `path`.
    pub fn note(code: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::error(code, path, message).with(|found| found.severity(Severity::Note))
    }

    /// Adds the words beside the caret.
    pub fn label(self, label: impl Into<String>) -> Self {
        self.with(|found| found.label(label))
    }

    /// Adds why it matters.
    pub fn reason(self, reason: impl Into<String>) -> Self {
        self.with(|found| found.reason(reason))
    }

    /// Adds what to write next.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.with(|found| found.help(help))
    }

    /// The path of the value.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Puts the path under `prefix`, where the value is a part of a larger document.
    pub fn under(mut self, prefix: &str) -> Self {
        self.path = match (prefix, self.path.as_str()) {
            ("", _) => return self,
            (_, "") => prefix.to_owned(),
            (_, path) if path.starts_with('[') => format!("{prefix}{path}"),
            (_, path) => format!("{prefix}.{path}"),
        };
        self
    }

    /// Finds the value in its file.
    pub fn locate(self, spans: &SpanIndex) -> Diagnostic {
        let span = spans.nearest(&self.path);
        Diagnostic {
            span: Some(span),
            ..self.diagnostic
        }
    }

    /// Names the path in the message, where there is no file.
    pub fn unlocated(self) -> Diagnostic {
        let message = match self.path.as_str() {
            "" => self.diagnostic.message,
            path => format!("`{path}`: {}", self.diagnostic.message),
        };
        Diagnostic {
            message,
            ..self.diagnostic
        }
    }

    fn with(self, change: impl FnOnce(Diagnostic) -> Diagnostic) -> Self {
        Self {
            path: self.path,
            diagnostic: change(self.diagnostic),
        }
    }
}

/// Numbers the items of the list at `path`: `stages[0]`, `stages[1]` and so on.
pub(crate) fn each<'a, T>(path: &str, items: &'a [T]) -> impl Iterator<Item = (String, &'a T)> {
    let path = path.to_owned();
    items
        .iter()
        .enumerate()
        .map(move |(place, item)| (format!("{path}[{place}]"), item))
}
