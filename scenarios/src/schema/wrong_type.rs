//! Values of the wrong type, and the slip behind most of them.

use super::check::Checker;
use super::describe::found;
use super::resolve::{self, resolve};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::quote::{quote, tame};
use crate::source::node::{Node, Value};
use serde_json::Value as Json;

impl Checker<'_> {
    /// Reports a value that is of none of the types that `schema` wants.
    pub fn wrong_type(&mut self, node: &Node, schema: &Json, about: Option<&str>) {
        let written = self.slice(node);
        let message = format!(
            "expected {}, found {}",
            self.wanted(schema),
            found(node, written)
        );
        let mut problem = Diagnostic::error("CM022", node.span.clone(), message);
        let types = resolve::types(resolve(self.root, schema).schema);
        let slips = || types.iter().find_map(|name| slip(name, node, written));
        if let Some(help) = needless_list(&types, node).or_else(slips) {
            problem = problem.help(help);
        }
        self.report(problem, about);
    }
}

/// Returns what to write instead if the type `wanted` was missed in one of the usual ways.
fn slip(wanted: &str, node: &Node, written: &str) -> Option<String> {
    match (wanted, &node.value) {
        ("boolean", Value::String(word)) => truth(word).map(|truth| format!("write `{truth}`")),
        ("number" | "integer", Value::String(text)) => number_in(text),
        ("integer", Value::Float(number)) if number.fract() == 0.0 && number.abs() < 1e15 => {
            Some(format!("write `{number:.0}`"))
        }
        ("string", Value::Int(_) | Value::Float(_) | Value::Bool(_)) => {
            Some(format!("put quotes around it: `\"{}\"`", tame(written, 40)))
        }
        ("string", Value::Map(_) | Value::List(_)) if written.starts_with(['{', '[']) => {
            Some("put quotes around text that begins with `{` or `[`".to_owned())
        }
        ("array", Value::Map(_)) => Some("begin each item of the list with `- `".to_owned()),
        ("array", Value::String(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_)) => Some(
            format!("for a list of one item write `[{}]`", tame(written, 40)),
        ),
        ("object", Value::List(_)) => {
            Some("write `key: value` lines without `- ` before them".to_owned())
        }
        ("object", Value::String(text)) if text.contains(':') => {
            Some("put a blank after the colon: `key: value`".to_owned())
        }
        (_, Value::Null) => Some("write the value behind the colon".to_owned()),
        _ => None,
    }
}

/// A list of one where no list is wanted.
fn needless_list(types: &[&str], node: &Node) -> Option<String> {
    let is_wanted = types.contains(&"array") || types.contains(&"object");
    let is_needless = node.items().len() == 1 && !is_wanted;
    is_needless.then(|| "write the item alone, without brackets or `- `".to_owned())
}

fn truth(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" | "true" => Some(true),
        "no" | "off" | "n" | "false" => Some(false),
        _ => None,
    }
}

/// Finds the number that a text holds with quotes, a unit or separators around it.
fn number_in(text: &str) -> Option<String> {
    let text = text.trim();
    let is_number = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
    if is_number(text) {
        return Some(format!(
            "write {} without quotes and leading zeros",
            quote(text)
        ));
    }
    let percent = text.strip_suffix('%').map(str::trim);
    if let Some(percent) = percent.filter(|bare| is_number(bare)) {
        let fraction = percent.parse::<f64>().ok()? / 100.0;
        return Some(format!("write a number: {} is `{fraction}`", quote(text)));
    }
    let bare = text.replace(['_', ',', ' '], "");
    is_number(&bare).then(|| format!("write the bare number: {}", quote(&bare)))
}
