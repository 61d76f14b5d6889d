//! The way through tree and schema.

use super::format::{Format, Formats};
use super::resolve::{self, Resolved, resolve};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::findings::Findings;
use crate::diagnostic::quote::{quote, tame};
use crate::source::node::{Node, Value};
use serde_json::Value as Json;

/// Compares `node` with `schema` and returns what is wrong, at most a hundred problems and a
/// note about the rest.
///
/// `source` is the text that the spans of `node` point into.
pub fn check(node: &Node, source: &str, schema: &Json, formats: &Formats) -> Vec<Diagnostic> {
    let mut checker = Checker {
        source,
        root: schema,
        formats,
        found: Findings::default(),
    };
    checker.node(node, schema, None);
    checker.found.finish()
}

pub(super) struct Checker<'a> {
    pub source: &'a str,
    pub root: &'a Json,
    pub formats: &'a Formats,
    found: Findings,
}

impl<'a> Checker<'a> {
    /// Compares one value. `about` is the description of the key that it stands under.
    pub fn node(&mut self, node: &Node, schema: &'a Json, about: Option<&'a str>) {
        if self.found.is_full() {
            self.found.overflow();
            return;
        }
        let resolved = resolve(self.root, schema);
        let about = about.or(resolved.about);
        if let Some(format) = self.format_of(&resolved) {
            self.formatted(node, &resolved, *format, about);
            return;
        }
        let schema = resolved.schema;
        for part in resolve::list(schema, "allOf") {
            self.node(node, part, about);
        }
        let choices = ["oneOf", "anyOf"].map(|keyword| resolve::list(schema, keyword));
        if let Some(branches) = choices.into_iter().find(|branches| !branches.is_empty()) {
            self.choice(node, branches, about);
        } else if schema.get("enum").is_some() || schema.get("const").is_some() {
            self.one_of(node, schema, about);
        } else {
            self.typed(node, schema, about);
        }
    }

