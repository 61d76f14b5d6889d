//! A page of each kind of result, made once for all tests.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use super::read;
use crate::command::{coalmine_in, plain};

/// A page of one kind of result, and the result.
pub struct Made {
    pub kind: &'static str,
    pub html: String,
    pub json: String,
}

/// What is played for each kind.
const KINDS: [(&str, &str); 9] = [
    ("simulate", "simulate policy.yaml -n 96 --no-fail"),
    ("a shipped system", "simulate wedge -n 24 --no-fail"),
    ("run", "run policy.yaml -s bad"),
    ("compare", "compare wedge wedge:as-implemented -n 8"),
    ("curve", "curve wedge -s step-regression -n 24 --points 4"),
    (
        "tune",
        "tune policy.yaml --vary gates.errors-high.limit=2%,4%,6% --vary gates.errors-high.window=1,2,4 --runs 2000",
    ),
    ("chaos", "chaos wedge --campaign small.yaml"),
    (
        "mutate",
        "mutate policy.yaml --operator limit-doubled --operator stage-removed --operator rounding-changed",
    ),
    ("backtest", "backtest policy.yaml past.csv --every 1h"),
];

/// A campaign with a part of everything.
const CAMPAIGN: &str = "version: 1
name: small
generators:
  - calm: {runs: 2}
  - alone: {runs: 30}
  - swarm: {runs: 12}
stop: {plateau: 1000}
shrink-replays: 20
";

/// Two days of minutes, the second of which begins with half an hour of errors.
fn recording() -> String {
    let mut text = "timestamp,value,n\n".to_owned();
    for minute in 0..2 * 1440 {
        let errors = if (1440..1470).contains(&minute) {
            100
        } else {
            5
        };
        writeln!(text, "{},{errors},1000", 1_772_325_000 + minute * 60).unwrap();
    }
    text
}

/// Returns a page of each kind.
pub fn kinds() -> &'static [Made] {
    static MADE: OnceLock<Vec<Made>> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = plain();
        fs::write(folder.path().join("small.yaml"), CAMPAIGN).unwrap();
        fs::write(folder.path().join("past.csv"), recording()).unwrap();
        KINDS
            .map(|(kind, line)| make(folder.path(), kind, line))
            .into()
    })
}

fn make(folder: &Path, kind: &'static str, line: &str) -> Made {
    let args = line.split(' ');
    let out = ["-q", "--out", "html=page.html", "--out", "json=result.json"];
    let args: Vec<&str> = args.chain(out).collect();
    let ran = coalmine_in(folder, &args);
    assert!([0, 4, 99].contains(&ran.code), "{kind}: {ran:#?}");
    Made {
        kind,
        html: read(folder, "page.html"),
        json: read(folder, "result.json"),
    }
}
