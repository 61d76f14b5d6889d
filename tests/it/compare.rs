//! Two policies on the same random numbers, through the binary.

use crate::command::{coalmine, coalmine_in, json, plain};

#[test]
fn a_policy_does_not_differ_from_itself_in_any_pair() {
    for scenario in ["suite", "step-regression"] {
        let args = ["compare", "wedge", "wedge:as-written", "-n", "20", "-s"];
        let ran = coalmine(&[&args[..], &[scenario, "--format", "json"]].concat());
        assert_eq!(ran.code, 0, "{ran:#?}");
        let report = json(&ran);
        assert_eq!(report["same"], true);
        for row in report["overall"].as_array().unwrap() {
            assert_eq!(row["difference"], 0.0, "{row}");
            assert_eq!((&row["more"], &row["less"]), (&0.into(), &0.into()));
            assert_eq!(row["verdict"], "no-difference-shown");
            assert!(row["most"].is_null());
        }
    }
}

/// A gate that any sample passes misses the bad release, and a replay shows the pair.
#[test]
fn a_policy_that_looks_away_is_worse_and_says_where() {
    let folder = plain();
    let text = std::fs::read_to_string(folder.path().join("policy.yaml")).unwrap();
    let blind = text
        .replace("absolute: 0.01", "absolute: 0.99")
        .replace("absolute: 0.05", "absolute: 0.99");
    assert_ne!(blind, text);
    std::fs::write(folder.path().join("blind.yaml"), blind).unwrap();
    let args = ["compare", "policy.yaml", "blind.yaml", "-n", "40"];
    let ran = coalmine_in(
        folder.path(),
        &[&args[..], &["--fail-if-worse", "--format", "json"]].concat(),
    );
    assert_eq!(ran.code, 99, "{ran:#?}");
    let report = json(&ran);
    let rows = report["overall"].as_array().unwrap();
    let missed = rows
        .iter()
        .find(|row| row["id"] == "missed_regression")
        .unwrap();
    assert_eq!(
        (&missed["verdict"], &missed["b"]),
        (&"worse".into(), &1.0.into())
    );
    let command = missed["most"]["replay"][1].as_str().unwrap();
    let words: Vec<_> = command.split(' ').skip(1).collect();
    let again = coalmine_in(
        folder.path(),
        &[&words[..], &["--no-fail", "--format", "json"]].concat(),
    );
    assert_eq!(json(&again)["outcome"], "completed", "{command}");
    assert_eq!(coalmine_in(folder.path(), &args).code, 0);
}

#[test]
fn what_is_compared_does_not_depend_on_the_number_of_threads() {
    let play = |threads| {
        let args = ["compare", "optimize", "optimize:as-implemented", "-n", "40"];
        coalmine(&[&args[..], &["--threads", threads, "--format", "json"]].concat()).out
    };
    assert_eq!(play("1"), play("3"));
}

#[test]
fn what_cannot_be_compared_is_told_with_a_way_on() {
    for (second, scenario, help) in [
        ("wedge:as-planned", "suite", "as-written and as-implemented"),
        ("wegde:as-written", "suite", "did you mean `wedge`?"),
        (
            "wedge:as-implemented",
            "step-regresion",
            "did you mean `step-regression`?",
        ),
        ("cutover", "healthy", "help:"),
    ] {
        let ran = coalmine(&["compare", "wedge", second, "-s", scenario]);
        assert_eq!(ran.code, 3, "{ran:#?}");
        assert!(ran.err.contains(help), "{ran:#?}");
    }
}
