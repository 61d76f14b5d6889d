//! Each key of a policy and of a world: changed wherever the ground has it, it makes another history, another finding of
//! a checker or of lint, or it is refused.

use std::collections::{BTreeMap, BTreeSet};

use coalmine::chaos::checker;
use coalmine::scenarios::schemas::{Kind, schema};
use coalmine::scenarios::{Document, Scenario, World, lint, load, read};
use coalmine::sim_core::Seed;
use coalmine::sim_core::policy::Policy;
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

/// The ground: its policy and its world, as files and as plain data.
struct Ground {
    policy: Document<Policy>,
    world: World,
    scenarios: Vec<Scenario>,
}

fn ground() -> Ground {
    let policy = include_str!("ground.policy.yaml")
        .replace("REVERT", "{revert-hosts: {takes: {constant: 20s}}}");
    let scenario = |text: Value| {
        let text = text.to_string();
        load::scenario("scenario", text.as_bytes())
            .expect("the ground is sound")
            .value
    };
    let effect = |id: &str, signal: &str, by: f64, after: &str| {
        json!({"id": id, "change": {"add": {"signal": signal, "by": by}},
            "course": {"from": "first-exposure", "after": after, "lasts": "20m"}})
    };
    let of = |is: &str, effects: Value| {
        json!({"version": 1, "name": "ground", "world": {"file": "world.yaml"},
            "release": {"is": is, "effects": effects}, "horizon": "24h"})
    };
    Ground {
        policy: load::policy("policy", policy.as_bytes()).expect("the ground is sound"),
        world: load::world("world", include_bytes!("ground.world.yaml"))
            .expect("the ground is sound")
            .value,
        scenarios: vec![
            scenario(of(
                "bad",
                json!([
                    effect("crowd", "memory", 1000.0, "10m"),
                    effect("regression", "errors", 0.5, "2h")
                ]),
            )),
            scenario(of("bad", json!([effect("slow", "latency", 5000.0, "2h")]))),
        ],
    }
}

/// What is made of a policy in a world, piece by piece: what lint says, then each rollout. `None` where it is refused.
fn told<'g>(ground: &'g Ground) -> impl Iterator<Item = Option<String>> + 'g {
    let said = lint::lint(&ground.policy, Some(&ground.world));
    let said: Vec<_> = said
        .iter()
        .map(|found| (found.code, &found.message))
        .collect();
    let lint = format!("{said:?}");
    let rollouts = ground.scenarios.iter().map(|scenario| {
        let experiment = load::experiment(&ground.policy.value, scenario, &ground.world).ok()?;
        let seed = Seed {
            root: ROOT,
            replication: 0,
        };
        let run = coalmine::sim_core::run(&experiment, seed);
        let findings = checker::check(&experiment, &run);
        Some(format!(
            "{:?} {:?} {findings:?}",
            run.history.hash(),
            run.harm
        ))
    });
    [Some(lint)].into_iter().chain(rollouts)
}

#[derive(Clone, Copy)]
enum Part {
    Policy,
    World,
}

/// Whether some other value of the key at `at` is refused or makes something else.
fn matters(
    part: Part,
    ground: &Ground,
    known: &[Option<String>],
    (whole, at): (&Value, &str),
    words: &[Value],
) -> bool {
    let value = whole.pointer(at).expect("it was found there");
    others(value, words).into_iter().any(|other| {
        let mut changed = whole.clone();
        *changed.pointer_mut(at).expect("it is there") = other;
        let text = changed.to_string();
        let mut now = Ground {
            policy: ground.policy.clone(),
            world: ground.world.clone(),
            scenarios: ground.scenarios.clone(),
        };
        // What the form itself does not know says nothing; what the check refuses is read.
        let read = match part {
            Part::Policy if read::<Policy>("policy", text.as_bytes()).is_err() => return false,
            Part::Policy => load::policy("policy", text.as_bytes()).map(|read| now.policy = read),
            Part::World if read::<World>("world", text.as_bytes()).is_err() => return false,
            Part::World => load::world("world", text.as_bytes()).map(|read| now.world = read.value),
        };
        read.is_err() || told(&now).zip(known).any(|(now, known)| now != *known)
    })
}

/// Keys that nothing reads here, each with the reason.
const EXEMPT: &[(&str, &str)] = &[];

fn ignored(part: Part, kind: Kind, form: &str) -> (Vec<String>, Vec<String>) {
    let root = schema(kind);
    let mut words = BTreeSet::new();
    collect_words(&root, &mut words);
    let words: Vec<Value> = words.into_iter().map(Value::String).collect();
    let ground = ground();
    let whole = match part {
        Part::Policy => serde_json::to_value(&ground.policy.value),
        Part::World => serde_json::to_value(&ground.world),
    };
    let whole = whole.expect("a form is plain data");
    let known: Vec<_> = told(&ground).collect();
    assert!(known.iter().all(Option::is_some), "the ground is sound");
    let mut found = BTreeMap::new();
    walk(&root, (form, &root), ("", &whole), &mut found);
    let absent = all_keys(&root, form)
        .into_iter()
        .filter(|key| !found.contains_key(key));
    let absent = absent.map(|(form, key)| format!("{form}.{key}")).collect();
    let unread = found.iter().filter(|(_, places)| {
        !places
            .iter()
            .take(4)
            .any(|at| matters(part, &ground, &known, (&whole, at), &words))
    });
    let unread = unread
        .map(|((form, key), _)| format!("{form}.{key}"))
        .collect();
    (unread, absent)
}

#[track_caller]
fn check(part: Part, kind: Kind, form: &str) {
    let (mut unread, mut absent) = ignored(part, kind, form);
    let open = |key: &String| !EXEMPT.iter().any(|(known, _)| known == key);
    unread.retain(open);
    absent.retain(open);
    assert!(
        unread.is_empty() && absent.is_empty(),
        "root {ROOT}, accepted and ignored: {unread:#?}, and not in the ground: {absent:#?}"
    );
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
fn each_key_of_a_policy_is_read_or_refused() {
    check(Part::Policy, Kind::Policy, "Policy");
}

#[test]
fn each_key_of_a_world_is_read_or_refused() {
    check(Part::World, Kind::World, "World");
}
