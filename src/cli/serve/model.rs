//! What the page shows before anything is played: the policy, its numbers, its scenarios.

use scenarios::Verdict;
use scenarios::search_space::{Tunable, values_around};
use serde_json::{Value, json};

use super::explored::Explored;
use crate::cli::resolve::ChosenScenario;
use crate::cli::tune::space;

/// Returns it.
pub fn model(explored: &Explored) -> Value {
    let policy = &explored.today.policy;
    let value = &policy.document.value;
    let all = [numbers(explored), assumptions(explored)].concat();
    json!({
        "name": value.name,
        "profile": crate::study::profile_word(value.profile),
        "description": value.description,
        "named": policy.named,
        "words": policy.words(),
        "seed": explored.seed.to_string(),
        "library": policy.library.map(|(system, _)| system.name),
        "subject": policy.foreign.as_ref().map(|foreign| foreign.lowered.subject.clone()),
        "scenarios": explored.today.scenarios.iter().map(scenario).collect::<Vec<_>>(),
        "regressions": explored.regressions,
        "numbers": all,
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
fn numbers(explored: &Explored) -> Vec<Value> {
    let space = space(&explored.today.policy, &[]);
    let all = space.map_or_else(|_| Vec::new(), |space| space.tunables());
    let is_foreign = explored.today.policy.foreign.is_some();
    let number = |tunable: &Tunable| {
        let path = &tunable.place.path;
        let (group, item, label) = if is_foreign {
            foreign(path)
        } else {
            named(path)
        };
        json!({
            "path": path, "group": group, "item": item, "label": label,
            "written": tunable.place.written, "values": tunable.values, "at": tunable.at,
        })
    };
    all.iter().map(number).collect()
}

/// The object that a number of another product stands in, the thing in it, and its key.
fn foreign(path: &str) -> (&str, &str, String) {
    let (object, rest) = path.split_once('.').unwrap_or(("file", path));
    let (thing, key) = rest.rsplit_once('.').unwrap_or(("", rest));
    (object, thing, key.to_owned())
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
fn assumptions(explored: &Explored) -> Vec<Value> {
    if explored.today.policy.foreign.is_none() {
        return Vec::new();
    }
    let knob = |(path, written, label): &(&str, String, &str)| {
        let (values, at) = values_around(written)?;
        Some(json!({
            "path": path, "group": "assumed world", "item": "", "label": label,
            "written": written, "values": values, "at": at,
        }))
    };
    let knobs = explored.args.assume.knobs();
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
