//! Every kind of study against a record: a change of the code that is to change no result leaves it as it is.
//!
//! What is recorded is a digest of the numbers of an answer, and of the hashes in it, in their order. Words, and the
//! names of fields, are no part of it: `transcripts` holds what is printed.

mod machine;
mod transcripts;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use scenarios::library;
use serde_json::Value;
use tempfile::TempDir;

use crate::command::{Ran, coalmine_in, json};

const PROFILES: [&str; 2] = ["as-written", "as-implemented"];

/// A campaign without a limit of time: that of `--smoke` ends a campaign early on a busy machine.
const CAMPAIGN: (&str, &str) = ("pins.campaign.yaml", include_str!("pins.campaign.yaml"));

/// For each system the numbers that are searched.
const VARIED: [(&str, &str); 8] = [
    ("wedge", "gates.error-rate-trigger.limit=3%..8%:3"),
    ("raptorq", "gates.ramp-p95.window=1..3:3:lin"),
    ("control-plane", "gates.latency_p95.limit=1000..1600:3"),
    ("optimize", "gates.internal-timeout-rate.limit=6%..12%:3"),
    ("cutover", "gates.crash-loop.limit=4..8:3:lin"),
    ("mobile", "gates.crashes.limit=1%..3%:3"),
    ("flags", "gates.errors-high.limit=1%..4%:3"),
    ("blue-green", "gates.errors.limit=1%..4%:3"),
];

/// For each system a signal that recordings are played for: a ratio, or a latency where none is read.
const RECORDED: [(&str, &str); 8] = [
    ("wedge", "error_rate=ratio.csv"),
    ("raptorq", "decode_latency=level.csv"),
    ("control-plane", "http_request_duration=level.csv"),
    ("optimize", "timeout_rate=ratio.csv"),
    ("cutover", "error_rate=ratio.csv"),
    ("mobile", "crashes=weeks.csv"),
    ("flags", "errors=ratio.csv"),
    ("blue-green", "errors=ratio.csv"),
];

/// A digest of what is added to it: FNV-1a over the text of each number, with a line's end after each.
struct Digest {
    state: u64,
    numbers: usize,
}

impl Digest {
    fn new() -> Self {
        Self {
            state: 0xcbf2_9ce4_8422_2325,
            numbers: 0,
        }
    }

