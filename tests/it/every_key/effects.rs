//! Each key of each effect: where it begins, how it runs, who shows it, what takes it away, and what is its own.

use std::collections::{BTreeMap, BTreeSet};

use coalmine::scenarios::schemas::{DocumentKind, schema};
use coalmine::scenarios::{Scenario, World, load};
use coalmine::sim_core::engine::SimTime;
use coalmine::sim_core::{Event, Experiment, Outcome, Run, Seed};
use serde_json::{Value, json};

use super::keys;

const POLICY: &str = include_str!("ground.policy.yaml");
const WORLD: &str = include_str!("ground.world.yaml");
const ROOT: u64 = 15;
/// So many rollouts must be the same before a key counts as unread: some keys turn on luck.
const RUNS: u64 = 2;

/// Examples of each change, by the word that files use for it: each of its own keys is in one of them.
fn examples(change: &str) -> Vec<Value> {
    let signal = |by: f64| json!({"signal": "errors", "by": by, "population": "canary"});
    let data = || json!({"signal": "errors", "population": "canary"});
    let part = || json!({"of": data(), "share": "40%"});
    let commands = |toward: &str, trouble: Value| json!({"toward": toward, "trouble": trouble});
    let answers = |trouble: Value| json!({"role": "lead", "trouble": trouble});
    let reads = |reads: Value| json!({"of": data(), "measure": "ratio", "reads": reads});
    match change {
        "add" => vec![signal(0.004)],
        "multiply" | "shock" => vec![signal(1.5)],
        "outage" | "nan" | "counter-reset" | "freeze" => vec![data()],
        "lag" => vec![json!({"signal": "errors", "by": "4m"})],
        "shift-window" => vec![json!({"of": data(), "by": "4m"})],
        "step-fails" => vec![json!({"step": "revert", "times": 1})],
        "step-partial" => vec![json!({"step": "revert", "reaches": "50%"})],
        "same-content" => vec![json!({"step": "revert"})],
        "kill-switch-noop" | "standby-absent" | "promote" | "accept-waivers" => vec![Value::Null],
        "slow-hosts" | "load" => vec![json!({"factor": 3.0})],
        "updates-fail" => vec![json!({"share": "40%"})],
        "hosts-lost" => vec![json!({"share": "30%", "returning": "old"})],
        "thin" | "drop-scrapes" | "duplicate" => vec![part()],
        "straggle" => vec![json!({"of": data(), "share": "40%", "by": "2m"})],
        "mislabel" => ["control", "canary"]
            .map(|from| {
                let to = if from == "canary" { "control" } else { "canary" };
                json!({"signal": "errors", "from": from, "to": to, "share": "40%", "copied": from == "control"})
            })
            .to_vec(),
        "misread" => [
            json!({"times": 2.0}),
            json!({"constant": 0.01}),
            json!({"rounded": 0.003}),
            json!("infinite"),
        ]
        .into_iter()
        .map(reads)
        .collect(),
        "skip-beats" => vec![json!({"keep-every": 7})],
        "clock" => vec![json!({"ahead": "7m", "behind": "1m", "rate": 1.2})],
        "mask-triggers" => vec![json!({"stage": "tenth"})],
        "pass-gates" => vec![json!({"gate": "errors"})],
        "controller-down" => vec![json!({"forgets": ["windows", "timer"]})],
        "fix-forward" => vec![json!({"after": "5m", "works": true})],
        "commands" => vec![
            commands(
                "new",
                json!({"lost": {"chance": 0.3, "retry-after": "45s"}}),
            ),
            commands(
                "old",
                json!({"lost": {"chance": 0.3, "retry-after": "45s"}}),
            ),
            commands("new", json!({"late": {"constant": "1m"}})),
            commands("new", json!("stuck")),
            commands("new", json!({"limited": {"per-second": 0.2}})),
        ],
        "stray-updates" => vec![json!({"toward": "new", "hosts": "20%", "within": "3m"})],
        "false-acks" => vec![json!({"share": "30%"})],
        "switch-slow" => vec![json!({"by": {"constant": "5m"}})],
        "runbook" => vec![
            json!({"repeats": 1}),
            json!({"skips": 0}),
            json!({"swaps": {"first": 0, "second": 1}}),
        ],
        "answers" => vec![
            answers(json!({"late": {"constant": "17m"}})),
            answers(json!({"twice": "5m"})),
            answers(json!("rash")),
            answers(json!("unheard")),
        ],
        "flawed-evidence" => vec![json!({"evidence": "packet"})],
        new => panic!("`{new}` is new: write an example of it"),
    }
}

