//! Following references inside of a schema.

use serde_json::Value as Json;

/// How many references may follow one another; derived schemas need two.
const MAX_HOPS: usize = 16;

/// A schema with its references followed.
#[derive(Clone, Copy)]
pub(super) struct Resolved<'a> {
    /// The schema itself.
    pub schema: &'a Json,
    /// The name of the last definition on the way.
    pub name: Option<&'a str>,
    /// The first description on the way: that of a field rather than that of its type.
    pub about: Option<&'a str>,
}

/// Follows the references that `schema` begins with.
pub(super) fn resolve<'a>(root: &'a Json, schema: &'a Json) -> Resolved<'a> {
    let mut resolved = Resolved {
        schema,
        name: None,
        about: description(schema),
    };
    for _ in 0..MAX_HOPS {
        let Some(target) = resolved.schema.get("$ref").and_then(Json::as_str) else {
            break;
        };
        let pointer = target.strip_prefix('#').unwrap_or(target);
        let Some(next) = root.pointer(pointer) else {
            break;
        };
        resolved = Resolved {
            schema: next,
            name: pointer.rsplit('/').next().filter(|name| !name.is_empty()),
            about: resolved.about.or_else(|| description(next)),
        };
    }
    resolved
}

fn description(schema: &Json) -> Option<&str> {
    schema.get("description").and_then(Json::as_str)
}

/// Returns the list of schemas under `keyword`; empty if there is none.
pub(super) fn list<'a>(schema: &'a Json, keyword: &str) -> &'a [Json] {
    let list = schema.get(keyword).and_then(Json::as_array);
    list.map_or(&[], Vec::as_slice)
}

/// Returns the names of the types that `schema` allows; empty if it does not say.
pub(super) fn types(schema: &Json) -> Vec<&str> {
    match schema.get("type") {
        Some(Json::String(name)) => vec![name.as_str()],
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}
