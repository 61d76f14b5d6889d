//! What a terminal shows of a study: one screen, and everything where it is asked for.

use std::collections::{BTreeMap, BTreeSet};

use reports::ObjectiveStatus;
use scenarios::library;

use serde_json::Value;

use crate::command::{coalmine, command, ran};

fn simulate(system: &str, more: &[&str]) -> String {
    let study = ["simulate", system, "-n", "8", "--no-fail"];
    let ran = coalmine(&[&study[..], more].concat());
    assert!([0, 4].contains(&ran.code), "{ran:#?}");
    ran.out
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_study_is_told_in_25_lines_of_80_columns_with_its_verdict_its_worst_case_and_its_hash() {
    for system in library::systems() {
        let told = simulate(system.name, &[]);
        let lines: Vec<_> = told.lines().collect();
        assert!(lines.len() <= 25, "{} lines:\n{told}", lines.len());
        let replay = |line: &&&str| line.starts_with("  coalmine run");
        for line in lines.iter().filter(|line| !replay(line)) {
            assert!(line.chars().count() <= 80, "{line}");
        }
        let verdict = lines[1].split(':').next().unwrap();
        let verdicts = ["PASS", "KNOWN LIMITATION", "MISS", "INCONCLUSIVE", "FAIL"];
        assert!(verdicts.contains(&verdict), "{told}");
        // Where nothing failed there is no worst case to play again.
        let failed = ["KNOWN LIMITATION", "MISS", "FAIL"].contains(&verdict);
        assert!(!failed || lines.iter().any(|line| replay(&line)), "{told}");
        let result = parsed(&simulate(system.name, &["--format", "json"]));
        let hash = result["hash"].as_str().unwrap();
        assert!(told.contains(&format!("hash {hash};")), "{told}");
    }
}

#[test]
fn every_scenario_and_every_failure_is_told_where_everything_is_asked_for() {
    let told = simulate("wedge", &["-v"]);
    let wedge = library::system("wedge").unwrap();
    for (scenario, _) in wedge.scenarios {
        assert!(told.contains(scenario), "{scenario}: {told}");
    }
    assert!(told.contains("worst INV-ROLLBACK"), "{told}");
}

#[test]
fn a_campaign_is_told_in_45_lines_of_80_columns_findings_first() {
    let ran = coalmine(&["chaos", "wedge", "--smoke", "--no-fail"]);
    let told = &ran.out;
    let lines: Vec<_> = told.lines().collect();
    assert!(lines.len() <= 45, "{} lines:\n{told}", lines.len());
    let replay = |line: &&&str| line.starts_with("  coalmine chaos");
    for line in lines.iter().filter(|line| !replay(line)) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let place = |word: &str| {
        told.find(word)
            .unwrap_or_else(|| panic!("no {word}:\n{told}"))
    };
    assert!(place("FAIL") < place("Findings"), "{told}");
    assert!(place("Findings") < place("tolerated faults"), "{told}");
    assert!(place("tolerated faults") < place("Harm"), "{told}");
    assert!(place("Harm") < place("-v lists them"), "{told}");
    for word in ["beyond", "at most", "slack", "CHARACTERISED"] {
        assert!(!told.contains(word), "{word}:\n{told}");
    }
}

/// An invariant that is broken no more often than may be comes after what the verdict is about.
#[test]
fn the_first_sentence_is_about_what_decides_the_verdict() {
    let mut report: reports::StudyReport =
        serde_json::from_str(&simulate("wedge", &["--format", "json"])).unwrap();
    let failure = report.worst[0].clone();
    let of = |kind: &str, count: u64| reports::Failure {
        kind: kind.to_owned(),
        count,
        ..failure.clone()
    };
    let row = report.objectives[0].clone();
    let judged = |id: &str, status: ObjectiveStatus| reports::ObjectiveRow {
        id: id.to_owned(),
        status,
        ..row.clone()
    };
    report.worst = vec![
        of("INV-LIVE", 9),
        of("INV-ROLLBACK", 2),
        of("missed_regression", 3),
    ];
    for (objectives, expect) in [
        (
            vec![
                judged("INV-LIVE", ObjectiveStatus::Ok),
                judged("missed_regression", ObjectiveStatus::Miss),
            ],
            "missed_regression",
        ),
        (
            vec![
                judged("INV-LIVE", ObjectiveStatus::Ok),
                judged("missed_regression", ObjectiveStatus::Undecided),
            ],
            "missed_regression",
        ),
        (
            vec![
                judged("INV-LIVE", ObjectiveStatus::Miss),
                judged("missed_regression", ObjectiveStatus::Miss),
            ],
            "INV-LIVE",
        ),
        // The deadline is judged by the rate, and told by the invariant.
        (
            vec![
                judged("INV-LIVE", ObjectiveStatus::Ok),
                judged("rollback_within_deadline", ObjectiveStatus::Miss),
            ],
            "INV-ROLLBACK",
        ),
    ] {
        report.objectives = objectives;
        let first = report.worst_case().map(|failure| failure.kind.as_str());
        assert_eq!(first, Some(expect));
    }
}

/// What is said of an invariant as a whole.
const VERDICTS: [&str; 6] = [
    "FAIL",
    "INCONCLUSIVE",
    "MISS (gap)",
    "NOT EXERCISED",
    "KNOWN LIMITATION",
    "PASS",
];

/// Every verdict that an answer gives, by the invariant that it is given to: in a row, or in a sentence that lists them.
fn verdicts(told: &str) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut given: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for line in told.lines() {
        let said = VERDICTS.into_iter().find(|word| line.contains(word));
        let ids = line.split(|sign: char| !(sign.is_ascii_uppercase() || sign == '-'));
        for id in ids.filter(|word| word.starts_with("INV-")) {
            given.entry(id.to_owned()).or_default().extend(said);
        }
    }
    given
}

#[test]
fn an_invariant_has_one_verdict_in_a_whole_answer() {
    for (system, gap) in [
        ("cutover", "gap no-deadline: "),
        ("control-plane", "gap ladder-incomplete: "),
        ("raptorq", "gap no-deadline: "),
    ] {
        let args = ["chaos", system, "--smoke", "--no-fail", "-v"];
        let told = ran(command(&args).env("COLUMNS", "400").output().unwrap()).out;
        assert!(told.contains(gap), "{told}");
        let given = verdicts(&told);
        let in_rows = given.values().filter(|words| !words.is_empty()).count();
        assert!(in_rows >= 9, "{given:?}");
        for (id, words) in given {
            assert!(words.len() <= 1, "{system}: {id} is {words:?}: {told}");
        }
    }
}