    fn add(&mut self, number: &str) {
        for byte in number.bytes().chain(*b"\n") {
            self.state = (self.state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self.numbers += 1;
    }

    /// Adds the numbers of `value` in the order of the document, but for the version of its form.
    fn add_json(&mut self, value: &Value) {
        match value {
            Value::Bool(said) => self.add(if *said { "1" } else { "0" }),
            Value::Number(number) => self.add(&number.to_string()),
            Value::String(text) if is_hash(text) => self.add(text),
            Value::Null | Value::String(_) => {}
            Value::Array(values) => values.iter().for_each(|value| self.add_json(value)),
            Value::Object(members) => {
                let counted = members.iter().filter(|(name, _)| *name != "version");
                counted.for_each(|(_, value)| self.add_json(value));
            }
        }
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:016x} over {} numbers", self.state, self.numbers)
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The service that `init` writes, and two days of recorded minutes with an incident and a gap.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let init = coalmine_in(folder.path(), &["init", "service"]);
    assert_eq!(init.code, 0, "{init:?}");
    for place in ["", "service"] {
        let place = folder.path().join(place);
        fs::write(place.join(CAMPAIGN.0), CAMPAIGN.1).unwrap();
        fs::write(place.join("ratio.csv"), recording("value,n", 1000, 5)).unwrap();
        let weeks = hourly(&recording("value,n", 1000, 5));
        fs::write(place.join("weeks.csv"), weeks).unwrap();
        fs::write(place.join("level.csv"), recording("value", 0, 91)).unwrap();
    }
    folder
}

fn recording(columns: &str, requests: u64, spread: u64) -> String {
    let mut text = format!("timestamp,{columns}\n");
    let minutes = (0..2 * 1440).filter(|at| !(2000..2100).contains(at));
    for at in minutes {
        let time = 1_772_325_000 + at * 60;
        let normal = if requests > 0 { 4 } else { 300 };
        let value = if (1200..1230).contains(&at) {
            900
        } else {
            normal + at * 37 % spread
        };
        if requests > 0 {
            writeln!(text, "{time},{},{requests}", value.min(100)).unwrap();
        } else {
            writeln!(text, "{time},{value}").unwrap();
        }
    }
    text
}

/// The same rows, an hour apart from each other: four months of them.
fn hourly(minutes: &str) -> String {
    let mut lines = minutes.lines();
    let mut text = format!("{}\n", lines.next().unwrap());
    for (hour, line) in lines.enumerate() {
        let (_, row) = line.split_once(',').unwrap();
        writeln!(text, "{},{row}", 1_772_325_000 + hour * 3600).unwrap();
    }
    text
}

/// One line of the record: the answer of a command in JSON.
fn line(folder: &Path, name: &str, words: &str) -> String {
    let ran: Ran = coalmine_in(
        folder,
        &split(&format!("{words} -q --format json --seed 7")),
    );
    assert!([0, 4, 99].contains(&ran.code), "{words}: {ran:?}");
    let mut digest = Digest::new();
    digest.add_json(&json(&ran));
    format!("{name} exits {} {digest}\n", ran.code)
}

fn split(words: &str) -> Vec<&str> {
    words.split_whitespace().collect()
}

/// The record of all commands that play, as it is now.
fn commands() -> String {
    let folder = folder();
    let service = folder.path().join("service");
    let mut lines = String::new();
    let mut add = |folder: &Path, name: &str, words: &str| lines += &line(folder, name, words);
    for system in library::systems() {
        let name = system.name;
        for profile in PROFILES {
            add(
                folder.path(),
                &format!("chaos {name} {profile}"),
                &format!("chaos {name} --campaign pins.campaign.yaml --profile {profile}"),
            );
        }
        each_kind(name, &mut |kind, words| {
            add(folder.path(), &format!("{kind} {name}"), words);
        });
    }
    add(
        &service,
        "chaos init",
        "chaos policy.yaml --campaign pins.campaign.yaml",
    );
    add(&service, "simulate init", "simulate policy.yaml -n 5");
    add(
        &service,
        "curve init",
        "curve policy.yaml -s step-regression -n 20 --points 3",
    );
    add(
        &service,
        "tune init",
        "tune policy.yaml --vary gates.errors-high.limit=0.8%..2%:3 --vary gates.errors-high.over=5m..20m:2 \
         --runs 300 --confirm 2",
    );
    add(
        &service,
        "backtest init",
        "backtest policy.yaml errors=ratio.csv --population canary -n 2 --every 2h",
    );
    add(&service, "mutate init", "mutate policy.yaml -n 300");
    crate::rare::write(folder.path(), 4, 0.1);
    add(
        folder.path(),
        "rare",
        "simulate runs.policy.yaml -s good --rare false_rollback -n 20",
    );
    lines
}

/// The kinds of study that a system of the library is pinned in, apart from campaigns.
fn each_kind(system: &str, add: &mut dyn FnMut(&str, &str)) {
    let of = |table: &[(&str, &'static str)]| {
        let row = table.iter().find(|(name, _)| *name == system);
        row.unwrap_or_else(|| panic!("{system} has no row")).1
    };
    add("simulate", &format!("simulate {system} -n 5"));
    add(
        "compare",
        &format!("compare {system} {system}:as-implemented -n 5"),
    );
    add(
        "curve",
        &format!("curve {system} -s step-regression -n 20 --points 3"),
    );
    add(
        "tune",
        &format!(
            "tune {system} --vary {} --runs 300 --confirm 2",
            of(&VARIED)
        ),
    );
    add(
        "backtest",
        &format!(
            "backtest {system} {} --population canary -n 2 --every 4h",
            of(&RECORDED)
        ),
    );
    add("mutate", &format!("mutate {system} -n 300"));
}

/// `COALMINE_WRITE_HASHES=1` writes the record anew after a change of results; the changelog says why they changed.
#[test]
fn every_kind_of_study_comes_to_the_numbers_of_the_record() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/pins/record.txt");
    let now = commands() + &machine::lines();
    if std::env::var_os("COALMINE_WRITE_HASHES").is_some() {
        fs::write(path, &now).unwrap();
    }
    let record = fs::read_to_string(path).unwrap();
    let pairs = record.lines().zip(now.lines());
    let moved: Vec<_> = pairs.filter(|(recorded, now)| recorded != now).collect();
    assert!(moved.is_empty(), "{moved:#?}");
    assert_eq!(record.lines().count(), now.lines().count());
}

#[test]
fn a_digest_hears_numbers_and_hashes_and_no_words() {
    let digest = |text: &str| {
        let mut digest = Digest::new();
        digest.add_json(&serde_json::from_str(text).unwrap());
        digest.to_string()
    };
    let plain = digest(r#"{"rate": 0.5, "hash": "0123456789abcdef", "is": "bad", "version": 1}"#);
    assert_eq!(
        plain,
        digest(r#"{"share": 0.5, "h": "0123456789abcdef", "is": "good", "version": 2}"#)
    );
    assert_ne!(
        plain,
        digest(r#"{"rate": 0.25, "hash": "0123456789abcdef"}"#)
    );
    assert_ne!(
        plain,
        digest(r#"{"rate": 0.5, "hash": "0123456789abcdee"}"#)
    );
    assert_ne!(
        plain,
        digest(r#"{"hash": "0123456789abcdef", "rate": 0.5}"#)
    );
    assert!(plain.ends_with("over 2 numbers"), "{plain}");
}
