//! `coalmine calibrate` from the outside: what is refused and what is written.

use std::fs;
use std::path::Path;

use crate::command::{Ran, coalmine_in, json, plain};

/// Writes a history of five-minute rows and calibrates it.
fn calibrate(rows: &[String], header: &str, more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "history.csv", rows, header);
    coalmine_in(
        folder.path(),
        &[&["calibrate", "history.csv"], more].concat(),
    )
}

fn write(folder: &Path, name: &str, rows: &[String], header: &str) {
    fs::write(
        folder.join(name),
        format!("{header}\n{}\n", rows.join("\n")),
    )
    .unwrap();
}

/// Numbers without order from a linear congruential generator (Knuth's MMIX), seed `seed`; evenly spread over
/// [0, 1).
fn uniforms(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    })
}

/// Rows of values; the first is at Monday 2023-11-13 00:00 UTC.
fn rows(count: usize, mut value: impl FnMut(usize, f64) -> String) -> Vec<String> {
    let row = |(k, u): (usize, f64)| format!("{},{}", 1_699_833_600 + 300 * k, value(k, u));
    uniforms(7).take(count).enumerate().map(row).collect()
}

fn noisy(count: usize) -> Vec<String> {
    rows(count, |_, u| format!("{:.4}", 20.0 + u))
}

#[track_caller]
fn refused(ran: &Ran, code: &str, words: &str, help: &str) {
    assert_eq!(ran.code, 3, "{ran:#?}");
    for expected in [
        &format!("error[{code}]"),
        words,
        help,
        "help:",
        "history.csv",
    ] {
        assert!(
            ran.err.contains(expected),
            "`{expected}` is not in {ran:#?}"
        );
    }
}

#[test]
fn each_broken_history_is_refused_with_what_to_do() {
    let plain = |rows: &[String]| calibrate(rows, "timestamp,value", &[]);
    let sound = noisy(2000);
    refused(
        &plain(&sound[..1]),
        "CM315",
        "one value",
        "export several days",
    );
    refused(
        &plain(&sound[..150]),
        "CM321",
        "200 values over 30 blocks",
        "--block",
    );
    refused(
        &plain(&rows(2000, |_, _| "3".into())),
        "CM320",
        "constant: 2000 times 3",
        "3/n",
    );
    let gap: Vec<_> = sound[..500].iter().chain(&sound[700..]).cloned().collect();
    refused(
        &plain(&gap),
        "CM314",
        "200 of 2000 samples are missing in 1 gap,",
        "--exclude 2023-11-14T17:40:00Z..2023-11-15T10:15:00Z",
    );
    let twice: Vec<_> = sound
        .iter()
        .flat_map(|row| [row.clone(), row.clone()])
        .collect();
    refused(
        &plain(&twice),
        "CM312",
        "2000 rows are there twice",
        "sort -u",
    );
    let torn: Vec<_> = sound[1000..]
        .iter()
        .chain(&sound[..1000])
        .cloned()
        .collect();
    refused(
        &plain(&torn),
        "CM311",
        "stand behind a later one",
        "sort -t, -k1,1",
    );
}

#[test]
fn each_history_of_strange_values_is_refused_with_what_to_do() {
    let plain = |rows: &[String]| calibrate(rows, "timestamp,value", &[]);
    let with = |word: &'static str| {
        rows(2000, |k, u| {
            if k % 20 == 0 {
                word.into()
            } else {
                format!("{:.4}", 20.0 + u)
            }
        })
    };
    refused(
        &plain(&with("")),
        "CM310",
        "100 of 2000 values are absent",
        "--exclude",
    );
    // What divides nothing by nothing is an interval without traffic, and no flaw of a history.
    let idle = plain(&with("NaN"));
    assert!([0, 99].contains(&idle.code), "{idle:?}");
    let units = rows(2000, |k, u| {
        if k < 900 {
            format!("{u}ms")
        } else {
            format!("{u}s")
        }
    });
    refused(
        &plain(&units),
        "CM307",
        "mixed units: `s` here, `ms` in the first row (and in 1099 more rows)",
        "one unit",
    );
    let scales = rows(2000, |k, u| {
        format!("{}", (20.0 + u) * if k % 400 < 100 { 0.001 } else { 1.0 })
    });
    refused(
        &plain(&scales),
        "CM326",
        "and none lies in between",
        "one unit",
    );
    refused(
        &plain(&rows(2000, |_, u| format!("{:.3}", 0.01 * u))),
        "CM322",
        "nothing says of how many",
        "--kind gauge",
    );
    refused(
        &plain(&rows(2000, |k, u| {
            format!("{}", (10.0 * u) as i64 - i64::from(k % 50 == 0) * 20)
        })),
        "CM323",
        "40 of 2000 values are negative",
        "increase",
    );
    refused(
        &plain(&rows(2000, |_, u| format!("{}", 50 + (3.0 * u) as u64))),
        "CM330",
        "variance / mean is 0.01",
        "--kind gauge",
    );
    let step = rows(4000, |k, u| {
        format!("{:.4}", 20.0 + u + if k < 2000 { 0.0 } else { 0.4 })
    });
    refused(
        &plain(&step),
        "CM327",
        "the level differs between the halves",
        "--exclude",
    );
    let swing = rows(4000, |k, u| {
        format!(
            "{:.4}",
            20.0 + u + 2.0 * f64::from(u32::from(k / 700 % 2 == 0))
        )
    });
    refused(&plain(&swing), "CM328", "the level wanders", "control");
}

