//! Each key of a policy and of a world: changed wherever the shipped files have it.

use std::collections::{BTreeMap, BTreeSet};

use coalmine::chaos::checker;
use coalmine::scenarios::schemas::{Kind, schema};
use coalmine::scenarios::{Document, World, library, lint, load, read};
use coalmine::sim_core::policy::{Policy, Profile};
use coalmine::sim_core::{Experiment, Seed};
use serde_json::{Value, json};

const ROOT: u64 = 16;

/// A key of a form: the name of the form in the schema, and the key.
type Key = (String, String);

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
    let branches = ["oneOf", "anyOf"].map(|word| node[word].as_array());
    if let Some(branches) = branches.into_iter().flatten().next() {
        return branches.iter().any(|branch| fits(root, branch, value));
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
fn walk(
    root: &Value,
    (form, node): (&str, &Value),
    (at, value): (&str, &Value),
    found: &mut BTreeMap<Key, Vec<String>>,
) {
    let (name, node) = resolve(root, node);
    let form = name.unwrap_or(form);
    for branch in ["oneOf", "anyOf"]
        .iter()
        .filter_map(|word| node[word].as_array())
        .flatten()
    {
        if fits(root, branch, value) {
            walk(root, (form, branch), (at, value), found);
        }
    }
    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
        walk(
            root,
            (form, &node["items"]),
            (&format!("{at}/{place}"), item),
            found,
        );
    }
    for (key, inner) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{key}");
        if let Some(known) = node["properties"].get(key) {
            found
                .entry((form.to_owned(), key.clone()))
                .or_default()
                .push(at.clone());
            walk(root, (form, known), (&at, inner), found);
        } else if let Some(more) = node
            .get("additionalProperties")
            .filter(|more| more.is_object())
        {
            walk(root, (form, more), (&at, inner), found);
        }
    }
}

/// Every key that the schema knows.
fn all_keys(root: &Value, form: &str) -> BTreeSet<Key> {
    let mut keys = BTreeSet::new();
    let defs = root["$defs"].as_object().into_iter().flatten();
    let forms = defs
        .map(|(name, node)| (name.as_str(), node))
        .chain([(form, root)]);
    for (name, node) in forms {
        let variants = ["oneOf", "anyOf"]
            .iter()
            .filter_map(|word| node[word].as_array())
            .flatten();
        let mut nodes: Vec<&Value> = variants.chain([node]).collect();
        while let Some(node) = nodes.pop() {
            for (key, inner) in node["properties"].as_object().into_iter().flatten() {
                keys.insert((name.to_owned(), key.clone()));
                nodes.push(inner);
            }
        }
    }
    keys
}

/// What a value may become; what the form does not take is left out by whoever tries it.
fn others(value: &Value, words: &[Value]) -> Vec<Value> {
    let mut others = match value {
        Value::Bool(it) => vec![json!(!it)],
        Value::Number(number) => {
            let number = number.as_f64().expect("a number");
            [number * 0.5, number * 3.0 + 1.0, number + 1.0, 0.0]
                .into_iter()
                .flat_map(|number| [json!(number), json!(number as u64)])
                .collect()
        }
        Value::String(_) => ["7h", "1s", "100d", "3%", "77%", "0.25", "nobody"]
            .map(|word| json!(word))
            .to_vec(),
        Value::Array(list) if list.is_empty() => Vec::new(),
        Value::Array(list) => vec![json!([]), json!(&list[1..])],
        Value::Object(_) | Value::Null => vec![Value::Null],
    };
    if !value.is_number() {
        others.extend(words.iter().cloned());
    }
    others.retain(|other| other != value);
    others
}

/// A policy and a world of the library, and the scenarios in which they are tried.
struct Shipped {
    policy: Document<Policy>,
    world: World,
    scenarios: Vec<(String, &'static str)>,
}

fn shipped() -> Vec<Shipped> {
    let mut all = Vec::new();
    for system in library::systems() {
        for profile in [Profile::AsWritten, Profile::AsImplemented] {
            let text = system.policy(profile).expect("it is shipped");
            let scenarios = system.scenarios.iter();
            all.push(Shipped {
                policy: load::policy(system.name, text.as_bytes()).expect("it loads"),
                world: load::world(system.name, system.world.as_bytes())
                    .expect("it loads")
                    .value,
                scenarios: scenarios
                    .map(|(name, text)| ((*name).to_owned(), *text))
                    .collect(),
            });
        }
    }
    all
}

/// What is made of an experiment: its history, and what the checkers say of it.
fn told(experiment: &Experiment) -> String {
    let run = coalmine::sim_core::run(
        experiment,
        Seed {
            root: ROOT,
            replication: 0,
        },
    );
    let findings = checker::check(experiment, &run);
    format!("{:?} {:?} {findings:?}", run.history.hash(), run.harm)
}

/// What is made of a policy in a world: the stories in the scenarios, one after another, and what lint says.
/// `None` where it is refused.
fn tried<'s>(
    policy: &'s Document<Policy>,
    world: &'s World,
    scenarios: &'s [(String, &'static str)],
) -> impl Iterator<Item = Option<String>> + 's {
    let lint = format!(
        "{:?}",
        lint::lint(policy, Some(world))
            .iter()
            .map(|found| (found.code, &found.message))
            .collect::<Vec<_>>()
    );
    let scenarios = scenarios.iter().map(move |(name, text)| {
        let scenario = load::scenario(name, text.as_bytes()).expect("it loads");
        let experiment = load::experiment(&policy.value, &scenario.value, world).ok()?;
        Some(told(&experiment))
    });
    [Some(lint)].into_iter().chain(scenarios)
}

