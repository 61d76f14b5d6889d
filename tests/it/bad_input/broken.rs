//! Files that are broken, each in one place.

use Break::{Swap, Whole};

use crate::command::PLAIN;

/// How a sound file is broken.
pub enum Break {
    /// This piece of text is replaced by that one.
    Swap(&'static str, &'static str),
    /// The whole file is replaced.
    Whole(Vec<u8>),
}

/// A broken file: what is wrong, which file it is, how it is broken, and the line to which the
/// finding points; 0 where no line of this file can be meant.
pub type Case = (&'static str, &'static str, Break, usize);

pub const POLICY: &str = "policy.yaml";

const SCENARIO: &str = "good.scenario.yaml";

const WORLD: &str = "world.yaml";

pub fn source(name: &str) -> &'static str {
    PLAIN.iter().find(|(known, _)| *known == name).unwrap().1
}

/// Text that is broken before anybody asks what it means.
pub fn broken_text() -> Vec<Case> {
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
pub fn broken_values() -> Vec<Case> {
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
pub fn broken_ranges() -> Vec<Case> {
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
pub fn broken_meaning() -> Vec<Case> {
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