#[test]
fn ratios_need_denominators_that_are_theirs() {
    let with_n = |value: &dyn Fn(f64) -> f64| rows(2000, |_, u| format!("{:.6},1000", value(u)));
    let averaged = calibrate(&with_n(&|u| 0.01 + 0.0005 * u), "timestamp,value,n", &[]);
    refused(
        &averaged,
        "CM324",
        "the ratio varies less than chance allows",
        "increase",
    );
    let above = calibrate(
        &with_n(&|u| 1500.0 * u),
        "timestamp,value,n",
        &["--kind", "ratio"],
    );
    refused(&above, "CM325", "values are above their n", "bad requests");
    let none = calibrate(&noisy(2000), "timestamp,value", &["--kind", "ratio"]);
    refused(
        &none,
        "CM322",
        "nothing says of how many requests",
        "column `n`",
    );
}

#[test]
fn a_refusal_is_json_too_and_points_to_its_line() {
    let mut rows = noisy(2000);
    rows[10] = "yesterday,3".to_owned();
    let ran = calibrate(&rows, "timestamp,value", &["--format", "json"]);
    assert_eq!(ran.code, 3, "{ran:#?}");
    let history = &json(&ran)["histories"][0];
    assert_eq!(history["verdict"], "refused");
    assert_eq!(
        (
            &history["findings"][0]["code"],
            &history["findings"][0]["line"]
        ),
        (&"CM304".into(), &12.into())
    );
}

#[test]
fn a_sound_history_is_told_in_a_page_and_gives_a_model_that_a_scenario_takes() {
    let folder = plain();
    let errors = rows(4032, |_, u| format!("{},2000", (40.0 * u) as u64));
    write(folder.path(), "errors.csv", &errors, "timestamp,value,n");
    let ran = coalmine_in(
        folder.path(),
        &[
            "calibrate",
            "errors.csv",
            "--out",
            "noise=errors.noise.yaml",
        ],
    );
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:#?}");
    let lines: Vec<_> = ran.out.lines().collect();
    assert!(
        lines.len() <= 35 && lines.iter().all(|line| line.chars().count() <= 80),
        "{}",
        ran.out
    );
    for words in [
        "errors.csv: accepted",
        "intra-class correlation",
        "as predicted",
        "limit above",
        "errors.noise.yaml",
    ] {
        assert!(ran.out.contains(words), "`{words}` is not in {}", ran.out);
    }
    let world = fs::read_to_string(folder.path().join("world.yaml")).unwrap();
    let signal = world
        .lines()
        .find_map(|line| line.split("id: ").nth(1))
        .unwrap();
    let signal = signal.split([',', ' ', '}']).next().unwrap();
    let scenario = fs::read_to_string(folder.path().join("good.scenario.yaml")).unwrap();
    let with_noise = format!(
        "{scenario}\nnoise:\n  - {{signal: {signal}, model: {{file: errors.noise.yaml}}}}\n"
    );
    fs::write(folder.path().join("calm.scenario.yaml"), with_noise).unwrap();
    let played = coalmine_in(
        folder.path(),
        &[
            "run",
            "policy.yaml",
            "--scenario",
            "calm.scenario.yaml",
            "--no-fail",
        ],
    );
    assert_eq!(played.code, 0, "{played:#?}");
}

#[test]
fn several_histories_have_a_total_and_one_model_each() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.csv", &noisy(4032), "timestamp,value");
    write(
        folder.path(),
        "b.csv",
        &rows(4032, |_, u| format!("{}", (300.0 * u * u) as u64)),
        "timestamp,value",
    );
    write(
        folder.path(),
        "c.csv",
        &rows(4032, |_, _| "1".into()),
        "timestamp,value",
    );
    let ran = coalmine_in(folder.path(), &["calibrate", "a.csv", "b.csv", "c.csv"]);
    // One is refused: the answer is incomplete.
    assert_eq!(ran.code, 4, "{ran:#?}");
    assert!(
        ran.out.contains("All 2 accepted histories") && ran.out.contains("REFUSED CM320"),
        "{}",
        ran.out
    );
    let ran = coalmine_in(
        folder.path(),
        &["calibrate", "a.csv", "b.csv", "--out", "noise=x.yaml"],
    );
    assert_eq!(ran.code, 2, "{ran:#?}");
    assert!(
        ran.err.contains("a noise model is made of one") && !folder.path().join("x.yaml").exists()
    );
}

#[test]
fn summaries_and_requests_give_models_that_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let summary = r#"{"metrics": {"http_req_duration": {"med": 80, "p(95)": 220}, "http_reqs": {"count": 900}}}"#;
    fs::write(folder.path().join("k6.json"), summary).unwrap();
    let requests = rows(3000, |_, u| format!("{:.3}", 30.0 / (1.05 - u)));
    write(folder.path(), "requests.csv", &requests, "timestamp,value");
    for (name, kind) in [
        ("k6.json", &[][..]),
        ("requests.csv", &["--kind", "latency"]),
    ] {
        let args = [&["calibrate", name, "--format", "noise"], kind].concat();
        let ran = coalmine_in(folder.path(), &args);
        assert_eq!(ran.code, 0, "{ran:#?}");
        let read = scenarios::load::noise("model.noise.yaml", ran.out.as_bytes());
        assert!(read.is_ok(), "{}: {read:?}", ran.out);
    }
    let ran = coalmine_in(folder.path(), &["calibrate", "k6.json"]);
    assert!(
        ran.out
            .contains("p99 334.5 ms, and that to 30 %: 234.2 to 434.9 ms"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("warning[CM329] p99.9 is not in the summary"),
        "{}",
        ran.out
    );
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    let once = || calibrate(&noisy(2000), "timestamp,value", &["--format", "json"]);
    assert_eq!(once().out, once().out);
}
