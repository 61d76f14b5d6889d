//! The schemas of the real documents say nothing that the check does not understand.

use crate::schema::document;
use crate::{Scenario, World};
use serde_json::{Map, Value as Json};
use sim_core::policy::Policy;
use std::collections::BTreeSet;

/// What is checked, and what says nothing about which documents are right.
const KNOWN: [&str; 27] = [
    "$defs",
    "$ref",
    "$schema",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "default",
    "description",
    "enum",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "oneOf",
    "pattern",
    "properties",
    "prefixItems",
    "required",
    "title",
    "type",
];

/// Calls `visit` with every schema in `schema` that is a map of keywords.
fn walk(schema: &Json, visit: &mut impl FnMut(&Map<String, Json>)) {
    let Some(object) = schema.as_object() else {
        return;
    };
    visit(object);
    for (keyword, value) in object {
        match (keyword.as_str(), value) {
            ("properties" | "$defs", Json::Object(named)) => {
                named.values().for_each(|schema| walk(schema, visit));
            }
            ("enum" | "required" | "examples" | "default" | "const", _) => {}
            (_, Json::Array(several)) => several.iter().for_each(|schema| walk(schema, visit)),
            _ => walk(value, visit),
        }
    }
}

fn check(schema: &Json) {
    let mut keywords = BTreeSet::new();
    let mut keys = BTreeSet::new();
    walk(schema, &mut |object| {
        keywords.extend(object.keys().cloned());
        let named = object.get("properties").and_then(Json::as_object);
        keys.extend(named.into_iter().flat_map(Map::keys).cloned());
        assert!(
            named.is_none() || object.contains_key("additionalProperties"),
            "{object:?}"
        );
    });
    assert!(keys.len() > 10, "the schema was walked");
    keywords.retain(|keyword| !KNOWN.contains(&keyword.as_str()));
    assert_eq!(keywords, BTreeSet::new(), "not understood");
    // The names of faults are names, as those of signals are: group, dot, words.
    keys.retain(|key| chaos::catalogue::Entry::of(key).is_none());
    keys.retain(|key| {
        key.bytes()
            .any(|b| !(b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
    });
    assert_eq!(keys, BTreeSet::new(), "not in kebab case");
}

#[test]
fn every_document_kind_is_closed_in_kebab_case_and_understood() {
    check(&document::<Policy>());
    check(&document::<Scenario>());
    check(&document::<World>());
}
