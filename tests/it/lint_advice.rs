//! What lint advises is tried: a policy that follows the advice does what the advice says.

use std::fs;
use std::path::Path;

use crate::command::{coalmine_in, json, plain};

const POLICY: &str = "policy.yaml";
const RUNS: u64 = 400;

/// Replaces the first `old` of a file.
fn edit(folder: &Path, name: &str, old: &str, new: &str) {
    let path = folder.join(name);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{old} is not in {name}");
    fs::write(&path, text.replacen(old, new, 1)).unwrap();
}

/// The share of rollouts that are taken back.
fn taken_back(folder: &Path, scenario: &str) -> f64 {
    let runs = RUNS.to_string();
    let args = [
        "simulate",
        POLICY,
        "-s",
        scenario,
        "-n",
        &runs,
        "--format",
        "json",
        "--no-fail",
    ];
    let ran = coalmine_in(folder, &args);
    let report = json(&ran);
    let back = report["outcomes"]["rolled_back"].as_u64().unwrap_or(0);
    back as f64 / RUNS as f64
}

/// The findings of a code, each with its message, reason and help.
fn findings(folder: &Path, code: &str) -> Vec<String> {
    let ran = coalmine_in(folder, &["lint", POLICY, "--format", "json"]);
    let answer = json(&ran);
    let found = answer["findings"].as_array().unwrap().iter();
    found
        .filter(|found| found["code"] == code)
        .map(|found| format!("{} {} {}", found["message"], found["reason"], found["help"]))
        .collect()
}

/// Two requests a second reach the canary, 120 in the minute of the trigger's look-back; 0.2 % fail
/// normally, and the limit is 1 %: one look breaches when 2 of 120 fail, in 2.4 % of the looks.
fn thin(window: &str) -> tempfile::TempDir {
    let folder = plain();
    let at = folder.path();
    edit(
        at,
        "world.yaml",
        "requests-per-second: 200",
        "requests-per-second: 20",
    );
    edit(
        at,
        POLICY,
        "over: 5m\n    breach: {is: above, limit: {absolute: 0.05}}",
        "over: 1m\n    breach: {is: above, limit: {absolute: 1%}}",
    );
    edit(at, POLICY, "{consecutive: 2}", window);
    edit(
        at,
        POLICY,
        "min-samples: 100\n    on: {missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}\n    class",
        "min-samples: 1\n    on: {missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}\n    class",
    );
    folder
}

#[test]
fn a_gate_on_few_samples_cries_wolf_until_the_advice_is_followed() {
    let folder = thin("instant");
    let at = folder.path();
    // 1 - (1 - 0.024)^30 is half of the good releases, in the first stage alone.
    let before = taken_back(at, "good");
    assert!(
        before > 0.3,
        "{before} of the good releases are rolled back"
    );
    let advice = findings(at, "CM212");
    let advice = advice
        .iter()
        .find(|text| text.contains("about 120 come in `canary`"));
    let advice = advice.unwrap_or_else(|| panic!("{:?}", findings(at, "CM212")));
    let between = |before: &str, after: &str| {
        let (_, rest) = advice.split_once(before).unwrap();
        rest.split_once(after).unwrap().0.to_owned()
    };
    let (needed, over) = (
        between("`min-samples` of ", " "),
        between("look back ", " ("),
    );
    edit(at, POLICY, "over: 1m", &format!("over: {over}"));
    edit(
        at,
        POLICY,
        "min-samples: 1\n",
        &format!("min-samples: {needed}\n"),
    );
    let after = taken_back(at, "good");
    assert!(
        after < before / 3.0,
        "{before} before, {after} after: {advice}"
    );
    let caught = taken_back(at, "bad");
    assert!(
        caught > 0.99,
        "{caught} of the bad releases are rolled back"
    );
}

#[test]
fn a_sustained_window_is_not_told_to_switch_itself_off() {
    let folder = thin("{sustained: {over: 10m, mode: every}}");
    let at = folder.path();
    let told = findings(at, "CM212");
    assert!(
        !told
            .iter()
            .any(|text| text.contains("errors-high") || text.contains("120 come")),
        "{told:?}"
    );
    assert!(taken_back(at, "good") < 0.01);
    assert!(taken_back(at, "bad") > 0.99);
    // Six hundred samples never come in a minute: lint says so, and the bad release is let through.
    edit(at, POLICY, "min-samples: 1\n", "min-samples: 600\n");
    let off = findings(at, "CM216");
    assert!(
        off.iter()
            .any(|text| text.contains("about 120 come in stage `canary`")),
        "{off:?}"
    );
    assert_eq!(taken_back(at, "bad"), 0.0);
}

/// Ten minutes until the data arrive, and the stage lasts three: its gates judge what was before it.
#[test]
fn a_stage_that_ends_before_its_data_arrive_lets_a_bad_release_through() {
    let folder = plain();
    let at = folder.path();
    edit(at, "bad.scenario.yaml", "after: 10m", "after: 0s");
    assert!(findings(at, "CM240").is_empty());
    assert!(taken_back(at, "bad") > 0.99);
    edit(at, "world.yaml", "lag: 1s", "lag: 10m");
    edit(at, "world.yaml", "stale-after: 5m", "stale-after: 1h");
    let text = fs::read_to_string(at.join(POLICY)).unwrap();
    fs::write(
        at.join(POLICY),
        text.replace("observe: 30m", "observe: 3m")
            .replace("    approval: crew\n", "")
            .replace("min-samples: 100", "min-samples: 0")
            .replace("hold", "pass"),
    )
    .unwrap();
    assert_eq!(findings(at, "CM240").len(), 2);
    assert_eq!(taken_back(at, "bad"), 0.0);
}
