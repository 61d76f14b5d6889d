//! Why an argument cannot be used, and what to write instead.

use std::ops::Range;

use crate::diagnostic::Diagnostic;

/// A finding about an argument, whose bytes it points at.
pub(super) type RangeRefusal = Box<Diagnostic>;

/// Makes the finding; `help` is what to write next.
pub(super) fn refuse(
    code: &'static str,
    span: Range<usize>,
    message: impl Into<String>,
    help: impl Into<String>,
) -> RangeRefusal {
    Box::new(Diagnostic::error(code, span, message).help(help))
}
