//! Saying in words what a schema wants.

use super::check::Checker;
use super::resolve::{self, resolve};
use super::variants::Choice;
use crate::diagnostic::quote::quote;
use crate::source::node::{Node, Value};
use serde_json::Value as Json;

/// The most names that are listed.
const MAX_LISTED: usize = 12;

impl Checker<'_> {
    /// Returns what `schema` wants, such as "a duration such as `15m`".
    pub fn wanted(&self, schema: &Json) -> String {
        let resolved = resolve(self.root, schema);
        let keyword = resolved.schema.get("format").and_then(Json::as_str);
        let format = [keyword, resolved.name].into_iter().flatten();
        if let Some(format) = {
            let mut format = format;
            format.find_map(|name| self.formats.get(name))
        } {
            return format!("{} such as `{}`", format.noun, format.example);
        }
        let schema = resolved.schema;
        if let Some(names) = fixed_values(schema) {
            return alternatives(names.iter().map(|name| quote(name)));
        }
        let branches = ["oneOf", "anyOf"].map(|keyword| resolve::list(schema, keyword));
        let branches = branches.concat();
        if !branches.is_empty() {
            return self.wanted_choice(&branches);
        }
        let types = resolve::types(schema);
        let types = types.into_iter().filter(|name| *name != "null");
        let wanted = alternatives(types.map(|name| self.wanted_type(name, schema)));
        match resolve::list(schema, "examples").first() {
            Some(example) => format!("{wanted} such as `{}`", plain(example)),
            None => wanted,
        }
    }

    fn wanted_choice(&self, branches: &[Json]) -> String {
        let choice = Choice::of(self.root, branches);
        let names = choice.names.iter().map(|name| quote(name));
        let tags = choice.tags.iter().map(|(tag, _)| format!("`{tag}: ...`"));
        let others = choice.others.iter().map(|other| self.wanted(other));
        alternatives(names.chain(tags).chain(others))
    }

    fn wanted_type(&self, name: &str, schema: &Json) -> String {
        match name {
            "boolean" => "`true` or `false`".to_owned(),
            "integer" => "a whole number".to_owned(),
            "number" => "a number".to_owned(),
            "string" => "text".to_owned(),
            "array" => match schema.get("items").map(|items| self.wanted_item(items)) {
                Some(items) if !items.is_empty() => format!("a list of {items}"),
                _ => "a list".to_owned(),
            },
            "object" => {
                let keys: Vec<String> = required(schema).map(quote).take(4).collect();
                if keys.is_empty() {
                    "a map".to_owned()
                } else {
                    format!("a map with {}", joined(&keys, "and"))
                }
            }
            other => other.to_owned(),
        }
    }

    fn wanted_item(&self, items: &Json) -> &'static str {
        match resolve::types(resolve(self.root, items).schema).as_slice() {
            ["object"] => "maps",
            ["string"] => "texts",
            ["number" | "integer"] => "numbers",
            _ => "",
        }
    }
}

/// Returns the keys that a map must have.
pub(super) fn required(schema: &Json) -> impl Iterator<Item = &str> {
    resolve::list(schema, "required")
        .iter()
        .filter_map(Json::as_str)
}

/// Returns the values of `enum` or `const` as they are written.
pub(super) fn fixed_values(schema: &Json) -> Option<Vec<String>> {
    let values = match (schema.get("const"), schema.get("enum")) {
        (Some(value), _) => std::slice::from_ref(value),
        (None, Some(Json::Array(values))) => values.as_slice(),
        _ => return None,
    };
    Some(
        values
            .iter()
            .filter(|value| !value.is_null())
            .map(plain)
            .collect(),
    )
}

/// Returns what a value is, such as "a list" or "the number `5`".
pub(super) fn found(node: &Node, written: &str) -> String {
    match &node.value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(value) => format!("the truth value `{value}`"),
        Value::Int(_) | Value::Float(_) => format!("the number {}", quote(written)),
        Value::String(text) if text.is_empty() => "empty text".to_owned(),
        Value::String(text) => format!("the text {}", quote(text)),
        Value::List(items) if items.is_empty() => "an empty list".to_owned(),
        Value::List(_) => "a list".to_owned(),
        Value::Map(entries) if entries.is_empty() => "an empty map".to_owned(),
        Value::Map(_) => "a map".to_owned(),
    }
}

/// Joins `a`, `b` and `c` to "a, b or c"; a long list is cut.
pub(super) fn alternatives(words: impl IntoIterator<Item = String>) -> String {
    let mut words: Vec<String> = words.into_iter().collect();
    if words.len() > MAX_LISTED {
        let rest = words.len() - MAX_LISTED;
        words.truncate(MAX_LISTED);
        return format!("{} and {rest} others", words.join(", "));
    }
    if words.is_empty() {
        return "a value".to_owned();
    }
    joined(&words, "or")
}

fn joined(words: &[String], last_by: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} {last_by} {last}", rest.join(", ")),
    }
}

/// Writes a JSON value as it would stand in YAML.
fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
