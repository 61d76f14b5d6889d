//! A policy of our own form with its world and its scenarios, as the texts of files.

use serde_json::{Value as Json, json};

use super::form::NativeForm;
use crate::import::lower::assumed::Assumed;
use crate::import::lower::lowered::Lowered;
use crate::import::lower::world;
use crate::yaml;

/// The files, each with its name: the policy, the world that is assumed, a good and a bad release.
///
/// # Panics
/// Never: every part has text keys.
pub fn documents(
    (lowered, form): (&Lowered, &NativeForm),
    assumed: &Assumed,
    source: &str,
) -> Vec<(&'static str, String)> {
    let policy = serde_json::to_value(&form.policy).expect("a policy has text keys");
    let mut assumed_world = world::world(lowered, assumed);
    assumed_world["fleet"]["update"]["takes"] = json!({"constant": form.update.exact()});
    let release = |release: &str| {
        let mut scenario = world::scenario(lowered, assumed, release);
        scenario["world"] = json!({"file": "world.yaml"});
        if form.policy.stages.len() > lowered.policy.stages.len() {
            scenario["horizon"] = Json::String(lowered.horizon.saturating_mul(2).exact());
        }
        yaml(&scenario)
    };
    let told = world::words(lowered, assumed);
    vec![
        ("policy.yaml", head(lowered, form, source) + &yaml(&policy)),
        ("world.yaml", commented(&told[..1]) + &yaml(&assumed_world)),
        ("good.scenario.yaml", release("good")),
        ("bad.scenario.yaml", release("bad")),
    ]
}

/// What stands above the policy: what it was made of, how its metrics are understood, and what it does otherwise.
fn head(lowered: &Lowered, form: &NativeForm, source: &str) -> String {
    let mut lines = vec![format!(
        "Made by coalmine import of {}, in {source}.",
        lowered.subject
    )];
    let metrics = lowered.meanings.iter();
    lines.extend(metrics.map(|it| format!("{} is taken to measure: {}.", it.metric, it.words)));
    lines.extend(lowered.notes.iter().map(|note| format!("Note: {note}.")));
    lines.extend(form.differs.iter().map(|what| format!("Differs: {what}.")));
    commented(&lines)
}

/// Comments of whole lines; a line break in a name is none in the file.
fn commented(lines: &[String]) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let line = |line: &String| format!("# {}\n", line.chars().map(plain).collect::<String>());
    lines.iter().map(line).collect()
}
