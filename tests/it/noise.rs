//! Noise models through the command line: a scenario refers to a file.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::command::{Ran, coalmine, coalmine_in, json, plain};

/// A day of five minutes, in which errors are forty times as frequent for two hours.
fn model() -> String {
    let mut text = "version: 1\nname: a bad evening\nkind: {ratio: {base: 0.008}}\nnoise:\n  dependence:\n    \
                    blocks:\n      step: 5m\n      block: 2h\n      shared: 1\n      residuals:\n"
        .to_owned();
    for step in 0..288 {
        let residual = if (200..224).contains(&step) { 3.7 } else { 0.0 };
        writeln!(text, "        - {residual}").unwrap();
    }
    text
}

fn simulated(folder: &Path, scenario: &str) -> Ran {
    let args = [
        "simulate",
        "policy.yaml",
        "--scenario",
        scenario,
        "-n",
        "120",
        "--format",
        "json",
    ];
    coalmine_in(folder, &args)
}

#[test]
fn a_scenario_plays_the_history_that_its_model_file_holds() {
    let folder = plain();
    let good = fs::read_to_string(folder.path().join("good.scenario.yaml")).unwrap();
    let noise =
        "world: {file: world.yaml}\nnoise:\n  - {signal: errors, model: {file: x.noise.yaml}}";
    let noisy = good.replacen("world: {file: world.yaml}", noise, 1);
    fs::write(folder.path().join("noisy.scenario.yaml"), noisy).unwrap();
    let missing = simulated(folder.path(), "noisy");
    assert_eq!(missing.code, 3, "{missing:?}");
    assert!(
        missing.err.contains("CM040") && missing.err.contains("noisy.scenario.yaml:6"),
        "{missing:?}"
    );
    fs::write(folder.path().join("x.noise.yaml"), model()).unwrap();
    let lint = coalmine_in(folder.path(), &["lint", "."]);
    assert!(
        !lint.out.contains("error[") && lint.out.contains("0 errors"),
        "{lint:?}"
    );
    let calm = json(&simulated(folder.path(), "good"));
    let none = calm["outcomes"]["rolled_back"].as_u64().unwrap_or(0);
    assert_eq!(none, 0, "{calm}");
    // Two hours of a day are bad. A rollout of 65 minutes sees one block from anywhere, or with a
    // probability of 65/120 two; one block shows the bad hours with (24 + 13) / 288, two with
    // (48 + 13) / 288. That is 0.17: 21 of 120, with a standard deviation of 4.1.
    let noisy = json(&simulated(folder.path(), "noisy"));
    let back = noisy["outcomes"]["rolled_back"].as_u64().unwrap();
    assert!((5..=37).contains(&back), "{noisy}");
    // The same seed gives the same bytes with a history, too.
    assert_eq!(
        noisy["hash"],
        json(&simulated(folder.path(), "noisy"))["hash"]
    );
}

#[test]
fn the_schema_of_noise_models_is_there_for_editors() {
    let schema = json(&coalmine(&["schema", "noise"]));
    assert!(schema["properties"]["kind"].is_object(), "{schema}");
    assert_eq!(schema["additionalProperties"], false);
}
