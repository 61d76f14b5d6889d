//! Each key of each effect: where it begins, how it runs, who shows it, what takes it away.

use coalmine::scenarios::schemas::{DocumentKind, schema};
use coalmine::scenarios::{Scenario, World, load};
use coalmine::sim_core::engine::SimTime;
use coalmine::sim_core::{Event, Experiment, Outcome, Run, Seed};
use serde_json::{Value, json};

const POLICY: &str = include_str!("ground.policy.yaml");
const WORLD: &str = include_str!("ground.world.yaml");
const ROOT: u64 = 15;
/// So many rollouts must be the same before a key counts as unread: some keys turn on luck.
const RUNS: u64 = 3;

/// An example of each change, by the word that files use for it.
fn example(change: &str) -> Option<Value> {
    let signal = |by: f64| json!({"signal": "errors", "by": by});
    let part = json!({"share": "40%"});
    let commands = |trouble: Value| json!({"toward": "new", "trouble": trouble});
    Some(match change {
        "add" => signal(0.004),
        "multiply" | "shock" => signal(1.5),
        "outage" | "nan" | "counter-reset" | "freeze" => json!({}),
        "lag" | "shift-window" => json!({"by": "4m"}),
        "step-fails" => json!({"step": "revert", "times": 1}),
        "step-partial" => json!({"step": "revert", "reaches": "50%"}),
        "same-content" => json!({"step": "revert"}),
        "kill-switch-noop" | "standby-absent" | "promote" | "accept-waivers" => Value::Null,
        "slow-hosts" | "load" => json!({"factor": 3.0}),
        "hosts-lost" => json!({"share": "30%"}),
        "thin" | "drop-scrapes" | "duplicate" => part,
        "straggle" => json!({"share": "40%", "by": "2m"}),
        "mislabel" => json!({"from": "control", "to": "canary", "share": "40%"}),
        "misread" => json!({"reads": {"times": 2.0}}),
        "skip-beats" => json!({"keep-every": 7}),
        "clock" => json!({"ahead": "7m", "rate": 1.0}),
        "mask-triggers" | "pass-gates" => json!({}),
        "controller-down" => json!({"forgets": ["windows"]}),
        "fix-forward" => json!({"after": "1h", "works": true}),
        "commands" => commands(json!({"lost": {"chance": 0.3, "retry-after": "45s"}})),
        "stray-updates" => json!({"toward": "new", "hosts": "20%"}),
        "false-acks" => json!({"share": "30%"}),
        "switch-slow" => json!({"by": {"constant": "5m"}}),
        "runbook" => json!({"repeats": 1}),
        "answers" => json!({"trouble": {"late": {"constant": "17m"}}}),
        "flawed-evidence" => json!({"evidence": "packet"}),
        _ => return None,
    })
}

/// What a key becomes: something that matters wherever it is read.
fn turned(key: &str) -> Option<Value> {
    Some(match key {
        "hosts" => json!("3%"),
        "hosts-of" => json!("regression"),
        "cured-by" => json!(["batch", "off"]),
        "course.from" => json!("paused"),
        "course.after" => json!("23h"),
        "course.within" => json!("20h"),
        "course.ramp" => json!("20h"),
        "course.lasts" | "course.until" => json!("1s"),
        "course.cycle" => json!({"on": "1s", "off": "23h"}),
        "course.strength" => json!(0.05),
        "only.load-above" => json!(1e9),
        "only.exposure-above" => json!("99.9%"),
        "only.exposure-below" => json!("0.0001%"),
        "confirm" => json!(true),
        _ => return None,
    })
}

/// The words of a form in the schema of scenarios.
fn keys(form: &str) -> Vec<String> {
    let schema = schema(DocumentKind::Scenario);
    let form = &schema["$defs"][form];
    let of = |form: &Value| -> Vec<String> {
        let properties = form["properties"].as_object();
        let names = properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone());
        let words = form["enum"].as_array().into_iter().flatten();
        let word = form["const"].as_str().into_iter();
        let words = words.filter_map(Value::as_str).chain(word);
        names.chain(words.map(str::to_owned)).collect()
    };
    let mut all = of(form);
    for variant in form["oneOf"].as_array().into_iter().flatten() {
        all.extend(of(variant));
    }
    assert!(!all.is_empty(), "the schema has {form}");
    all
}