/// What a key becomes: something that matters wherever it is read.
fn turned(key: &str) -> Vec<Value> {
    let turned = match key {
        "hosts" => json!("3%"),
        "hosts-of" => json!("regression"),
        // A new attempt puts rungs back, and the switch is thrown late.
        "cured-by" => return vec![json!(["batch"]), json!(["off"])],
        "course.from" => json!("paused"),
        "course.after" | "course.within" | "course.ramp" => json!("7h"),
        "course.lasts" | "course.until" => json!("1s"),
        "course.cycle" => json!({"on": "1s", "off": "23h"}),
        "course.strength" => json!(0.05),
        "only.load-above" => json!(1e9),
        "only.exposure-above" => json!("99.9%"),
        "only.exposure-below" => json!("0.0001%"),
        "confirm" => json!(true),
        new => panic!("`{new}` is new: say what it may become"),
    };
    vec![turned]
}

/// The node of a form in the schema of scenarios.
fn form<'s>(root: &'s Value, name: &str) -> &'s Value {
    let node = &root["$defs"][name];
    assert!(node.is_object(), "the schema has {name}");
    node
}

/// Every change, with its node in the schema.
fn changes(root: &Value) -> Vec<(String, Value)> {
    let variants = form(root, "Change")["oneOf"].as_array();
    let of = |variant: &Value| -> Vec<(String, Value)> {
        let words = variant["enum"].as_array().into_iter().flatten();
        let words = words.chain(variant.get("const")).filter_map(Value::as_str);
        let words = words.map(|word| (word.to_owned(), Value::Null));
        let keyed = variant["properties"].as_object().into_iter().flatten();
        words
            .chain(keyed.map(|(key, node)| (key.clone(), node.clone())))
            .collect()
    };
    variants
        .expect("it is one of several")
        .iter()
        .flat_map(of)
        .collect()
}

/// The keys that every effect may have, with the path to each.
fn common(root: &Value) -> Vec<String> {
    let below = |name: &str, word: &str| -> Vec<String> {
        let keys = form(root, name)["properties"].as_object();
        let keys = keys.expect("it has keys").keys();
        keys.map(|key| format!("{word}{key}")).collect()
    };
    let own = below("Effect", "").into_iter();
    let own = own.filter(|key| !["id", "change", "course", "only"].contains(&key.as_str()));
    own.chain(below("Course", "course."))
        .chain(below("Only", "only."))
        .collect()
}

/// How the release is taken back where the effect happens.
const GROUNDS: [&str; 3] = [
    "{revert-hosts: {takes: {constant: 20s}}}",
    "throw-kill-switch",
    "shift-traffic",
];

fn policy(ground: &str) -> String {
    let standby = if ground == "shift-traffic" {
        "  standby: 20h\n"
    } else {
        ""
    };
    POLICY
        .replace("REVERT", ground)
        .replace("rollback:\n", &format!("rollback:\n{standby}"))
}

/// A rung after ten minutes, two rollbacks after half an hour, and the rest is well.
fn scenario(effect: Option<Value>) -> Value {
    let course = |after: &str, lasts: &str| json!({"from": "first-exposure", "after": after, "lasts": lasts});
    let add = |signal: &str, by: f64| json!({"add": {"signal": signal, "by": by}});
    let effects = [
        json!({"id": "crowd", "change": add("memory", 1000.0), "course": course("10m", "2m")}),
        json!({"id": "regression", "change": add("errors", 0.5), "hosts": "60%", "course": course("25m", "20m")}),
    ];
    let faults: Vec<Value> = effect.into_iter().collect();
    json!({"version": 1, "name": "ground", "world": {"file": "world.yaml"},
        "release": {"is": "bad", "effects": effects}, "faults": faults, "horizon": "4h"})
}

/// Puts everything together, or says how it is refused; none where the form itself does not know it.
fn experiment(ground: &str, effect: Option<Value>) -> Option<Result<Experiment, String>> {
    let policy = load::policy("policy", policy(ground).as_bytes()).expect("the ground is sound");
    // Nothing fails by itself, and what fails costs some time.
    let world = WORLD.replace("{constant: 30s}", "{constant: 30s}, timeout: 90s");
    let world: World = load::world("world", world.as_bytes())
        .expect("the ground is sound")
        .value;
    let text = scenario(effect).to_string();
    coalmine::scenarios::read::<Scenario>("scenario", text.as_bytes()).ok()?;
    let loaded = load::scenario("scenario", text.as_bytes()).map_err(|report| report.to_string());
    Some(loaded.and_then(|scenario| {
        load::experiment_of(&policy, &scenario, &world)
            .map_err(|reports| reports.iter().map(ToString::to_string).collect())
    }))
}

