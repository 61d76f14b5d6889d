//! Each key of a policy and of a world: changed wherever the ground or a variant of it has it, it makes another
//! history, another finding of a checker or of lint, another report, or it is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use coalmine::chaos::checker;
use coalmine::reports::Inputs;
use coalmine::scenarios::schemas::{DocumentKind, schema};
use coalmine::scenarios::{Document, Scenario, World, lint, load, read};
use coalmine::sim_core::policy::Policy;
use coalmine::sim_core::{Experiment, Seed};
use coalmine::study::{Case, Detail, Study, Subject, single};
use serde_json::{Value, json};

use super::keys;

const ROOT: u64 = 16;

/// What is played: a policy in a world, and what happens there.
#[derive(Clone)]
struct Ground {
    policy: Value,
    world: Value,
    scenarios: Vec<Scenario>,
}

/// The part of the ground whose keys are changed.
#[derive(Clone, Copy)]
enum Part {
    Policy,
    World,
}

impl Part {
    const fn word(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::World => "world",
        }
    }

    fn of(self, ground: &mut Ground) -> &mut Value {
        match self {
            Self::Policy => &mut ground.policy,
            Self::World => &mut ground.world,
        }
    }
}

fn scenario(effects: &Value, faults: &Value, evidence: &Value) -> Scenario {
    let text = json!({"version": 1, "name": "ground", "world": {"file": "world.yaml"},
        "release": {"is": "bad", "effects": effects}, "faults": faults, "evidence": evidence, "horizon": "8h"});
    let text = text.to_string();
    let read = load::scenario("scenario", text.as_bytes());
    read.unwrap_or_else(|report| panic!("{report}")).value
}

/// What happens: a rung and two rollbacks; a slow drift and slow answers of the service; a ladder that ends and a
/// rollback whose steps fail; a counter that starts again; evidence with a flaw of each kind.
fn scenarios() -> Vec<Scenario> {
    let add = |id: &str, signal: &str, by: f64, (after, lasts): (&str, &str)| {
        json!({"id": id, "change": {"add": {"signal": signal, "by": by}},
            "course": {"from": "first-exposure", "after": after, "lasts": lasts}})
    };
    let evidence = |flaw: &str, value: Value| {
        let mut state = json!({"exists": true, "parses": true, "says-something": true, "passes": true, "age": "0s"});
        state[flaw] = value;
        let told = json!([{"evidence": "packet", "from": "0s", "state": state}]);
        let bad = json!([add("regression", "errors", 0.5, ("25m", "20m"))]);
        scenario(&bad, &json!([]), &told)
    };
    let slow = json!({"id": "slow", "change": {"multiply": {"signal": "latency", "by": 30.0}},
        "course": {"from": "first-exposure", "after": "1h", "lasts": "3h"}});
    let none = json!([]);
    let fails = |id: &str, step: &str| json!({"id": id, "change": {"step-fails": {"step": step, "times": 1}}});
    vec![
        scenario(
            &json!([
                add("crowd", "memory", 1000.0, ("10m", "2m")),
                add("regression", "errors", 0.5, ("25m", "20m"))
            ]),
            &none,
            &none,
        ),
        scenario(
            &json!([add("drift", "errors", 0.013, ("5m", "6h")), slow]),
            &json!([{"id": "reset", "change": {"counter-reset": {}}, "course": {"after": "17m"}}]),
            &none,
        ),
        scenario(
            &json!([
                add("crowd", "memory", 5.0, ("10m", "7h")),
                add("regression", "errors", 0.5, ("25m", "20m"))
            ]),
            &json!([fails("one", "capture"), fails("two", "revert")]),
            &none,
        ),
        scenario(
            &json!([add("crowd", "memory", 1000.0, ("10m", "7h"))]),
            &none,
            &none,
        ),
        scenario(
            &json!([add("regression", "errors", 0.5, ("100m", "20m"))]),
            &none,
            &none,
        ),
        evidence("age", json!("40d")),
        evidence("exists", json!(false)),
        evidence("parses", json!(false)),
        evidence("says-something", json!(false)),
        evidence("passes", json!(false)),
    ]
}

