//! Broken files: each is refused with its place, and nothing ever panics.

use std::fs;

use crate::command::{PLAIN, Ran, coalmine_in, plain};

/// How a sound file is broken.
enum Break {
    /// This piece of text is replaced by that one.
    Swap(&'static str, &'static str),
    /// The whole file is replaced.
    Whole(Vec<u8>),
}
use Break::{Swap, Whole};

/// A broken file: what is wrong, which file it is, how it is broken, and the line to which the
/// finding points; 0 where no line of this file can be meant.
type Case = (&'static str, &'static str, Break, usize);

const POLICY: &str = "policy.yaml";
const SCENARIO: &str = "good.scenario.yaml";
const WORLD: &str = "world.yaml";

fn source(name: &str) -> &'static str {
    PLAIN.iter().find(|(known, _)| *known == name).unwrap().1
}

/// Text that is broken before anybody asks what it means.
fn broken_text() -> Vec<Case> {
    let policy = source(POLICY);
    let windows = policy
        .replace("name: plain", "naem: plain")
        .replace('\n', "\r\n");
    let marked = format!("\u{feff}{}", policy.replace("name: plain", "naem: plain"));
    let utf16: Vec<u8> = policy.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bomb = bomb();
    vec![
        ("empty", POLICY, Whole(Vec::new()), 0),
        ("comments only", POLICY, Whole(b"# nothing\n\n".to_vec()), 0),
        ("null", POLICY, Whole(b"null\n".to_vec()), 1),
        ("a list", POLICY, Whole(b"- version: 1\n".to_vec()), 1),
        ("a word", POLICY, Whole(b"policy\n".to_vec()), 1),
        (
            "binary",
            POLICY,
            Whole((0..=255).cycle().take(4096).collect()),
            0,
        ),
        ("nul bytes", POLICY, Whole(vec![0; 100]), 0),
        ("utf-16", POLICY, Whole(utf16), 0),
        (
            "latin-1",
            POLICY,
            Whole(b"version: 1\nname: gr\xfc\xdfe\n".to_vec()),
            2,
        ),
        (
            "unknown key after a byte-order mark",
            POLICY,
            Whole(marked.into()),
            2,
        ),
        ("unknown key with CRLF", POLICY, Whole(windows.into()), 2),
        ("deep nesting", POLICY, Whole(vec![b'['; 1 << 19]), 1),
        ("10 MB of nesting", POLICY, Whole(vec![b'['; 10 << 20]), 0),
        (
            "10 MB of braces",
            POLICY,
            Whole("{a: ".repeat(2_500_000).into()),
            0,
        ),
        ("alias bomb", POLICY, Whole(bomb.into()), 0),
        (
            "an alias without anchor",
            POLICY,
            Swap("name: plain", "name: *nobody"),
            2,
        ),
        (
            "a tag of another tool",
            POLICY,
            Swap("name: plain", "name: !include x"),
            2,
        ),
        (
            "a tab",
            POLICY,
            Swap("  - id: errors-low", "\t- id: errors-low"),
            0,
        ),
        (
            "an unclosed quote",
            POLICY,
            Swap("name: plain", "name: \"plain"),
            0,
        ),
        (
            "an unclosed bracket",
            POLICY,
            Swap("prerequisites: [ticket]", "prerequisites: [ticket"),
            0,
        ),
        (
            "two documents",
            POLICY,
            Swap("name: plain", "name: plain\n---\nname: plain"),
            3,
        ),
        (
            "a duplicate key",
            POLICY,
            Swap("name: plain", "name: plain\nname: other"),
            3,
        ),
        (
            "broken JSON",
            POLICY,
            Whole(b"{\"version\": 1,\n \"name\": }".to_vec()),
            2,
        ),
    ]
}

/// Nine anchors of nine aliases each: a billion entries if somebody copied them.
fn bomb() -> String {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let below = format!("*a{}", level - 1);
        let aliases = [below.as_str(); 9].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    text
}

/// Values of the wrong shape.
fn broken_values() -> Vec<Case> {
    vec![
        ("unknown key", POLICY, Swap("name: plain", "naem: plain"), 2),
        ("missing key", POLICY, Swap("evaluate-every: 1m\n", ""), 1),
        (
            "wrong unit",
            POLICY,
            Swap("evaluate-every: 1m", "evaluate-every: 1parsec"),
            4,
        ),
        (
            "no unit",
            POLICY,
            Swap("evaluate-every: 1m", "evaluate-every: 60"),
            4,
        ),
        (
            "a negative time",
            POLICY,
            Swap("evaluate-every: 1m", "evaluate-every: -1m"),
            4,
        ),
        (
            "no time at all",
            POLICY,
            Swap("evaluate-every: 1m", "evaluate-every: 0s"),
            4,
        ),
        (
            "too long a time",
            POLICY,
            Swap("evaluate-every: 1m", "evaluate-every: 99999999999d"),
            4,
        ),
        (
            "not a number",
            POLICY,
            Swap("absolute: 0.01", "absolute: .nan"),
            16,
        ),
        (
            "infinity",
            POLICY,
            Swap("absolute: 0.01", "absolute: .inf"),
            16,
        ),
        (
            "a word for a number",
            POLICY,
            Swap("absolute: 0.01", "absolute: low"),
            16,
        ),
        (
            "a negative count",
            POLICY,
            Swap("min-samples: 100", "min-samples: -1"),
            18,
        ),
        (
            "1e308 samples",
            POLICY,
            Swap("min-samples: 100", "min-samples: 1e308"),
            18,
        ),
        (
            "yes for true",
            POLICY,
            Swap("must-exist: true", "must-exist: yes"),
            8,
        ),
    ]
}

