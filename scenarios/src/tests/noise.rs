//! Noise models: read, checked, and put in the place of a world's signals.

use std::fs;
use std::path::Path;

use crate::fixtures::{self, SCENARIO, WORLD, spoil};
use crate::{Document, NoiseModel, Report, Scenario, World, files, load};
use sim_core::telemetry::{Dependence, SignalKind};

/// A model with one of everything.
const MODEL: &str = "\
version: 1
name: errors of three weeks
kind: {ratio: {base: 0.004, correlation: 0.0002}}
noise:
  season:
    daily: [{cos: 0.2, sin: -0.1}, {cos: 0.05, sin: 0}]
    weekly: [{cos: 0.1, sin: 0.02}]
  dependence:
    blocks: {step: 5m, block: 15m, shared: 0.4, residuals: [0.1, -0.2, 0.05, 0.3]}
fitted-from: {source: errors.csv, begins: 2026-03-02T00:00Z, span: 20m, step: 5m, samples: 4}
";

#[track_caller]
fn refused(edits: &[(&str, &str)], code: &str, line: usize, says: &str) {
    let text = edits
        .iter()
        .fold(MODEL.to_owned(), |text, (old, new)| spoil(&text, old, new));
    let report = load::noise("x.noise.yaml", text.as_bytes()).expect_err("the model is wrong");
    let codes: Vec<_> = report.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [code], "{report}");
    let (begin, _) = report
        .positions(&report.diagnostics[0])
        .expect("it has a place");
    assert_eq!(begin.line, line, "{report}");
    assert!(report.to_string().contains(says), "{report}");
}

#[test]
fn a_model_with_one_of_everything_loads() {
    let model = load::noise("x.noise.yaml", MODEL.as_bytes())
        .unwrap_or_else(|report| panic!("{report}"))
        .value;
    let Some(Dependence::Blocks(blocks)) = &model.noise.dependence else {
        panic!("{model:?}")
    };
    assert_eq!(blocks.residuals, [0.1, -0.2, 0.05, 0.3]);
    // What is written again is read as the same.
    let json = serde_json::to_string(&model).unwrap();
    let again = load::noise("x.noise.json", json.as_bytes()).unwrap_or_else(|it| panic!("{it}"));
    assert_eq!(again.value, model);
}

#[test]
fn what_cannot_be_played_is_refused_where_it_stands() {
    refused(&[("version: 1", "version: 2")], "CM024", 1, "version");
    refused(
        &[("  season:", "  link: identity\n  season:")],
        "CM144",
        5,
        "a ratio moves by factors",
    );
    let check = |old, new, code, says| refused(&[(old, new)], code, 9, says);
    check(
        "block: 15m",
        "block: 12m",
        "CM145",
        "no whole number of steps",
    );
    check(
        "block: 15m",
        "block: 25m",
        "CM145",
        "longer than the history",
    );
    check(
        "block: 15m",
        "block: 0s",
        "CM145",
        "no whole number of steps",
    );
    check("shared: 0.4", "shared: 1.4", "CM140", "not between 0 and 1");
    check("[0.1, -0.2, 0.05, 0.3]", "[]", "CM145", "0 residuals");
    check("-0.2", "-200", "CM140", "not between -50 and 50");
    refused(
        &[
            ("step: 5m, block", "step: 1ms, block"),
            ("block: 15m", "block: 3ms"),
        ],
        "CM143",
        9,
        "less than 1s",
    );
    check("shared: 0.4", "shraed: 0.4", "CM020", "shared");
    let process = "autoregressive: {step: 5m, memory: 1, shared: 0, innovations: [1, 2]}";
    let line = MODEL.lines().nth(8).expect("the dependence").trim();
    check(line, process, "CM140", "not between 0 and 0.999");
}

/// A folder with a scenario and what it names.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn with_noise(noise: &str) -> Document<Scenario> {
    let text = spoil(
        SCENARIO,
        "world: {library: wedge}\n",
        &format!("world: {{file: sound.world.yaml}}\nnoise:\n{noise}"),
    );
    fixtures::scenario(&text)
}

fn world_of(noise: &str, files: &[(&str, &str)]) -> Result<World, Vec<Report>> {
    let folder = folder(&[&[("sound.world.yaml", WORLD)], files].concat());
    files::world_of(&with_noise(noise), folder.path())
}