/// Whether some other value of the key at `at` is refused or makes something else.
fn matters(
    part: Part,
    shipped: &Shipped,
    known: &[Option<String>],
    (whole, at): (&Value, &str),
    words: &[Value],
) -> bool {
    let value = whole.pointer(at).expect("it was found there");
    others(value, words).into_iter().any(|other| {
        let mut changed = whole.clone();
        *changed.pointer_mut(at).expect("it is there") = other;
        let text = changed.to_string();
        let mut policy = shipped.policy.clone();
        let mut world = shipped.world.clone();
        match part {
            Part::Policy => match read::<Policy>("policy", text.as_bytes()) {
                Ok(_) => match load::policy("policy", text.as_bytes()) {
                    Ok(read) => policy = read,
                    Err(_) => return true,
                },
                Err(_) => return false,
            },
            Part::World => match read::<World>("world", text.as_bytes()) {
                Ok(_) => match load::world("world", text.as_bytes()) {
                    Ok(read) => world = read.value,
                    Err(_) => return true,
                },
                Err(_) => return false,
            },
        }
        tried(&policy, &world, &shipped.scenarios)
            .zip(known)
            .any(|(now, known)| now != *known)
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Policy,
    World,
}

/// Words for people: names, reasons, the words of other systems.
const FOR_PEOPLE: &[(&str, &str)] = &[];

/// Keys that no shipped file has, or that matter to a command of their own.
const ELSEWHERE: &[(&str, &str)] = &[];

fn ignored(part: Part, kind: Kind, form: &str) -> Vec<String> {
    let root = schema(kind);
    let mut words = BTreeSet::new();
    collect_words(&root, &mut words);
    let words: Vec<Value> = words.into_iter().map(Value::String).collect();
    let mut open = all_keys(&root, form);
    for known in FOR_PEOPLE.iter().chain(ELSEWHERE) {
        open.remove(&(known.0.to_owned(), known.1.to_owned()));
    }
    for shipped in shipped() {
        let whole = match part {
            Part::Policy => serde_json::to_value(&shipped.policy.value),
            Part::World => serde_json::to_value(&shipped.world),
        };
        let whole = whole.expect("a form is plain data");
        let known: Vec<_> = tried(&shipped.policy, &shipped.world, &shipped.scenarios).collect();
        let mut found = BTreeMap::new();
        walk(&root, (form, &root), ("", &whole), &mut found);
        for (key, places) in found {
            let matters = |at: &String| matters(part, &shipped, &known, (&whole, at), &words);
            if open.contains(&key) && places.iter().take(4).any(matters) {
                open.remove(&key);
            }
        }
    }
    open.into_iter()
        .map(|(form, key)| format!("{form}.{key}"))
        .collect()
}

fn collect_words(node: &Value, words: &mut BTreeSet<String>) {
    let given = node["const"].as_str().into_iter();
    let listed = node["enum"].as_array().into_iter().flatten();
    words.extend(
        given
            .chain(listed.filter_map(Value::as_str))
            .map(str::to_owned),
    );
    match node {
        Value::Array(all) => all.iter().for_each(|inner| collect_words(inner, words)),
        Value::Object(all) => all.values().for_each(|inner| collect_words(inner, words)),
        _ => {}
    }
}

#[test]
fn each_key_of_a_policy_matters_somewhere_or_is_for_people() {
    let ignored = ignored(Part::Policy, Kind::Policy, "Policy");
    assert!(ignored.is_empty(), "root {ROOT}: {ignored:#?}");
}

#[test]
fn each_key_of_a_world_matters_somewhere_or_is_for_people() {
    let ignored = ignored(Part::World, Kind::World, "World");
    assert!(ignored.is_empty(), "root {ROOT}: {ignored:#?}");
}