/// What every rollout here begins with.
pub fn ground() -> Experiment {
    let ground = experiment(GROUNDS[0], None).expect("the form knows it");
    ground.expect("the ground is sound")
}

type Story = (Vec<(SimTime, Event)>, Outcome, [u64; 2]);

/// What a rollout came to; `all` counts what is said about effects as well.
fn story(run: &Run, all: bool) -> Story {
    let told = |(_, event): &&(SimTime, Event)| {
        all || !matches!(
            event,
            Event::EffectBegan { .. } | Event::EffectShowed { .. }
        )
    };
    let harm = [run.harm.exposed_requests, run.harm.exposed_error_minutes];
    let events = run.history.iter().filter(told).copied().collect();
    (events, run.outcome, harm.map(f64::to_bits))
}

fn played(experiment: &Experiment, replication: u64) -> Run {
    let seed = Seed {
        root: ROOT,
        replication,
    };
    coalmine::sim_core::run(experiment, seed)
}

/// What the first rollouts came to, without and with what is said about effects.
fn stories(experiment: &Experiment) -> Vec<[Story; 2]> {
    let play = |number| {
        let run = played(experiment, number);
        [false, true].map(|all| story(&run, all))
    };
    (0..RUNS).map(play).collect()
}

/// Whether the rollouts are those of `known`; ends with the first that is not.
fn is_like(experiment: &Experiment, known: &[[Story; 2]], all: bool) -> bool {
    (0..)
        .zip(known)
        .all(|(number, known)| story(&played(experiment, number), all) == known[usize::from(all)])
}

/// The effect, in full from the sixteenth minute on: after the rung, and before the rollbacks.
fn effect(word: &str, example: &Value) -> Value {
    let change = if example.is_null() {
        json!(word)
    } else {
        json!({word: example})
    };
    let course = match word {
        // Waivers are judged before anything else.
        "accept-waivers" => json!({"after": "0s"}),
        "controller-down" | "hosts-lost" => json!({"after": "16m", "lasts": "30m"}),
        // What is stuck for ever has no end to look at.
        "commands" => json!({"after": "16m", "lasts": "2h"}),
        _ => json!({"after": "16m"}),
    };
    json!({"id": "it", "change": change, "course": course})
}

/// Changes one key that every effect may have.
fn with(mut effect: Value, key: &str, value: Value) -> Value {
    match key.split_once('.') {
        Some((form, key)) => effect[form][key] = value,
        None => effect[key] = value,
    }
    effect
}

/// An effect on a ground that plays it, and what the rollouts came to there.
struct Act {
    ground: &'static str,
    effect: Value,
    known: Vec<[Story; 2]>,
}

impl Act {
    /// The effect where it does something; none where it is refused or nothing happens to it.
    fn on(ground: &'static str, effect: Value) -> Option<Self> {
        let played = experiment(ground, Some(effect.clone())).expect("the form knows it");
        let known = stories(&played.ok()?);
        let bare = experiment(ground, None).expect("the form knows it");
        let idle = is_like(&bare.expect("the ground is sound"), &known, false);
        (!idle).then_some(Self {
            ground,
            effect,
            known,
        })
    }

    /// Whether a changed effect is refused or makes another history; none where the form does not take it.
    fn differs(&self, changed: Value, all: bool) -> Option<bool> {
        let other = experiment(self.ground, Some(changed))?;
        Some(other.is_err() || other.is_ok_and(|other| !is_like(&other, &self.known, all)))
    }

    fn reads(&self, key: &str) -> bool {
        turned(key).into_iter().any(|value| {
            let changed = with(self.effect.clone(), key, value);
            let read = self.differs(changed, key == "confirm");
            read.unwrap_or_else(|| panic!("`{key}` cannot become what it should"))
        })
    }

    /// Whether some other value of the key at `at` makes another history; where no other is taken, whether it is
    /// refused.
    fn reads_own(&self, at: &str, words: &BTreeSet<String>) -> bool {
        let value = self.effect.pointer(at).expect("it was found there");
        let other = |other: Value| {
            let mut changed = self.effect.clone();
            *changed.pointer_mut(at).expect("it is there") = other;
            changed
        };
        let others = keys::others(value, words).into_iter().map(other);
        let known = others.filter_map(|changed| experiment(self.ground, Some(changed)));
        let known: Vec<_> = known.collect();
        let mut taken = known
            .iter()
            .filter_map(|known| known.as_ref().ok())
            .peekable();
        if taken.peek().is_none() {
            return !known.is_empty();
        }
        taken.any(|other| !is_like(other, &self.known, false))
    }
}

/// Changes that a file may say and that are refused as an effect, with the reason.
const REFUSED: [(&str, &str); 1] = [(
    "flawed-evidence",
    "it says when flawed evidence has shown; the flaw stands under `evidence:`",
)];

