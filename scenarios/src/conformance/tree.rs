//! Two policies, value by value.

use serde_json::Value;
use sim_core::policy::Policy;

/// A place in which two policies differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Where: names joined by dots; items of a list go by their id, as in `gates.latency_p95.window`.
    pub path: String,
    /// What the first policy says; none where it does not say anything.
    pub as_written: Option<Value>,
    /// What the second policy says.
    pub as_implemented: Option<Value>,
}

/// The fields that say which policy it is, not what it does.
const LABELS: [&str; 3] = ["name", "profile", "description"];

/// Compares two policies; what both say alike is left out.
///
/// Lists of things with ids are compared by id, other lists as a whole. A thing that only one policy
/// has is one field.
///
/// # Panics
/// Never: a policy is plain data and always becomes a tree.
pub fn fields(as_written: &Policy, as_implemented: &Policy) -> Vec<Field> {
    let tree = |policy: &Policy| serde_json::to_value(policy).expect("a policy is plain data");
    let mut found = Vec::new();
    compare(
        "",
        Some(&tree(as_written)),
        Some(&tree(as_implemented)),
        &mut found,
    );
    found.retain(|field| !LABELS.contains(&field.path.as_str()));
    found
}

fn compare(path: &str, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<Field>) {
    if old == new {
        return;
    }
    if let Some((before, after)) = comparable(old, new) {
        let added = after
            .iter()
            .filter(|(name, _)| part(&before, name).is_none());
        for (name, _) in before.iter().chain(added) {
            let path = if path.is_empty() {
                (*name).to_owned()
            } else {
                format!("{path}.{name}")
            };
            compare(&path, part(&before, name), part(&after, name), found);
        }
        return;
    }
    let said = |value: Option<&Value>| value.filter(|value| !value.is_null()).cloned();
    let (as_written, as_implemented) = (said(old), said(new));
    found.push(Field {
        path: path.to_owned(),
        as_written,
        as_implemented,
    });
}

type Parts<'a> = Vec<(&'a str, &'a Value)>;

fn part<'a>(parts: &Parts<'a>, name: &str) -> Option<&'a Value> {
    parts
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| *value)
}

/// Returns the parts of two lists, or of two objects that have a part in common: two variants of one
/// choice (`{absolute: 5}` and `{plus: {..}}`) have none and stay whole.
fn comparable<'a>(
    old: Option<&'a Value>,
    new: Option<&'a Value>,
) -> Option<(Parts<'a>, Parts<'a>)> {
    let (before, after) = (parts(old?)?, parts(new?)?);
    let common = || before.iter().any(|(name, _)| part(&after, name).is_some());
    (old?.is_array() || common()).then_some((before, after))
}

/// Returns the parts of a value that has names for them: an object, or a list of things with ids.
fn parts(value: &Value) -> Option<Parts<'_>> {
    match value {
        Value::Object(map) => Some(
            map.iter()
                .map(|(name, value)| (name.as_str(), value))
                .collect(),
        ),
        Value::Array(items) => items
            .iter()
            .map(|item| Some((item.get("id")?.as_str()?, item)))
            .collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Compares two trees and names the places in which they differ.
    #[track_caller]
    fn check(old: &Value, new: &Value, expect: &[&str]) {
        let mut found = Vec::new();
        compare("", Some(old), Some(new), &mut found);
        let paths: Vec<_> = found.iter().map(|field| field.path.as_str()).collect();
        assert_eq!(paths, expect, "{old} and {new}");
    }

    #[test]
    fn things_with_ids_are_found_wherever_they_stand() {
        let gate = |id: &str, limit: Value| json!({"id": id, "limit": limit});
        let (a, b) = (
            gate("a", json!({"absolute": 1})),
            gate("b", json!({"absolute": 2})),
        );
        check(&json!({"gates": [a, b]}), &json!({"gates": [b, a]}), &[]);
        check(
            &json!({"gates": [a, b]}),
            &json!({"gates": [b]}),
            &["gates.a"],
        );
        let moved = gate("b", json!({"absolute": 3}));
        check(
            &json!({"gates": [a, b]}),
            &json!({"gates": [a, moved]}),
            &["gates.b.limit.absolute"],
        );
    }

    #[test]
    fn another_choice_is_another_value() {
        let old = json!({"limit": {"plus": {"margin": 1}}, "window": {"consecutive": 2}});
        let new = json!({"limit": {"absolute": 1}, "window": "instant"});
        check(&old, &new, &["limit", "window"]);
    }
}