/// Every key of an effect, with the path to it.
fn all_keys() -> Vec<String> {
    let own = keys("Effect").into_iter();
    let own = own.filter(|key| !["id", "change", "course", "only"].contains(&key.as_str()));
    let below = |form: &str, word: &str| -> Vec<String> {
        keys(form)
            .iter()
            .map(|key| format!("{word}.{key}"))
            .collect()
    };
    own.chain(below("Course", "course"))
        .chain(below("Only", "only"))
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

/// A rung after ten minutes, a rollback after two hours, and the rest is well.
fn scenario(effect: Option<Value>) -> Value {
    let course = |after: &str, lasts: &str| json!({"from": "first-exposure", "after": after, "lasts": lasts});
    let add = |signal: &str, by: f64| json!({"add": {"signal": signal, "by": by}});
    let effects = [
        json!({"id": "crowd", "change": add("memory", 1000.0), "course": course("10m", "2m")}),
        json!({"id": "regression", "change": add("errors", 0.5), "hosts": "60%", "course": course("2h", "20m")}),
    ];
    let faults: Vec<Value> = effect.into_iter().collect();
    json!({"version": 1, "name": "ground", "world": {"file": "world.yaml"},
        "release": {"is": "bad", "effects": effects}, "faults": faults, "horizon": "24h"})
}

/// Puts everything together, or says that it is refused.
fn experiment(ground: &str, effect: Option<Value>) -> Result<Experiment, String> {
    let policy = load::policy("policy", policy(ground).as_bytes()).expect("the ground is sound");
    let world: World = load::world("world", WORLD.as_bytes())
        .expect("the ground is sound")
        .value;
    let text = scenario(effect).to_string();
    let scenario = coalmine::scenarios::read::<Scenario>("scenario", text.as_bytes());
    // What the form itself does not know is a mistake of this test.
    scenario.unwrap_or_else(|report| panic!("{report}"));
    let scenario =
        load::scenario("scenario", text.as_bytes()).map_err(|report| report.to_string())?;
    load::experiment_of(&policy, &scenario, &world)
        .map_err(|reports| reports.iter().map(ToString::to_string).collect())
}

/// What a rollout came to; `all` counts what is said about effects as well.
fn story(run: &Run, all: bool) -> (Vec<(SimTime, Event)>, Outcome, [u64; 2]) {
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

type Story = (Vec<(SimTime, Event)>, Outcome, [u64; 2]);

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

/// The effect, in full from the start on; what happens at one instant happens after 20 minutes.
fn effect(change: &str) -> Value {
    let example = example(change);
    let example = example.unwrap_or_else(|| panic!("`{change}` is new: write an example of it"));
    let change = if example.is_null() {
        json!(change)
    } else {
        json!({change: example})
    };
    json!({"id": "it", "change": change, "course": {"after": "0s"}})
}

/// Changes one key of an effect.
fn with(mut effect: Value, key: &str) -> Value {
    let value = turned(key).unwrap_or_else(|| panic!("`{key}` is new: say what it may become"));
    match key.split_once('.') {
        Some((form, key)) => effect[form][key] = value,
        None => effect[key] = value,
    }
    effect
}

const SUDDEN: [&str; 5] = [
    "counter-reset",
    "stray-updates",
    "promote",
    "hosts-lost",
    "controller-down",
];

/// Which of `keys` a ground neither reads nor refuses; all of them where nothing happens to the change there, and
/// none where the change is refused.
fn unread(ground: &str, change: &str, keys: &[String]) -> Option<Vec<String>> {
    let mut base = effect(change);
    if SUDDEN.contains(&change) {
        base["course"] = json!({"after": "20m"});
    }
    if change == "controller-down" || change == "hosts-lost" {
        base["course"]["lasts"] = json!("30m");
    }
    let known = stories(&experiment(ground, Some(base.clone())).ok()?);
    let bare = experiment(ground, None).expect("the ground is sound");
    if is_like(&bare, &known, false) {
        return Some(keys.to_vec());
    }
    let same = |key: &&String| {
        experiment(ground, Some(with(base.clone(), key)))
            .is_ok_and(|other| is_like(&other, &known, *key == "confirm"))
    };
    Some(keys.iter().filter(same).cloned().collect())
}

/// Keys that a change does not read and that it may have all the same, with the reason.
const KNOWN: [(&str, &str, &str); 0] = [];

/// Changes that a file may say and that are refused everywhere here, with the reason.
const REFUSED: [(&str, &str); 1] = [(
    "flawed-evidence",
    "it stands under `evidence:` and is refused as an effect",
)];

#[test]
fn each_key_of_each_effect_makes_another_history_or_is_refused() {
    let (mut found, keys) = (Vec::new(), all_keys());
    for change in self::keys("Change") {
        let known = |key: &&String| {
            let mut known = KNOWN.iter();
            !known.any(|(of, one, _)| *of == change && one == key)
        };
        let mut open: Vec<String> = keys.iter().filter(known).cloned().collect();
        let mut grounds = 0;
        for ground in GROUNDS {
            if open.is_empty() {
                break;
            }
            if let Some(unread) = unread(ground, &change, &open) {
                open = unread;
                grounds += 1;
            }
        }
        let refused = REFUSED.iter().any(|(refused, _)| *refused == change);
        assert_eq!(
            grounds == 0,
            refused,
            "`{change}` can be played in {grounds} grounds"
        );
        if grounds > 0 && !open.is_empty() {
            found.push(format!("{change}: {open:?}"));
        }
    }
    assert!(
        found.is_empty(),
        "root {ROOT}, accepted and ignored: {found:#?}"
    );
}
