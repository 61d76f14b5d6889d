//! Which keys of a foreign file a room reads, and why the others do not matter.
//!
//! Serde would pass over a key that a form does not have. So that nothing is dropped in silence each room states its
//! keys in a table of paths; an importer walks the file and asks [`role`] for every leaf. `[]` stands for each element of
//! a list, `*` for each key of a map.

use serde_json::Value;

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The rules of counting read it.
    Used,
    /// It has no part in a decision, for this reason; so has everything below it.
    Ignored(&'static str),
}

/// One line of a table: a path, and what becomes of it.
pub type Key = (&'static str, Role);

/// What becomes of the key at `path`; `None` if the table does not know it.
///
/// A path is known as it stands, or as a part of a subtree that is ignored, or through a `*`.
#[must_use]
pub fn role(table: &[Key], path: &str) -> Option<Role> {
    table
        .iter()
        .find(|(known, role)| matches(known, *role, path))
        .map(|(_, role)| *role)
}

/// Each leaf of `value` with its path below `prefix` and what becomes of it; empty lists and maps are leaves.
#[must_use]
pub fn walk(table: &[Key], prefix: &str, value: &Value) -> Vec<(String, Option<Role>)> {
    let mut leaves = Vec::new();
    visit(table, prefix, value, &mut leaves);
    leaves
}

fn visit(table: &[Key], path: &str, value: &Value, leaves: &mut Vec<(String, Option<Role>)>) {
    // What is ignored as a whole is one entry.
    let known = role(table, path);
    match (value, known) {
        (Value::Object(map), None | Some(Role::Used)) if !map.is_empty() => {
            for (key, inner) in map {
                let joined = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                visit(table, &joined, inner, leaves);
            }
        }
        (Value::Array(list), None | Some(Role::Used)) if !list.is_empty() => {
            for inner in list {
                visit(table, &format!("{path}[]"), inner, leaves);
            }
        }
        _ => leaves.push((path.to_owned(), known)),
    }
}

/// Whether a field says no more than one that is left out, so that it is not written.
#[must_use]
pub fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A value without its nulls: a null counts as left out, as the products have it.
#[must_use]
pub fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, inner)| !inner.is_null());
            Value::Object(
                kept.map(|(key, inner)| (key.clone(), without_nulls(inner)))
                    .collect(),
            )
        }
        Value::Array(list) => Value::Array(list.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}

fn matches(known: &str, role: Role, path: &str) -> bool {
    let mut asked = path.split('.');
    for part in known.split('.') {
        match asked.next() {
            Some(name) if part == "*" || part == name => {}
            // An ignored list or map ignores its elements.
            Some(name) if role != Role::Used && name.strip_suffix("[]") == Some(part) => {
                return true;
            }
            _ => return false,
        }
    }
    role != Role::Used || asked.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: [Key; 3] = [
        ("a.b[].c", Role::Used),
        ("a.d", Role::Ignored("why")),
        ("m.*", Role::Used),
    ];

    #[test]
    fn a_key_is_used_at_its_own_path_only() {
        assert_eq!(role(&TABLE, "a.b[].c"), Some(Role::Used));
        assert_eq!(role(&TABLE, "a.b[].c.e"), None);
        assert_eq!(role(&TABLE, "a.b[]"), None);
    }

    #[test]
    fn what_is_below_an_ignored_key_is_ignored() {
        assert_eq!(role(&TABLE, "a.d.x[].y"), Some(Role::Ignored("why")));
        assert_eq!(role(&TABLE, "a.d[].y"), Some(Role::Ignored("why")));
        assert_eq!(role(&TABLE, "a.dd"), None);
    }

    #[test]
    fn a_walk_finds_every_leaf_and_names_an_ignored_subtree_once() {
        let value = serde_json::json!({"b": [{"c": 1, "typo": 2}], "d": {"x": 1, "y": 2}});
        let found = walk(&TABLE, "a", &value);
        let expected = [
            ("a.b[].c", Some(Role::Used)),
            ("a.b[].typo", None),
            ("a.d", Some(Role::Ignored("why"))),
        ];
        assert_eq!(found, expected.map(|(path, role)| (path.to_owned(), role)));
    }

    #[test]
    fn a_star_stands_for_every_key_of_a_map() {
        assert_eq!(role(&TABLE, "m.anything"), Some(Role::Used));
    }
}
