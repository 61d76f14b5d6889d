//! Stored results of every kind, spoiled in every place: refused with a reason, or shown, and never a panic.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::Parser as _;
use serde_json::{Value, json};

use super::*;
use crate::cli::app::{Cli, answer_to};
use crate::cli::output::Format;

/// The commands that make a result of each kind, small ones.
const MADE: [(&str, &str); 9] = [
    ("study", "simulate policy.yaml -n 12"),
    ("run", "run policy.yaml --scenario bad"),
    (
        "compare",
        "compare policy.yaml policy.yaml --scenario good -n 8",
    ),
    ("curve", "curve policy.yaml --scenario bad --points 3 -n 8"),
    (
        "tune",
        "tune policy.yaml --vary gates.errors-high.limit=4%..5%:2 --runs 200 --confirm 8",
    ),
    ("mutate", "mutate policy.yaml --scenario good -n 300"),
    (
        "rare",
        "simulate policy.yaml --scenario good --rare false_rollback -n 4",
    ),
    ("backtest", "backtest policy.yaml past.csv --every 1h"),
    (
        "chaos",
        "chaos policy.yaml --scenario good --campaign small.yaml",
    ),
];

const FILES: [(&str, &str); 5] = [
    (
        "policy.yaml",
        include_str!("../../../tests/it/plain/policy.yaml"),
    ),
    (
        "world.yaml",
        include_str!("../../../tests/it/plain/world.yaml"),
    ),
    (
        "good.scenario.yaml",
        include_str!("../../../tests/it/plain/good.scenario.yaml"),
    ),
    (
        "bad.scenario.yaml",
        include_str!("../../../tests/it/plain/bad.scenario.yaml"),
    ),
    (
        "small.yaml",
        "version: 1\nname: small\ngenerators:\n  - calm: {runs: 4}\n  - alone: {runs: 20}\n",
    ),
];

fn make(folder: &Path, name: &str, line: &str) -> Value {
    let at = |word: &str| {
        let path = folder.join(word);
        let known = path.is_file();
        if known {
            path.display().to_string()
        } else {
            word.to_owned()
        }
    };
    let result = folder.join(format!("{name}.json"));
    let mut words: Vec<String> = vec!["coalmine".to_owned(), "-q".to_owned()];
    words.extend(line.split(' ').map(at));
    words.push("--out".to_owned());
    words.push(format!("json={}", result.display()));
    let cli = Cli::try_parse_from(&words).expect("the command line is well formed");
    answer_to(&cli).expect("it plays");
    let text = fs::read_to_string(result).expect("it was written");
    serde_json::from_str(&text).expect("results are JSON")
}

/// What can stand in the place of any value.
fn spoils(old: &Value) -> Vec<Value> {
    let mut spoils = vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(0),
        json!(3),
        json!(0.5),
        json!(1e15),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("NaN"),
        json!("\u{202e}::error::<b>"),
        json!([]),
        json!({}),
    ];
    match old {
        Value::Array(values) => {
            let twice: Vec<_> = values.iter().chain(values).cloned().collect();
            spoils.push(twice.into());
            spoils.push(values.iter().skip(1).cloned().collect::<Vec<_>>().into());
        }
        Value::Number(number) => {
            let number = number.as_f64().expect("a number");
            spoils.extend([json!(-number), json!(number * 1e6), json!(number + 1.0)]);
        }
        _ => {}
    }
    spoils
}

/// The paths of all values, of lists the first and the last alone.
fn places(value: &Value, at: &str, into: &mut BTreeSet<String>) {
    into.insert(at.to_owned());
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                places(
                    value,
                    &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
                    into,
                );
            }
        }
        Value::Array(values) if !values.is_empty() => {
            for number in BTreeSet::from([0, values.len() - 1]) {
                places(&values[number], &format!("{at}/{number}"), into);
            }
        }
        _ => {}
    }
}

fn without(result: &Value, place: &str) -> Value {
    let mut result = result.clone();
    let (parent, key) = place.rsplit_once('/').expect("not the root");
    match result.pointer_mut(parent) {
        Some(Value::Object(members)) => drop(members.shift_remove(key)),
        Some(Value::Array(values)) => drop(values.remove(key.parse().expect("a number"))),
        _ => {}
    }
    result
}

/// Shows the text in all forms; says what became of it.
fn shown(text: &str) -> Result<(), Failure> {
    let find = |value: &Value| kind("a result", value);
    let value = parse("a result", text)?;
    (find(&value)?.2)("a result", text)
}

/// A folder with everything that the commands of [`MADE`] read.
fn furnished() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    for (name, text) in FILES {
        fs::write(folder.path().join(name), text).expect("there is room");
    }
    let rows: String = (0..900)
        .map(|at| format!("{},{},1000\n", 1_772_325_000 + at * 60, at % 7))
        .collect();
    let past = format!("timestamp,value,n\n{rows}");
    fs::write(folder.path().join("past.csv"), past).expect("there is room");
    folder
}

/// The texts of a result in all its forms.
fn in_all_forms<R: Forms + DeserializeOwned>(result: &Value) -> Vec<(Format, String)> {
    let report: R = serde_json::from_value(result.clone()).expect("it was just written");
    let text = |format: &Format| match format {
        Format::Svg => report
            .charts()
            .iter()
            .map(|chart| Drawing::of(chart).file())
            .collect(),
        format => report.form(*format, Style::PLAIN),
    };
    R::formats()
        .iter()
        .map(|format| (*format, text(format)))
        .collect()
}