fn ground() -> Ground {
    let policy = include_str!("ground.policy.yaml")
        .replace("REVERT", "{revert-hosts: {takes: {constant: 20s}}}");
    let policy = load::policy("policy", policy.as_bytes()).expect("the ground is sound");
    let world =
        load::world("world", include_bytes!("ground.world.yaml")).expect("the ground is sound");
    Ground {
        policy: serde_json::to_value(&policy.value).expect("a form is plain data"),
        world: serde_json::to_value(&world.value).expect("a form is plain data"),
        scenarios: scenarios(),
    }
}

/// Whether the form itself knows the text, whatever it means.
fn is_known(part: Part, text: &str) -> bool {
    match part {
        Part::Policy => read::<Policy>("policy", text.as_bytes()).is_ok(),
        Part::World => read::<World>("world", text.as_bytes()).is_ok(),
    }
}

/// The policy and the world of a ground; none where one is refused.
fn loaded(ground: &Ground) -> Result<(Document<Policy>, Document<World>), String> {
    let policy = load::policy("policy", ground.policy.to_string().as_bytes());
    let world = load::world("world", ground.world.to_string().as_bytes());
    let policy = policy.map_err(|report| report.to_string())?;
    Ok((policy, world.map_err(|report| report.to_string())?))
}

/// What is made of an experiment: its history, and what a study reports of it.
fn played(experiment: &Experiment, scenario: &Scenario) -> String {
    let study = Study {
        cases: vec![Case::new(experiment, scenario)],
        seed: ROOT,
        runs: 1,
        detail: Detail::Values,
    };
    let tallies = study.play(1, &AtomicBool::new(false), &|_| {});
    let inputs = Inputs {
        tool: String::new(),
        policy: String::new(),
        profile: None,
        scenario: None,
        digest: String::new(),
        lowered: None,
        guard: None,
    };
    let subject = Subject {
        inputs: &inputs,
        replay: &|_, _| String::new(),
    };
    let report = single(&study, &tallies.expect("nobody stops it")[0], &subject);
    let report = serde_json::to_string(&report).expect("a report is plain data");
    let hash = |replication| {
        let seed = Seed {
            root: ROOT,
            replication,
        };
        coalmine::sim_core::run(experiment, seed).history.hash()
    };
    format!("{:?} {report}", hash(0))
}

type Told<'g> = Box<dyn Iterator<Item = Result<String, String>> + 'g>;

/// What is made of a ground, piece by piece: what lint says, then each rollout and what is unsaid in it.
fn told(ground: &Ground) -> Told<'_> {
    let (policy, world) = match loaded(ground) {
        Ok(loaded) => loaded,
        Err(refused) => return Box::new([Err(refused)].into_iter()),
    };
    let said = lint::lint(&policy, Some(&world.value));
    let of_world = lint::world(&world);
    let said: Vec<_> = said
        .iter()
        .chain(&of_world)
        .map(|found| (found.code, &found.message))
        .collect();
    let lint = format!("{said:?}");
    // What a guard decides is no affair of values alone: tests/it/guard asks real programs.
    let unguarded = Policy {
        decide: None,
        ..policy.value
    };
    let rollouts = ground.scenarios.iter().map(move |scenario| {
        let experiment = load::experiment(&unguarded, scenario, &world.value);
        let experiment = experiment.map_err(|report| report.to_string())?;
        let unsaid = checker::unsaid(&experiment);
        Ok(format!("{unsaid:?} {}", played(&experiment, scenario)))
    });
    Box::new([Ok(lint)].into_iter().chain(rollouts))
}

/// What becomes of the keys that were changed.
#[derive(Default)]
struct Found {
    read: BTreeSet<keys::Key>,
    /// Those with a value that is taken and makes nothing else.
    unread: BTreeSet<keys::Key>,
    /// Grounds that cannot be played.
    refused: Vec<String>,
}