fn acts(word: &str) -> Vec<(Value, Vec<Act>)> {
    let act = |example: Value| {
        let on = |ground| Act::on(ground, effect(word, &example));
        (
            example.clone(),
            GROUNDS.into_iter().filter_map(on).collect(),
        )
    };
    examples(word).into_iter().map(act).collect()
}

/// The forms that changes share with policies and worlds, where their keys are changed one by one.
const SHARED: [&str; 2] = ["Distribution", "Measure"];

/// The keys of its own that no example of a change reads or has.
fn own_unread(root: &Value, word: &str, node: &Value, acts: &[(Value, Vec<Act>)]) -> Vec<String> {
    let words = keys::words(root);
    let mut open = keys::all(root, (word, node));
    open.retain(|(form, _)| !SHARED.contains(&form.as_str()));
    for (example, acts) in acts {
        let mut found = BTreeMap::new();
        let at = format!("/change/{word}");
        keys::walk(root, (word, node), (&at, example), &mut found);
        for (key, places) in found {
            let read = |act: &Act| {
                // Of what has keys of its own, these are looked at one by one.
                let whole = |at: &String| act.effect.pointer(at).is_some_and(Value::is_object);
                places
                    .iter()
                    .any(|at| whole(at) || act.reads_own(at, &words))
            };
            if open.contains(&key) && acts.iter().any(read) {
                open.remove(&key);
            }
        }
    }
    open.into_iter()
        .map(|(form, key)| format!("{form}.{key}"))
        .collect()
}

#[test]
fn each_key_of_each_effect_makes_another_history_or_is_refused() {
    let root = schema(DocumentKind::Scenario);
    let (mut found, common) = (Vec::new(), common(&root));
    for (word, node) in changes(&root) {
        let acts = acts(&word);
        for (example, acts) in &acts {
            let refused = REFUSED.iter().any(|(refused, _)| *refused == word);
            if acts.is_empty() != refused {
                found.push(format!(
                    "{word} {example}: nothing happens to it on any ground"
                ));
            }
            let unread = |key: &&String| !acts.iter().any(|act| act.reads(key));
            let unread: Vec<&String> = common.iter().filter(unread).collect();
            if !refused && !unread.is_empty() {
                found.push(format!("{word} {example}: {unread:?}"));
            }
        }
        let own = own_unread(&root, &word, &node, &acts);
        if !REFUSED.iter().any(|(refused, _)| *refused == word) && !own.is_empty() {
            found.push(format!("{word}: of its own {own:?}"));
        }
    }
    assert!(
        found.is_empty(),
        "root {ROOT}, accepted and ignored: {found:#?}"
    );
}

/// Changes that leave what some signals say as it is, with the reason.
const UNCHANGED: [(&str, &str, &str); 0] = [];

#[test]
fn each_change_of_a_signal_is_seen_in_every_kind_of_signal_or_is_refused() {
    let root = schema(DocumentKind::Scenario);
    let mut found = Vec::new();
    for (word, _) in changes(&root) {
        for example in examples(&word) {
            for signal in ["errors", "latency", "memory"] {
                let Some(example) = about(&word, &example, signal) else {
                    continue;
                };
                let effect = effect(&word, &example);
                let refused = |ground| {
                    let played = experiment(ground, Some(effect.clone()));
                    played.expect("the form knows it").is_err()
                };
                let seen = |ground| Act::on(ground, effect.clone()).is_some();
                let known = UNCHANGED
                    .iter()
                    .any(|(one, of, _)| *one == word && *of == signal);
                let mut grounds = GROUNDS.into_iter();
                if !known && !grounds.any(|ground| refused(ground) || seen(ground)) {
                    found.push(format!("{word} {example}"));
                }
            }
        }
    }
    assert!(
        found.is_empty(),
        "root {ROOT}, accepted and ignored: {found:#?}"
    );
}

/// The example about another signal, by so much that nobody could miss it; none where it names none.
fn about(word: &str, example: &Value, signal: &str) -> Option<Value> {
    let mut example = example.clone();
    let place = ["/signal", "/of/signal"]
        .into_iter()
        .find(|at| example.pointer(at).is_some())?;
    *example.pointer_mut(place).expect("it was found") = json!(signal);
    match word {
        "add" => example["by"] = json!(1000.0),
        "multiply" | "shock" => example["by"] = json!(30.0),
        _ => {}
    }
    if word == "misread" {
        let measure = match signal {
            "latency" => json!({"quantile": 0.99}),
            "memory" => json!("mean"),
            _ => json!("ratio"),
        };
        example["measure"] = measure;
    }
    Some(example)
}
