//! What the page shows before anything is played: the policy, its numbers, its scenarios.

use scenarios::Verdict;
use scenarios::search_space::{tunables, values_around};
use serde_json::{Value, json};

use super::lab::RolloutLab;
use crate::cli::resolve::ChosenScenario;

/// Returns it.
pub fn model(lab: &RolloutLab) -> Value {
    let policy = &lab.today.policy;
    let value = &policy.document.value;
    let is_foreign = policy.foreign.is_some();
    json!({
        "name": value.name,
        "profile": crate::study::profile_word(value.profile),
        "description": value.description,
        "named": policy.named,
        "words": policy.words(),
        "seed": lab.seed().to_string(),
        "library": policy.library.map(|(system, _)| system.name),
        "subject": policy.foreign.as_ref().map(|foreign| foreign.lowered.subject.clone()),
        "scenarios": lab.today.scenarios.iter().map(scenario).collect::<Vec<_>>(),
        "regressions": lab.regressions,
        "numbers": if is_foreign { assumptions(lab) } else { numbers(lab) },
    })
}

fn scenario(scenario: &ChosenScenario) -> Value {
    let form = &scenario.document.value;
    json!({
        "name": scenario.named,
        "release": match form.release.is { Verdict::Good => "good", Verdict::Bad => "bad" },
    })
}

/// Every number that `coalmine tune --vary` takes.
fn numbers(lab: &RolloutLab) -> Value {
    let all = tunables(&lab.today.policy.document);
    let number = |tunable: &scenarios::search_space::Tunable| {
        let path = &tunable.place.path;
        let (group, item, label) = named(path);
        json!({
            "path": path, "group": group, "item": item, "label": label,
            "written": tunable.place.written, "values": tunable.values, "at": tunable.at,
        })
    };
    all.iter().map(number).collect()
}

/// The keys below which there are lists of things with names.
const LISTS: [&str; 7] = [
    "gates", "stages", "classes", "evidence", "waivers", "ladder", "promises",
];

/// The group of a number, the thing in it, and what is said of it.
fn named(path: &str) -> (&str, &str, String) {
    let Some((group, rest)) = path.split_once('.') else {
        return ("policy", "", spoken(path));
    };
    let listed = LISTS
        .contains(&group)
        .then(|| rest.split_once('.'))
        .flatten();
    let (item, rest) = listed.unwrap_or(("", rest));
    (group, item, spoken(rest))
}

/// Keys as people say them.
fn spoken(keys: &str) -> String {
    let short = match keys {
        "breach.limit.absolute" => "limit",
        "breach.limit.times.factor" => "limit, times",
        "breach.limit.plus.margin" => "limit, margin",
        "over" => "looks back over",
        "min-samples" => "fewest samples",
        "target" => "exposure",
        "observe" => "observed for",
        "pause-after-windows" => "pauses after windows",
        "window.consecutive" => "breaches in a row",
        "window.sustained.over" => "breached for",
        other => other,
    };
    short.replace('.', " › ").replace('-', " ")
}

/// What is assumed of the world of a file that says nothing of it.
fn assumptions(lab: &RolloutLab) -> Value {
    let knobs = lab.args().assume.knobs();
    let knob = |(path, written, label): &(&str, String, &str)| {
        let (values, at) = values_around(written)?;
        Some(json!({
            "path": path, "group": "assumed world", "item": "", "label": label,
            "written": written, "values": values, "at": at,
        }))
    };
    knobs.iter().filter_map(knob).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_said_in_the_words_of_its_thing() {
        for (path, expect) in [
            (
                "gates.errors-high.breach.limit.absolute",
                ("gates", "errors-high", "limit"),
            ),
            ("stages.to-10.observe", ("stages", "to-10", "observed for")),
            ("rollback.deadline", ("rollback", "", "deadline")),
            ("evaluate-every", ("policy", "", "evaluate every")),
        ] {
            let (group, item, label) = named(path);
            assert_eq!((group, item, &label[..]), expect);
        }
    }
}
