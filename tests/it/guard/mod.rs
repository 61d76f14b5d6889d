//! A guard in the place of the gates: a program of one's own decides, within bounds.
#![cfg(unix)]

mod bounds;
mod contract;
mod control_plane;
mod program;
mod recorded;

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{Ran, coalmine_in};

/// The policy of the worked page, its scenario and its guard, in a folder of their own.
pub struct Bench(TempDir);

/// What the page's policy says of its guard.
const OF_THE_PAGE: &str = "command: [sh, guard.sh]\n    protocol: json-lines\n    deadline: 2s\n    on: {crash: rollback, deadline: pause, no-decision: pause, too-much-output: pause}";

impl Bench {
    /// The worked example with another guard: the script, and what the policy says of it.
    pub fn new(script: &str, exec: &str) -> Self {
        let bench = Self(TempDir::new().unwrap());
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guard");
        let policy = fs::read_to_string(page.join("policy.yaml")).unwrap();
        assert!(policy.contains(OF_THE_PAGE), "the page has changed");
        let policy = policy.replace(OF_THE_PAGE, &exec.replace('\n', "\n    "));
        fs::write(bench.path().join("policy.yaml"), policy).unwrap();
        for (name, is) in [("regression", "bad"), ("healthy", "good")] {
            let text = fs::read_to_string(page.join("regression.scenario.yaml")).unwrap();
            let effects = text.split("  effects:").nth(1).unwrap();
            let (effects, rest) = effects.split_once("faults:").unwrap();
            let effects = if is == "bad" { effects } else { " []\n" };
            let text = format!(
                "version: 1\nname: {name}\nworld: {{library: wedge}}\nrelease:\n  is: {is}\n  effects:{effects}faults:{rest}"
            );
            fs::write(bench.path().join(format!("{name}.scenario.yaml")), text).unwrap();
        }
        fs::write(bench.path().join("guard.sh"), script).unwrap();
        bench
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn run(&self, words: &str) -> Ran {
        let words: Vec<_> = words.split_whitespace().collect();
        coalmine_in(self.path(), &words)
    }

    /// The result of a command as JSON.
    pub fn json(&self, words: &str) -> Value {
        let ran = self.run(&format!("{words} --format json"));
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    }
}

/// One rollout of the regression.
pub const RUN: &str = "run policy.yaml --scenario regression --allow-exec";
