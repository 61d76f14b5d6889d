//! What is wrong with a document, where, why it matters and what to write instead.

pub(crate) mod code_entry;
pub(crate) mod codes;
pub mod divided;
pub(crate) mod findings;
pub(crate) mod position;
pub(crate) mod quote;
pub(crate) mod render;

use position::{LineIndex, Position};
use std::ops::Range;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document cannot be used.
    Error,
    /// The document can be used, and yet it probably does not do what was meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// Returns the name as printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable code that [`CODES`](crate::CODES) explains.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: a fragment in lower case without a full stop.
    pub message: String,
    /// The bytes of the source that are meant; none if the whole file is.
    pub span: Option<Range<usize>>,
    /// A word or two beside the caret.
    pub label: Option<String>,
    /// Why it matters.
    pub reason: Option<String>,
    /// What to write next.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Makes an error about the bytes `span`.
    pub fn error(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            span: Some(span),
            label: None,
            reason: None,
            help: None,
        }
    }

    /// Makes a warning about the bytes `span`.
    pub fn warning(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::error(code, span, message).severity(Severity::Warning)
    }

    /// Makes a note about the bytes `span`.
    pub fn note(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::error(code, span, message).severity(Severity::Note)
    }

    /// Changes how bad it is.
    #[must_use]
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Says that the whole file is meant.
    #[must_use]
    pub fn whole_file(mut self) -> Self {
        self.span = None;
        self
    }

    /// Adds the words beside the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds why it matters.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Adds what to write next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The findings about one file, with the text that they point into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The name of the file as the user gave it.
    pub name: String,
    /// The text of the file, without a byte-order mark.
    pub source: String,
    /// The findings, in the order of the file; last those about the whole of it.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Makes a report and puts the findings into their order.
    pub fn new(name: &str, source: &str, mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by_key(|found| match &found.span {
            Some(span) => (false, span.start),
            None => (true, 0),
        });
        Self {
            name: name.to_owned(),
            source: source.to_owned(),
            diagnostics,
        }
    }

    /// Says whether one of the findings is an error.
    pub fn has_errors(&self) -> bool {
        let mut severities = self.diagnostics.iter().map(|found| found.severity);
        severities.any(|severity| severity == Severity::Error)
    }

    /// Returns where a finding begins and ends, in lines and columns.
    pub fn positions(&self, found: &Diagnostic) -> Option<(Position, Position)> {
        let span = found.span.as_ref()?;
        let index = LineIndex::new(&self.source);
        let end = index.position(&self.source, span.end.max(span.start));
        Some((index.position(&self.source, span.start), end))
    }
}

impl std::error::Error for Report {}