/// Whether some other value of the key at `at` makes something else; where no other is taken, whether it is refused.
/// None where the form itself takes no other.
fn matters(
    part: Part,
    ground: &Ground,
    known: &[String],
    at: &str,
    words: &BTreeSet<String>,
) -> Option<bool> {
    let mut base = ground.clone();
    let value = part
        .of(&mut base)
        .pointer(at)
        .expect("it was found there")
        .clone();
    let (mut refused, mut taken) = (false, false);
    for other in keys::others(&value, words) {
        let mut now = ground.clone();
        *part.of(&mut now).pointer_mut(at).expect("it is there") = other;
        if !is_known(part, &part.of(&mut now).to_string()) {
            continue;
        }
        let mut same = true;
        for (piece, known) in told(&now).zip(known) {
            match piece {
                Ok(piece) if piece == *known => {}
                Ok(_) => return Some(true),
                Err(_) => {
                    (refused, same) = (true, false);
                    break;
                }
            }
        }
        taken |= same;
    }
    (taken || refused).then_some(!taken)
}

/// Changes each key that stands at or below one of the places.
fn search(part: Part, ground: &Ground, below: &[&str], root: &Value, found: &mut Found) {
    let words = keys::words(root);
    let known: Result<Vec<String>, String> = told(ground).collect();
    let known = match known {
        Ok(known) => known,
        Err(refused) => return found.refused.push(format!("{below:?}: {refused}")),
    };
    let mut base = ground.clone();
    let whole = part.of(&mut base).clone();
    let mut places = BTreeMap::new();
    keys::walk(root, (part.word(), root), ("", &whole), &mut places);
    for (key, places) in places {
        let here = |at: &&String| below.iter().any(|below| at.starts_with(below));
        for at in places.iter().filter(here) {
            if found.read.contains(&key) || is_exempt(&key) {
                break;
            }
            match matters(part, ground, &known, at, &words) {
                Some(true) => {
                    found.read.insert(key.clone());
                }
                None if has_keys(whole.pointer(at)) => {
                    found.read.insert(key.clone());
                }
                Some(false) | None => {
                    found.unread.insert(key.clone());
                }
            }
        }
    }
}

/// Whether a value has keys, which are looked at one by one.
fn has_keys(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Object(_)) => true,
        Some(Value::Array(list)) => list.iter().any(Value::is_object),
        _ => false,
    }
}

/// The ground, and each variant of it with the places that make it one.
fn grounds(part: Part) -> Vec<(Ground, Vec<String>)> {
    let variants: Vec<BTreeMap<String, BTreeMap<String, Value>>> =
        serde_json::from_str(include_str!("variants.json")).expect("it is a list of changes");
    let mut grounds = vec![(ground(), vec![String::new()])];
    for variant in variants {
        let mut ground = ground();
        for (of, changes) in &variant {
            let of = if of == "policy" {
                Part::Policy
            } else {
                Part::World
            };
            for (at, value) in changes {
                set(of.of(&mut ground), at, value);
            }
        }
        if let Some(changes) = variant.get(part.word()) {
            grounds.push((ground, changes.keys().cloned().collect()));
        }
    }
    grounds
}

/// Puts a value at a place, which need not be there yet.
fn set(whole: &mut Value, at: &str, value: &Value) {
    let (above, key) = at.rsplit_once('/').expect("a place has a slash");
    let above = whole
        .pointer_mut(above)
        .unwrap_or_else(|| panic!("{at} leads nowhere"));
    match key.parse::<usize>() {
        Ok(place) => above[place] = value.clone(),
        Err(_) => above[key] = value.clone(),
    }
}