    fn typed(&mut self, node: &Node, schema: &'a Json, about: Option<&'a str>) {
        let types = resolve::types(schema);
        let wants_number = types
            .iter()
            .any(|name| matches!(*name, "number" | "integer"));
        if wants_number && self.is_not_finite(node, &types, about) {
            return;
        }
        if !types.is_empty() && !types.iter().any(|name| fits(name, node)) {
            self.wrong_type(node, schema, about);
            return;
        }
        match &node.value {
            Value::Map(entries) => self.map(node, entries, schema),
            Value::List(items) => self.list(node, items, schema, about),
            Value::Int(_) | Value::Float(_) => self.number(node, schema, about),
            Value::String(text) => self.text(node, text, schema, about),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn text(&mut self, node: &Node, text: &str, schema: &'a Json, about: Option<&'a str>) {
        let least = schema.get("minLength").and_then(Json::as_u64).unwrap_or(0);
        if (text.chars().count() as u64) < least {
            let message = if text.is_empty() {
                "the text is empty".to_owned()
            } else {
                format!("the text has fewer than {least} characters")
            };
            self.report(
                Diagnostic::error("CM031", node.span.clone(), message),
                about,
            );
        }
    }

    /// Returns the format that a schema asks for by keyword or by name.
    fn format_of(&self, resolved: &Resolved<'_>) -> Option<&'a Format> {
        let keyword = resolved.schema.get("format").and_then(Json::as_str);
        let formats = self.formats;
        [keyword, resolved.name]
            .into_iter()
            .flatten()
            .find_map(|name| formats.get(name))
    }

    /// A text, or a number as it stands there.
    fn written(&self, node: &Node) -> Option<String> {
        match &node.value {
            Value::String(text) => Some(text.clone()),
            // Plain decimals only: formats do not know exponents.
            Value::Float(number) if number.abs() < 1e15 => Some(number.to_string()),
            Value::Int(_) | Value::Float(_) => Some(self.slice(node).to_owned()),
            _ => None,
        }
    }

    fn formatted(
        &mut self,
        node: &Node,
        resolved: &Resolved<'a>,
        format: Format,
        about: Option<&'a str>,
    ) {
        let is_null = node.value == Value::Null;
        if is_null && resolve::types(resolved.schema).contains(&"null") {
            return;
        }
        if self.is_not_finite(node, &["number"], about) {
            return;
        }
        let Some(written) = self.written(node) else {
            self.wrong_type(node, resolved.schema, about);
            return;
        };
        let Err(problem) = (format.check)(&written) else {
            return;
        };
        let found = if format.code == "CM027" && written.parse::<f64>().is_ok_and(|n| n >= 0.0) {
            without_unit(node, &written)
        } else {
            let message = tame(&problem, 200);
            Diagnostic::error(format.code, node.span.clone(), message).help(format!(
                "write {} such as `{}`",
                format.noun, format.example
            ))
        };
        self.report(found, about);
    }

    /// Reports NaN and infinity, written as numbers or, where `types` wants no text, as words.
    fn is_not_finite(&mut self, node: &Node, types: &[&str], about: Option<&'a str>) -> bool {
        let number = match &node.value {
            Value::Float(number) => *number,
            Value::String(text) if !types.contains(&"string") => match text.parse::<f64>() {
                Ok(number) => number,
                Err(_) => return false,
            },
            _ => return false,
        };
        if number.is_finite() {
            return false;
        }
        let message = format!("{} is not a finite number", quote(self.slice(node)));
        let found = Diagnostic::error("CM025", node.span.clone(), message)
            .help("write a number; leave the key out if there is no limit");
        self.report(found, about);
        true
    }

    /// Returns the text of the file that a value was read from.
    pub fn slice(&self, node: &Node) -> &'a str {
        self.source.get(node.span.clone()).unwrap_or("")
    }

    /// Notes a finding. What the description says of the key becomes the reason if there is none.
    pub fn report(&mut self, mut found: Diagnostic, about: Option<&str>) {
        if found.reason.is_none() {
            found.reason = about.map(first_sentence);
        }
        self.found.add(|| found);
    }

    /// Returns what would be found wrong with `node`, without noting it.
    pub fn attempt(
        &mut self,
        node: &Node,
        schema: &'a Json,
        about: Option<&'a str>,
    ) -> Vec<Diagnostic> {
        let noted = std::mem::take(&mut self.found);
        self.node(node, schema, about);
        std::mem::replace(&mut self.found, noted).finish()
    }

    /// Says whether further findings are dropped.
    pub fn is_full(&self) -> bool {
        self.found.is_full()
    }
}

/// Says whether a value is of the type that JSON Schema calls `name`.
pub(super) fn fits(name: &str, node: &Node) -> bool {
    match &node.value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::Int(_) => matches!(name, "integer" | "number"),
        Value::Float(_) => name == "number",
        Value::String(_) => name == "string",
        Value::List(_) => name == "array",
        Value::Map(_) => name == "object",
    }
}

/// Returns the first sentence of a description on one line, as a fragment: without a full stop
/// and, unless its first word is an abbreviation, without a capital.
fn first_sentence(text: &str) -> String {
    let end = text.find(". ").or_else(|| text.find(".\n"));
    let words: Vec<&str> = text[..end.unwrap_or(text.len())]
        .split_whitespace()
        .collect();
    let sentence = tame(words.join(" ").trim_end_matches('.'), 200);
    let mut letters = sentence.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first
            .to_lowercase()
            .chain([second])
            .chain(letters)
            .collect(),
        _ => sentence,
    }
}

/// A duration that is a number alone.
fn without_unit(node: &Node, written: &str) -> Diagnostic {
    let message = format!("the duration {} has no unit", quote(written));
    Diagnostic::error("CM026", node.span.clone(), message).help(format!(
        "did you mean `{}m`? units are w, d, h, m, s, ms, us, ns",
        tame(written, 20)
    ))
}
