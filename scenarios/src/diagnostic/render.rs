//! Drawing of findings. Only this file knows the drawing library.

use crate::diagnostic::position::{LineIndex, Position, floor};
use crate::diagnostic::quote::tame;
use crate::diagnostic::{Diagnostic, Report, Severity};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::json;
use std::fmt;
use std::ops::Range;

/// Whether terminal colours are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// ANSI escape sequences.
    Always,
}

/// The most characters of a source line shown on either side of the caret.
const CONTEXT: usize = 60;

/// Draws all findings, each followed by an empty line but the last.
pub(crate) fn text(report: &Report, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Never => Renderer::plain(),
        Colour::Always => Renderer::styled(),
    };
    let index = LineIndex::new(&report.source);
    let drawn = report.diagnostics.iter();
    let drawn: Vec<String> = drawn
        .map(|found| one(report, &index, found, &renderer))
        .collect();
    drawn.join("\n\n")
}

fn one(report: &Report, index: &LineIndex, found: &Diagnostic, renderer: &Renderer) -> String {
    let level = match found.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let name = tame(&report.name, 400);
    let excerpt = found.span.clone();
    let excerpt = excerpt.map(|span| Excerpt::new(&report.source, index, span));
    let title = level.primary_title(found.message.as_str()).id(found.code);
    let mut group = Group::with_title(title);
    group = match &excerpt {
        None => group.element(Origin::path(name.as_str())),
        Some(excerpt) => excerpt.show(group, &name, found),
    };
    if let Some(reason) = &found.reason {
        group = group.element(Level::NOTE.message(reason.as_str()));
    }
    if let Some(help) = &found.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let drawn = renderer.render(&[group]);
    match excerpt {
        Some(excerpt) if excerpt.lost_column => without_second_origin(&drawn),
        _ => drawn,
    }
}

/// The line that a finding points to, cut around the caret. Only this line is given to the
/// drawing library: the cost of a finding does not depend on the size of the file.
struct Excerpt {
    at: Position,
    text: String,
    caret: Range<usize>,
    /// Whether the front is cut, so that the library cannot count the column itself.
    lost_column: bool,
}

impl Excerpt {
    fn new(source: &str, index: &LineIndex, span: Range<usize>) -> Self {
        let at = index.position(source, span.start);
        let line = index.line_range(source, at.line);
        let start = floor(source, span.start).min(line.end);
        let end = floor(source, span.end).clamp(start, line.end);
        let before = cut_front(&source[line.start..start]);
        let marked = cut_back(&source[start..end], 2 * CONTEXT);
        let is_cut = source[start..end].chars().count() > 2 * CONTEXT;
        let after = if is_cut {
            String::new()
        } else {
            cut_back(&source[end..line.end], CONTEXT)
        };
        Self {
            at,
            caret: before.len()..before.len() + marked.len(),
            text: format!("{before}{marked}{after}"),
            lost_column: before.len() != start - line.start,
        }
    }

    fn show<'a>(&'a self, group: Group<'a>, name: &'a str, found: &'a Diagnostic) -> Group<'a> {
        let origin = Origin::path(name)
            .line(self.at.line)
            .char_column(self.at.column);
        if self.text.trim().is_empty() {
            return group.element(origin);
        }
        let caret = AnnotationKind::Primary.span(self.caret.clone());
        let snippet = Snippet::source(self.text.as_str()).line_start(self.at.line);
        let snippet = snippet.annotation(caret.label(found.label.as_deref()));
        if self.lost_column {
            group.element(origin).element(snippet)
        } else {
            group.element(snippet.path(name))
        }
    }
}

/// Drops the line that announces a second, nameless file: the library takes a snippet behind an
/// explicit origin for one.
fn without_second_origin(drawn: &str) -> String {
    let is_kept = |line: &&str| !(line.contains("::: ") && letters(line).trim() == ":::");
    let kept: Vec<&str> = drawn.lines().filter(is_kept).collect();
    kept.join("\n")
}

/// Returns a line without its escape sequences, which all end with `m`.
fn letters(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or("").to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

/// Keeps the last characters of `text`.
fn cut_front(text: &str) -> String {
    match text.char_indices().rev().nth(CONTEXT) {
        Some((at, c)) => format!("...{}", &text[at + c.len_utf8()..]),
        None => text.to_owned(),
    }
}

/// Keeps the first characters of `text`.
fn cut_back(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text.to_owned(),
    }
}

/// Returns all findings as JSON objects.
pub(crate) fn json(report: &Report) -> Vec<serde_json::Value> {
    let index = LineIndex::new(&report.source);
    let objects = report.diagnostics.iter().map(|found| {
        let at = |offset| index.position(&report.source, offset);
        let start = found.span.as_ref().map(|span| at(span.start));
        let end = found.span.as_ref().map(|span| at(span.end.max(span.start)));
        json!({
            "code": found.code,
            "severity": found.severity.name(),
            "message": found.message,
            "file": report.name,
            "line": start.map(|p| p.line),
            "column": start.map(|p| p.column),
            "end_line": end.map(|p| p.line),
            "end_column": end.map(|p| p.column),
            "reason": found.reason,
            "help": found.help,
        })
    });
    objects.collect()
}

impl Report {
    /// Draws the findings for a terminal: each with the line it points to and a caret.
    ///
    /// Control characters of names and lines are shown as pictures, long lines are cut.
    pub fn render(&self, colour: Colour) -> String {
        text(self, colour)
    }

    /// Returns the findings as JSON objects.
    ///
    /// Each has `code`, `severity`, `message`, `file`, `line`, `column`, `end_line`,
    /// `end_column`, `reason` and `help`; lines and columns count from 1, the end is exclusive,
    /// and what is not known is `null`.
    pub fn to_json(&self) -> Vec<serde_json::Value> {
        json(self)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Colour::Never))
    }
}
