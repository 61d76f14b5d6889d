//! The keys of a form, as its schema has them, and what the value of one may become.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// A key of a form: the name of the form in the schema, and the key.
pub type Key = (String, String);

/// The branches of a form that is one of several.
fn branches(node: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|word| node[word].as_array());
    lists.flatten()
}

/// Follows a reference; returns the name of the form that it leads to.
fn resolve<'s>(root: &'s Value, node: &'s Value) -> (Option<&'s str>, &'s Value) {
    match node["$ref"]
        .as_str()
        .and_then(|path| path.strip_prefix("#/$defs/"))
    {
        Some(name) => (Some(name), &root["$defs"][name]),
        None => (None, node),
    }
}

/// Whether a value may be of this form, as far as its outermost shape tells.
fn fits(root: &Value, node: &Value, value: &Value) -> bool {
    let node = resolve(root, node).1;
    if let Some(word) = node.get("const") {
        return word == value;
    }
    if let Some(words) = node["enum"].as_array() {
        return words.contains(value);
    }
    if branches(node).next().is_some() {
        return branches(node).any(|branch| fits(root, branch, value));
    }
    match (node["properties"].as_object(), value.as_object()) {
        (Some(known), Some(given)) => {
            let required = node["required"].as_array().into_iter().flatten();
            given.keys().all(|key| known.contains_key(key))
                && required
                    .filter_map(Value::as_str)
                    .all(|key| given.contains_key(key))
        }
        (Some(_), None) => false,
        (None, given) => given.is_some() == (node["type"] == "object"),
    }
}

/// Collects the keys that a value has, each with the places in which it has them.
pub fn walk(
    root: &Value,
    (form, node): (&str, &Value),
    (at, value): (&str, &Value),
    found: &mut BTreeMap<Key, Vec<String>>,
) {
    let (name, node) = resolve(root, node);
    let form = name.unwrap_or(form);
    for branch in branches(node) {
        if fits(root, branch, value) {
            walk(root, (form, branch), (at, value), found);
        }
    }
    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
        let at = format!("{at}/{place}");
        walk(root, (form, &node["items"]), (&at, item), found);
    }
    for (key, inner) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{key}");
        let known = &node["properties"][key];
        let more = &node["additionalProperties"];
        if known.is_object() || *known == true {
            let places = found.entry((form.to_owned(), key.clone())).or_default();
            places.push(at.clone());
            walk(root, (form, known), (&at, inner), found);
        } else if more.is_object() {
            walk(root, (form, more), (&at, inner), found);
        }
    }
}

/// Every key that a form has, itself and in the forms that it is made of.
pub fn all(root: &Value, (form, node): (&str, &Value)) -> BTreeSet<Key> {
    let (mut keys, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut open = vec![(form.to_owned(), node)];
    while let Some((form, node)) = open.pop() {
        let (name, node) = resolve(root, node);
        if name.is_some_and(|name| !seen.insert(name)) {
            continue;
        }
        let form = name.map_or(form, str::to_owned);
        for (key, inner) in node["properties"].as_object().into_iter().flatten() {
            keys.insert((form.clone(), key.clone()));
            open.push((form.clone(), inner));
        }
        let below = [&node["items"], &node["additionalProperties"]];
        let below = below.into_iter().filter(|inner| inner.is_object());
        open.extend(
            below
                .chain(branches(node))
                .map(|inner| (form.clone(), inner)),
        );
    }
    keys
}

/// The words that a schema names, wherever it does.
pub fn words(node: &Value) -> BTreeSet<String> {
    let given = node["const"].as_str().into_iter();
    let listed = node["enum"].as_array().into_iter().flatten();
    let own = given.chain(listed.filter_map(Value::as_str));
    let own = own.map(str::to_owned).collect::<BTreeSet<_>>();
    let below: Vec<&Value> = match node {
        Value::Array(all) => all.iter().collect(),
        Value::Object(all) => all.values().collect(),
        _ => Vec::new(),
    };
    below.into_iter().flat_map(words).chain(own).collect()
}

/// What a value may become; what the form does not take is left out by whoever tries it.
pub fn others(value: &Value, words: &BTreeSet<String>) -> Vec<Value> {
    let mut others = match value {
        Value::Bool(it) => vec![json!(!it)],
        Value::Number(number) => {
            let number = number.as_f64().expect("a number");
            [
                number * 0.5,
                number * 3.0 + 1.0,
                number + 1.0,
                number * 0.01,
                number * 20.0,
                0.0,
            ]
            .into_iter()
            .flat_map(|number| [json!(number), json!(number as u64)])
            .collect()
        }
        Value::String(_) => ["7h", "1s", "100d", "3%", "77%", "0.25", "nobody", ""]
            .map(|word| json!(word))
            .to_vec(),
        Value::Array(list) if list.is_empty() => Vec::new(),
        Value::Array(list) => {
            vec![json!([]), json!(&list[1..]), json!(&list[..list.len() - 1])]
        }
        // What is optional may be absent; a delay may be another one.
        Value::Object(_) | Value::Null => vec![Value::Null, json!({"constant": "7m"})],
    };
    if value.is_string() {
        others.extend(words.iter().map(|word| json!(word)));
    }
    others.retain(|other| other != value);
    others
}