#[track_caller]
fn wrong(noise: &str, code: &str, line: usize, says: &str) {
    let reports = world_of(noise, &[("x.noise.yaml", MODEL)]).expect_err("it does not fit");
    let codes: Vec<_> = reports
        .iter()
        .flat_map(|report| &report.diagnostics)
        .map(|found| found.code)
        .collect();
    assert_eq!(codes, [code], "{reports:?}");
    let (begin, _) = reports[0]
        .positions(&reports[0].diagnostics[0])
        .expect("it has a place");
    assert_eq!(begin.line, line, "{}", reports[0]);
    assert!(reports[0].to_string().contains(says), "{}", reports[0]);
}

#[test]
fn a_model_takes_the_place_of_what_the_world_says() {
    let noise = "  - {signal: errors, model: {file: x.noise.yaml}}\n  \
                 - {signal: timeouts, model: {file: x.noise.yaml}}\n";
    let world = world_of(noise, &[("x.noise.yaml", MODEL)]).unwrap_or_else(|it| panic!("{it:?}"));
    let model: NoiseModel = load::noise("x", MODEL.as_bytes()).unwrap().value;
    let [errors, _, _, _, timeouts] = &world.telemetry.signals[..] else {
        panic!("five signals")
    };
    assert_eq!((&errors.kind, &errors.noise), (&model.kind, &model.noise));
    assert!(errors.harms_users, "what is not in the model stays");
    // How many runs there are is the world's affair.
    let runs = SignalKind::RatioOfRuns {
        base: 0.004,
        runs_per_hour: 800.0,
        correlation: 0.0002,
    };
    assert_eq!((&timeouts.kind, &timeouts.noise), (&runs, &model.noise));
}

#[test]
fn a_model_that_does_not_fit_is_shown_in_the_scenario() {
    let of = |signal, file| format!("  - {{signal: {signal}, model: {{file: {file}}}}}\n");
    let twice = of("errors", "x.noise.yaml") + &of("errors", "x.noise.yaml");
    wrong(
        &of("errors", "y.noise.yaml"),
        "CM040",
        5,
        "cannot read the noise model",
    );
    wrong(
        &of("erors", "x.noise.yaml"),
        "CM102",
        5,
        "did you mean `errors`",
    );
    wrong(
        &of("memory", "x.noise.yaml"),
        "CM167",
        5,
        "a gauge in this world",
    );
    wrong(&twice, "CM101", 6, "errors");
}

#[test]
fn a_broken_model_is_shown_in_its_own_file_beside_what_is_wrong_in_the_scenario() {
    let noise = "  - {signal: errors, model: {file: x.noise.yaml}}\n  \
                 - {signal: nobody, model: {file: x.noise.yaml}}\n";
    let broken = spoil(MODEL, "shared: 0.4", "shared: 2");
    let reports = world_of(noise, &[("x.noise.yaml", &broken)]).expect_err("it is broken");
    let names: Vec<_> = reports.iter().map(|it| it.name.as_str()).collect();
    assert!(names[0].ends_with("x.noise.yaml"), "{names:?}");
    assert_eq!(names.last(), Some(&"scenario.yaml"), "{names:?}");
}

#[test]
fn an_inline_model_is_checked_with_its_scenario() {
    let inline = "  - signal: errors\n    model:\n      inline:\n        version: 1\n        \
                  name: x\n        kind: {ratio: {base: 1.5}}\n";
    let text = spoil(
        SCENARIO,
        "world: {library: wedge}\n",
        &format!("world: {{library: wedge}}\nnoise:\n{inline}"),
    );
    let report = load::scenario("s.yaml", text.as_bytes()).expect_err("no probability");
    assert_eq!(report.diagnostics[0].code, "CM140", "{report}");
    let (begin, _) = report.positions(&report.diagnostics[0]).unwrap();
    assert_eq!(begin.line, 10, "{report}");
}

#[test]
fn the_folder_of_the_scenario_is_where_models_are_looked_for() {
    let found = with_noise("  - {signal: errors, model: {file: x.noise.yaml}}\n");
    let reports = files::world_of(&found, Path::new("/nowhere")).expect_err("there is no folder");
    assert!(
        reports[0].to_string().contains("/nowhere"),
        "{}",
        reports[0]
    );
}