/// Values out of their range.
fn broken_ranges() -> Vec<Case> {
    vec![
        (
            "more than 100 percent",
            POLICY,
            Swap("target: 10%", "target: 110%"),
            34,
        ),
        (
            "a fraction above 1",
            POLICY,
            Swap("target: 10%", "target: 1.1"),
            34,
        ),
        (
            "a negative percentage",
            POLICY,
            Swap("target: 10%", "target: -10%"),
            34,
        ),
        (
            "another version",
            POLICY,
            Swap("version: 1", "version: 2"),
            1,
        ),
        (
            "an unknown word",
            POLICY,
            Swap("rounding: up", "rounding: upwards"),
            5,
        ),
        (
            "an unknown form",
            POLICY,
            Swap("window: instant", "window: {sometimes: 3}"),
            17,
        ),
        (
            "two forms at once",
            POLICY,
            Swap("{consecutive: 2}", "{consecutive: 2, sustained: 5m}"),
            26,
        ),
        (
            "a quantile of 150 %",
            POLICY,
            Swap("measure: ratio", "measure: {quantile: 1.5}"),
            13,
        ),
        ("no stage", POLICY, Whole(without_stages().into()), 32),
        ("no host", WORLD, Swap("hosts: 20", "hosts: 0"), 4),
        (
            "too many hosts",
            WORLD,
            Swap("hosts: 20", "hosts: 1000000000000"),
            4,
        ),
        (
            "1e308 requests",
            WORLD,
            Swap("requests-per-second: 200", "requests-per-second: 1e308"),
            13,
        ),
        (
            "a negative share",
            WORLD,
            Swap("part: 100%", "part: -1%"),
            6,
        ),
        (
            "an endless horizon",
            SCENARIO,
            Swap("horizon: 6h", "horizon: 999999d"),
            6,
        ),
        (
            "no horizon",
            SCENARIO,
            Swap("horizon: 6h", "horizon: 0s"),
            6,
        ),
        (
            "neither good nor bad",
            SCENARIO,
            Swap("is: good", "is: fine"),
            5,
        ),
    ]
}

/// The policy with an empty list of stages in the line where they begin.
fn without_stages() -> String {
    let (before, rest) = source(POLICY).split_once("stages:\n").unwrap();
    let (_, after) = rest.split_once("rollback:\n").unwrap();
    format!("{before}stages: []\nrollback:\n{after}")
}

/// Documents that are well formed and make no sense.
fn broken_meaning() -> Vec<Case> {
    vec![
        (
            "a duplicate gate",
            POLICY,
            Swap("- id: errors-high", "- id: errors-low"),
            20,
        ),
        (
            "a duplicate stage",
            POLICY,
            Swap("- id: full", "- id: canary"),
            41,
        ),
        (
            "stages out of order",
            POLICY,
            Swap("target: 100%", "target: 5%"),
            42,
        ),
        (
            "an unknown gate",
            POLICY,
            Swap("criteria: [errors-low]", "criteria: [errors-lwo]"),
            38,
        ),
        (
            "an unknown class",
            POLICY,
            Swap("class: regression", "class: regresion"),
            29,
        ),
        (
            "unknown evidence",
            POLICY,
            Swap("prerequisites: [ticket]", "prerequisites: [tiket]"),
            9,
        ),
        (
            "an unknown signal",
            POLICY,
            Swap("signal: errors", "signal: erors"),
            12,
        ),
        (
            "an unknown role",
            POLICY,
            Swap("approval: crew", "approval: crwe"),
            40,
        ),
        (
            "an unknown world",
            SCENARIO,
            Swap("{file: world.yaml}", "{library: wegde}"),
            4,
        ),
        (
            "a world file that is not there",
            SCENARIO,
            Swap("world.yaml", "word.yaml"),
            0,
        ),
        (
            "a fault on an unknown signal",
            SCENARIO,
            Swap("horizon: 6h", FAULT),
            9,
        ),
        (
            "parts that are not the whole",
            WORLD,
            Swap("part: 100%", "part: 60%"),
            0,
        ),
    ]
}

const FAULT: &str = "horizon: 6h\nfaults:\n  - id: gap\n    change: {outage: {signal: erors}}";

