//! The forms among which a value chooses.

use super::resolve::{self, resolve};
use serde_json::Value as Json;

/// The forms among which a value chooses, sorted.
pub(super) struct Choice<'a> {
    /// Whether the value may be absent.
    pub nullable: bool,
    /// Forms that are a mere name.
    pub names: Vec<&'a str>,
    /// Forms that are a map with one key, and the schema of that map.
    pub tags: Vec<(&'a str, &'a Json)>,
    /// All others.
    pub others: Vec<&'a Json>,
}

impl<'a> Choice<'a> {
    pub fn of(root: &'a Json, branches: &'a [Json]) -> Self {
        let mut choice = Self {
            nullable: false,
            names: Vec::new(),
            tags: Vec::new(),
            others: Vec::new(),
        };
        for branch in branches {
            let schema = resolve(root, branch).schema;
            if resolve::types(schema) == ["null"] {
                choice.nullable = true;
            } else if let Some(tag) = only_key(schema) {
                choice.tags.push((tag, schema));
            } else if let Some(names) = names(schema) {
                choice.names.extend(names);
            } else {
                choice.others.push(branch);
            }
        }
        choice
    }

    pub fn is_tagged(&self) -> bool {
        self.others.is_empty()
    }

    pub fn all_names(&self) -> impl Iterator<Item = &'a str> {
        let tags = self.tags.iter().map(|(tag, _)| *tag);
        self.names.clone().into_iter().chain(tags)
    }

    pub fn tag(&self, key: &str) -> Option<&'a Json> {
        let found = self.tags.iter().find(|(tag, _)| *tag == key);
        found.map(|(_, schema)| *schema)
    }
}

/// Returns the key of a map that has this one only, the mark of an enum variant with content.
fn only_key(schema: &Json) -> Option<&str> {
    let properties = schema.get("properties")?.as_object()?;
    let [required] = resolve::list(schema, "required") else {
        return None;
    };
    let is_closed = schema.get("additionalProperties") == Some(&Json::Bool(false));
    let only = required.as_str()?;
    (is_closed && properties.len() == 1 && properties.contains_key(only)).then_some(only)
}

fn names(schema: &Json) -> Option<Vec<&str>> {
    if let Some(name) = schema.get("const") {
        return Some(vec![name.as_str()?]);
    }
    let names = schema.get("enum")?.as_array()?;
    names.iter().map(Json::as_str).collect()
}