/// Keys that make no difference to what is simulated, each with the reason.
const EXEMPT: &[(&str, &str)] = &[
    ("policy.version", "the form itself takes one version only"),
    ("world.version", "the form itself takes one version only"),
    ("policy.name", PEOPLE),
    ("policy.description", PEOPLE),
    ("world.name", PEOPLE),
    ("world.description", PEOPLE),
    ("Operator.name", PEOPLE),
    ("Promise.title", PEOPLE),
    ("Rung.reason", PEOPLE),
    ("Ladder.exhausted", PEOPLE),
    ("KillSwitch.id", NAME),
    ("Rung.id", NAME),
    ("Step.id", NAME),
    ("Stage.id", NAME),
    ("Promise.id", NAME),
    ("Codes.advanced", DECIDE),
    ("Codes.completed", DECIDE),
    ("Codes.paused", DECIDE),
    ("Codes.rolled-back", DECIDE),
    ("Paper.codes", DECIDE),
    ("Paper.audit", DECIDE),
    ("Paper.packet", DECIDE),
    ("Paper.message", DECIDE),
    ("Paper.incident", DECIDE),
    ("Paper.artifacts", DECIDE),
    ("Paper.watched", DECIDE),
    ("Paper.governance", DECIDE),
    ("Governance.owner", DECIDE),
    ("Governance.reviewers", DECIDE),
    ("Governance.audited-every", DECIDE),
    ("policy.scope", DOCUMENT),
    ("Stage.planned", DOCUMENT),
    ("StepEffect.seed", DOCUMENT),
    ("Rung.sets", SETTINGS),
    ("Stage.sets", SETTINGS),
    ("KillSwitch.sets", SETTINGS),
    ("WaivedGap.reason", PEOPLE),
    ("Region.name", PLACE),
    ("Region.zones", PLACE),
    ("Region.part", PLACE),
    (
        "Load.weekend",
        "the sixth day of a rollout: the tests of the load play it",
    ),
];

const PEOPLE: &str = "words for people, which reports repeat";
const NAME: &str =
    "a name: reports repeat it, and what refers to it is refused where it leads nowhere";
const DECIDE: &str =
    "`decide` and the artifacts of a rollout are written with it, and nothing is simulated of it";
const DOCUMENT: &str =
    "what a document states, which says of itself that nothing is simulated of it";
const SETTINGS: &str =
    "what the service is told: `decide`, the artifacts and the gaps of `chaos` read it";
const PLACE: &str = "lint says of the regions as a whole that they have no effect (CM252)";

fn is_exempt((form, key): &keys::Key) -> bool {
    let name = format!("{form}.{key}");
    EXEMPT.iter().any(|(known, _)| *known == name)
}

#[track_caller]
fn check(part: Part, kind: DocumentKind, form: &str) {
    let (root, mut found) = (schema(kind), Found::default());
    for (ground, below) in grounds(part) {
        let below: Vec<&str> = below.iter().map(String::as_str).collect();
        search(part, &ground, &below, &root, &mut found);
    }
    let refused = found.refused.join("\n");
    assert!(refused.is_empty(), "{refused}");
    // How long something takes is one form for all files, and its keys are changed in the policy's.
    let elsewhere = |(form, _): &keys::Key| matches!(part, Part::World) && form == "Distribution";
    let open: Vec<_> = keys::all(&root, (form, &root))
        .into_iter()
        .filter(|key| !elsewhere(key) && !is_exempt(key))
        .filter(|key| !found.read.contains(key))
        .map(|key| {
            let unread = found.unread.contains(&key);
            (format!("{}.{}", key.0, key.1), unread)
        })
        .collect();
    let those = |wanted: bool| -> Vec<&String> {
        let those = open.iter().filter(|(_, unread)| *unread == wanted);
        those.map(|(key, _)| key).collect()
    };
    assert!(
        open.is_empty(),
        "root {ROOT}, accepted and ignored: {:#?}, and not in the ground: {:#?}",
        those(true),
        those(false)
    );
}

#[test]
fn each_key_of_a_policy_is_read_or_refused() {
    check(Part::Policy, DocumentKind::Policy, "policy");
}

#[test]
fn each_key_of_a_world_is_read_or_refused() {
    check(Part::World, DocumentKind::World, "world");
}