fn broken(case: &Case) -> Vec<u8> {
    let (_, name, how, _) = case;
    match how {
        Whole(bytes) => bytes.clone(),
        Swap(from, to) => {
            let text = source(name);
            assert!(text.contains(from), "{from} is not in {name}");
            text.replacen(from, to, 1).into_bytes()
        }
    }
}

/// Every broken file: what is wrong, which file of the plain ones it replaces, and its bytes.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str, Vec<u8>)> {
    let groups = [
        broken_text(),
        broken_values(),
        broken_ranges(),
        broken_meaning(),
    ];
    let cases = groups.into_iter().flatten();
    cases.map(|case| (case.0, case.1, broken(&case)))
}

fn play(case: &Case) -> Ran {
    let folder = plain();
    fs::write(folder.path().join(case.1), broken(case)).unwrap();
    coalmine_in(folder.path(), &["run", POLICY, "--scenario", "good"])
}

/// What is wrong with the answer to a broken file, if anything.
fn complaint(case: &Case) -> Option<String> {
    let (what, name, _, line) = case;
    let ran = play(case);
    let place = if *line == 0 {
        String::new()
    } else {
        format!("{name}:{line}:")
    };
    // What is printed stays readable even where the file is not.
    let visible = |c: char| c == '\n' || !c.is_control();
    let sound = ran.code == 3
        && ran.err.starts_with("error[CM")
        && ran.err.contains(&place)
        && !ran.err.contains("panicked")
        && ran.err.len() < 20_000
        && ran.err.chars().all(visible)
        && ran.out.is_empty();
    let shown: String = ran.err.chars().take(1000).collect();
    (!sound).then(|| format!("{what}: code {}, expected at {place}\n{shown}", ran.code))
}

#[track_caller]
fn check(cases: &[Case]) {
    let complaints: Vec<_> = cases.iter().filter_map(complaint).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

#[test]
fn the_plain_files_are_sound() {
    let ran = coalmine_in(plain().path(), &["run", POLICY, "--scenario", "good"]);
    assert_eq!(ran.code, 0, "{ran:#?}");
}

#[test]
fn broken_text_is_refused_with_its_place() {
    check(&broken_text());
}

#[test]
fn values_of_the_wrong_shape_or_size_are_refused_with_their_place() {
    check(&broken_values());
    check(&broken_ranges());
}

#[test]
fn documents_that_make_no_sense_are_refused_with_their_place() {
    check(&broken_meaning());
}

#[test]
fn there_are_at_least_forty_broken_files() {
    let count = files().count();
    assert!(count >= 40, "{count}");
}

#[test]
fn a_byte_order_mark_and_crlf_alone_are_no_mistake() {
    let folder = plain();
    let windows = format!("\u{feff}{}", source(POLICY).replace('\n', "\r\n"));
    fs::write(folder.path().join(POLICY), windows).unwrap();
    let ran = coalmine_in(folder.path(), &["run", POLICY, "--scenario", "good"]);
    assert_eq!(ran.code, 0, "{ran:#?}");
}

#[test]
fn a_folder_a_missing_file_and_a_broken_result_are_refused() {
    let folder = plain();
    fs::write(
        folder.path().join("result.json"),
        "{\"schema\": \"coalmine/run\",\n 7}",
    )
    .unwrap();
    for args in [
        &["run", ".", "--scenario", "good"][..],
        &["run", "missing.yaml", "--scenario", "good"],
        &["lint", "missing.yaml"],
        &["replay", "result.json"],
        &["replay", "missing.json"],
    ] {
        let ran = coalmine_in(folder.path(), args);
        assert_eq!(ran.code, 3, "{args:?}: {ran:#?}");
        assert!(ran.err.starts_with("error"), "{args:?}: {ran:#?}");
    }
    let replay = coalmine_in(folder.path(), &["replay", "result.json"]);
    assert!(replay.err.contains("result.json:2:2"), "{replay:#?}");
}

/// A file of a terabyte, of which the disk holds nothing, stands for one that never ends.
#[test]
fn no_command_reads_a_file_without_a_bound() {
    let folder = plain();
    for name in ["big.json", "big.csv", "big.yaml"] {
        let file = fs::File::create(folder.path().join(name)).unwrap();
        file.set_len(1 << 40).unwrap();
    }
    for line in [
        "report big.json",
        "replay big.json",
        "replay big.yaml",
        "explain big.yaml",
        "verify --cases big.json",
        "lint big.yaml",
        "run big.yaml --scenario good",
        "run policy.yaml --scenario big.yaml",
        "chaos policy.yaml --scenario good --campaign big.yaml",
        "backtest policy.yaml big.csv",
        "calibrate big.csv",
        "decide wedge --wedge big.json",
        "export packet big.json",
    ] {
        let args: Vec<&str> = line.split(' ').collect();
        let ran = coalmine_in(folder.path(), &args);
        assert_eq!(ran.code, 3, "{line}: {ran:?}");
        let said = ran.out + &ran.err;
        let bound = ["MiB", "bytes", "larger than", "too large", "at most"];
        assert!(
            bound.iter().any(|word| said.contains(word)),
            "{line}: {said}"
        );
    }
}
