//! Every engine on every workload, each in a process of its own, in turn, several times.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::table;
use crate::workload::ALL;

/// The engines that this program is linked with, and their versions.
const ENGINES: [(&str, &str); 4] = [
    ("coalmine", "0.1.0"),
    ("desque", "0.4.0"),
    ("simcore", "0.1.0"),
    ("nexosim", "1.0.0"),
];

/// What a run of everything came to.
#[derive(Serialize, Deserialize)]
pub struct Results {
    /// The processor, the compiler and the day.
    pub machine: String,
    /// The compiler.
    pub compiler: String,
    /// The day, in UTC.
    pub date: String,
    /// Runs of each case.
    pub rounds: usize,
    /// Engines and versions, in the order of the columns.
    pub engines: Vec<(String, String)>,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One engine on one workload.
#[derive(Serialize, Deserialize)]
pub struct Case {
    /// The workload.
    pub workload: String,
    /// The engine.
    pub engine: String,
    /// CPU seconds for one event, customer or rollout: each run, in order.
    pub seconds: Vec<f64>,
    /// What came out.
    pub outcome: Vec<u64>,
}

impl Case {
    /// The median of the runs.
    pub fn median(&self) -> f64 {
        let mut sorted = self.seconds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }
}

#[derive(Deserialize)]
struct Line {
    seconds: f64,
    outcome: Vec<u64>,
}

struct Options {
    rounds: usize,
    json: Option<PathBuf>,
    /// A program that plays the same workloads on an engine that this one is not linked with.
    also: Vec<(String, String, PathBuf)>,
    only: Option<String>,
}

/// Runs everything and prints the table.
pub fn run(words: &[&str]) -> Result<(), String> {
    let options = Options::read(words)?;
    let mut cases = BTreeMap::new();
    for round in 0..options.rounds {
        for (index, (workload, ..)) in ALL.iter().enumerate() {
            if options
                .only
                .as_ref()
                .is_some_and(|only| !workload.starts_with(only.as_str()))
            {
                continue;
            }
            for (engine, program) in options.players(workload)? {
                eprintln!("round {}: {workload} on {engine}", round + 1);
                let line = play(&program, &engine, workload)?;
                let case = cases
                    .entry((index, engine.clone()))
                    .or_insert_with(|| Case {
                        workload: (*workload).into(),
                        engine,
                        seconds: Vec::new(),
                        outcome: line.outcome.clone(),
                    });
                case.seconds.push(line.seconds);
            }
        }
    }
    let results = Results {
        machine: machine(),
        compiler: first_line(Command::new("rustc").arg("--version")),
        date: first_line(Command::new("date").args(["-u", "+%Y-%m-%d"])),
        rounds: options.rounds,
        engines: options.engines(),
        cases: cases.into_values().collect(),
    };
    if let Some(path) = &options.json {
        let text = serde_json::to_string_pretty(&results).map_err(|reason| reason.to_string())?;
        std::fs::write(path, text + "\n").map_err(|reason| reason.to_string())?;
    }
    print!("{}", table::markdown(&results));
    Ok(())
}

impl Options {
    fn read(words: &[&str]) -> Result<Self, String> {
        let mut options = Self {
            rounds: 5,
            json: None,
            also: Vec::new(),
            only: None,
        };
        for pair in words.chunks(2) {
            match pair {
                ["--rounds", number] => {
                    options.rounds = number.parse().map_err(|_| "--rounds wants a number")?;
                }
                ["--json", path] => options.json = Some(path.into()),
                ["--only", prefix] => options.only = Some((*prefix).into()),
                ["--also", program] => {
                    let named = first_line(Command::new(program).arg("version"));
                    let (engine, version) =
                        named.split_once(' ').ok_or("--also wants an engine")?;
                    options
                        .also
                        .push((engine.into(), version.into(), program.into()));
                }
                _ => return Err(format!("{} is not understood", pair.join(" "))),
            }
        }
        Ok(options)
    }

    fn engines(&self) -> Vec<(String, String)> {
        let own = ENGINES.map(|(name, version)| (name.to_owned(), version.to_owned()));
        let also = self
            .also
            .iter()
            .map(|(name, version, _)| (name.clone(), version.clone()));
        own.into_iter().chain(also).collect()
    }

    fn players(&self, workload: &str) -> Result<Vec<(String, PathBuf)>, String> {
        let here = std::env::current_exe().map_err(|reason| reason.to_string())?;
        let own = ENGINES
            .iter()
            .map(|(name, _)| ((*name).to_owned(), here.clone()));
        let also = self
            .also
            .iter()
            .map(|(name, _, program)| (name.clone(), program.clone()));
        let all = own.chain(also);
        Ok(if workload == "product" {
            all.take(1).collect()
        } else {
            all.collect()
        })
    }
}

fn play(program: &PathBuf, engine: &str, workload: &str) -> Result<Line, String> {
    let output = Command::new(program)
        .args(["one", engine, workload])
        .output()
        .map_err(|reason| format!("{}: {reason}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).map_err(|_| {
        let said = String::from_utf8_lossy(&output.stderr);
        format!("{engine} did not finish {workload}: {said}")
    })
}

fn first_line(command: &mut Command) -> String {
    let output = command
        .output()
        .map(|output| output.stdout)
        .unwrap_or_default();
    let text = String::from_utf8_lossy(&output);
    text.lines().next().unwrap_or("unknown").to_owned()
}

fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(
        || std::env::consts::ARCH.to_owned(),
        |(_, name)| name.to_owned(),
    )
}