#[test]
fn no_form_of_a_result_is_empty_or_written_as_another_one() {
    let folder = furnished();
    for (name, line) in MADE {
        let result = make(folder.path(), name, line);
        let forms = match name {
            "study" => in_all_forms::<StudyReport>(&result),
            "run" => in_all_forms::<RunReport>(&result),
            "compare" => in_all_forms::<CompareReport>(&result),
            "curve" => in_all_forms::<CurveReport>(&result),
            "tune" => in_all_forms::<TuneReport>(&result),
            "mutate" => in_all_forms::<MutateReport>(&result),
            "rare" => in_all_forms::<RareReport>(&result),
            "backtest" => in_all_forms::<BacktestReport>(&result),
            "chaos" => in_all_forms::<ChaosReport>(&result),
            other => panic!("which kind is {other}?"),
        };
        assert!(forms.len() > 2, "{name}");
        for (at, (format, text)) in forms.iter().enumerate() {
            // A search that recommends nothing has no patch.
            assert!(
                !text.is_empty() || *format == Format::Patch,
                "{name} as {format:?}"
            );
            let same = forms[..at].iter().find(|(_, other)| other == text);
            assert_eq!(same.map(|(other, _)| *other), None, "{name} as {format:?}");
        }
    }
}

/// Makes each list of a result forty times as long as its first entry.
fn stretched(result: &mut Value, lists: &[&str]) {
    for list in lists {
        let all = result[*list].as_array_mut().expect("it is a list");
        let first = all.first().cloned().expect("it is not empty");
        *all = vec![first; 40];
    }
}

#[test]
fn a_ticket_has_at_most_fifteen_lines_whatever_is_broken() {
    let folder = furnished();
    let made = |wanted: &str| {
        let (name, line) = MADE
            .iter()
            .find(|(name, _)| *name == wanted)
            .expect("it is made");
        make(folder.path(), name, line)
    };
    let lines = |text: &str| text.lines().count();

    let mut study = made("study");
    stretched(&mut study, &["objectives", "invariants"]);
    for row in study["objectives"].as_array_mut().expect("a list") {
        row["status"] = json!("MISS");
    }
    for row in study["invariants"].as_array_mut().expect("a list") {
        (row["holds"], row["violated"]) = (json!(0), json!(0));
    }
    let study: StudyReport = serde_json::from_value(study).expect("as its schema says");
    let text = study.form(Format::Ticket, Style::PLAIN);
    assert!(
        text.contains("34 more objectives that are missed or undecided."),
        "{text}"
    );
    assert!(text.contains(" and 34 more."), "{text}");
    assert!(lines(&text) <= 15, "{text}");

    let mut chaos = made("chaos");
    stretched(&mut chaos, &["invariants"]);
    let verdicts = [
        "FAIL",
        "FAIL",
        "FAIL",
        "FAIL",
        "MISS",
        "INCONCLUSIVE",
        "KNOWN_LIMITATION",
    ];
    let rows = chaos["invariants"].as_array_mut().expect("a list");
    for (row, verdict) in rows.iter_mut().zip(verdicts.into_iter().cycle()) {
        (row["verdict"], row["waived"]) = (json!(verdict), json!(["on purpose"]));
        row["unsaid"] = if verdict == "FAIL" {
            json!(["a gap"])
        } else {
            json!([])
        };
    }
    chaos["findings"] = json!([{
        "invariant": chaos["invariants"][0]["id"], "verdict": "FAIL", "sentence": "It broke", "faults": ["one"],
        "faults_found": 1, "shrink_replays": 1, "at_s": 1.0, "rehearsal": 1, "replay": "coalmine replay x",
    }]);
    let chaos: ChaosReport = serde_json::from_value(chaos).expect("as its schema says");
    let text = chaos.form(Format::Ticket, Style::PLAIN);
    assert!(text.contains("more violated invariants."), "{text}");
    assert!(text.contains("more gaps."), "{text}");
    assert!(lines(&text) <= 15, "{text}");
}

#[test]
fn a_result_that_was_spoiled_anywhere_is_refused_or_shown_and_never_a_panic() {
    // All of them take minutes: each place gets others.
    spoil_everything(9);
}

/// Tries each `every`th spoil, beginning elsewhere in each place.
fn spoil_everything(every: usize) {
    let folder = furnished();
    let mut broken = Vec::new();
    for (name, line) in MADE {
        let result = make(folder.path(), name, line);
        assert!(shown(&result.to_string()).is_ok(), "{name} as it was made");
        let mut all = BTreeSet::new();
        places(&result, "", &mut all);
        for (number, place) in all.into_iter().enumerate() {
            let old = result.pointer(&place).expect("it is there");
            let mut tries: Vec<Value> = spoils(old)
                .into_iter()
                .skip(number % every)
                .step_by(every)
                .map(|spoil| {
                    let mut result = result.clone();
                    *result.pointer_mut(&place).expect("it is there") = spoil;
                    result
                })
                .collect();
            if !place.is_empty() {
                tries.push(without(&result, &place));
            }
            for spoiled in tries {
                let text = spoiled.to_string();
                let found = std::panic::catch_unwind(|| shown(&text).is_ok());
                if found.is_err() {
                    let now = spoiled.pointer(&place).cloned();
                    broken.push(format!("{name}{place}: {now:?}"));
                }
            }
        }
    }
    assert!(
        broken.is_empty(),
        "{} of\n{}",
        broken.len(),
        broken.join("\n")
    );
}
