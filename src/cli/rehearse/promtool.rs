//! promtool: the engine of Prometheus in virtual time.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use reports::artifact::Exposition;

use crate::cli::failure::Failure;
use crate::cli::resolve::read_file;

use super::result::Alarms;

/// For how long promtool may think about one batch.
const DEADLINE: Duration = Duration::from_secs(600);
/// The most that it may say.
const SAID: u64 = 16 << 20;

/// promtool, and the rules that it reads.
pub struct Promtool {
    rules: PathBuf,
    /// What stands in them.
    text: String,
}

impl Promtool {
    /// Finds promtool, and lets it read the rules.
    ///
    /// # Errors
    ///
    /// When it is not there, with what to install, and when it refuses the rules.
    pub fn find(rules: &Path) -> Result<Self, Failure> {
        let text = String::from_utf8_lossy(&read_file(rules)?).into_owned();
        let path = rules
            .canonicalize()
            .map_err(|error| Failure::input(format!("cannot read {}: {error}", rules.display())))?;
        let folder = tempfile::tempdir().map_err(|error| wrong(&error))?;
        let shown = path.display().to_string();
        let (code, said) = run(
            Path::new("promtool"),
            folder.path(),
            &["check", "rules", &shown],
        )?;
        if code != Some(0) {
            let why = said.lines().map(str::trim).filter(|line| !line.is_empty());
            let why: Vec<_> = why.take(5).collect();
            let what = format!("promtool refuses {}: {}", rules.display(), why.join("; "));
            return Err(Failure::input(what));
        }
        Ok(Self { rules: path, text })
    }

    /// Leaves out the series whose name, under which the rules know them, stands nowhere in the rules; none where the rules
    /// choose series by a pattern for names.
    pub fn asked_of(&self, mut all: Exposition, named: &dyn Fn(&str) -> String) -> Exposition {
        if self.text.contains("__name__") {
            return all;
        }
        for family in &mut all.families {
            let asked = |selector: String| {
                let named = named(&selector);
                let name = named.split('{').next().unwrap_or_default();
                // What is of the rollout itself is kept: it says for how long all are watched.
                name.starts_with("coalmine_") || self.text.contains(name)
            };
            let selectors = family.metrics.iter().map(|metric| {
                let all = metric.iter().map(|series| asked(family.selector(series)));
                all.collect()
            });
            let asked: Vec<Vec<bool>> = selectors.collect();
            for (metric, asked) in family.metrics.iter_mut().zip(asked) {
                let mut asked = asked.into_iter();
                metric.retain(|_| asked.next().unwrap_or(true));
            }
        }
        all
    }

    /// When each alert fired first in each rollout of a test.
    ///
    /// # Errors
    ///
    /// When promtool cannot take the test.
    pub fn fired(&self, test: &str) -> Result<BTreeMap<u64, Alarms>, Failure> {
        let folder = tempfile::tempdir().map_err(|error| wrong(&error))?;
        let rules = self.rules.display().to_string();
        let rules = serde_json::to_string(&rules).expect("a path is JSON");
        let text = format!("rule_files: [{rules}]\n{test}");
        std::fs::write(folder.path().join("test.yml"), text).map_err(|error| wrong(&error))?;
        let (_, said) = run(
            Path::new("promtool"),
            folder.path(),
            &["test", "rules", "test.yml"],
        )?;
        read(&said)
    }
}

fn wrong(error: &std::io::Error) -> Failure {
    Failure::unexpected(format!("promtool cannot be used: {error}"))
}

/// Runs promtool without a shell, in a folder of its own, and returns its code and what it said.
///
/// # Errors
///
/// When it is not there, with what to install, takes too long, or says too much.
pub fn run(
    program: &Path,
    folder: &Path,
    arguments: &[&str],
) -> Result<(Option<i32>, String), Failure> {
    let path = folder.join("said");
    let open = || File::create(&path).and_then(|file| Ok((file.try_clone()?, file)));
    let (out, err) = open().map_err(|error| wrong(&error))?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).env_clear();
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    command.stdin(Stdio::null()).stdout(out).stderr(err);
    let mut child = command.spawn().map_err(|_| {
        Failure::input(format!("there is no {}", program.display()))
            .help("install it: apt-get install prometheus, or https://prometheus.io/download")
    })?;
    let status = ended(&mut child, &path)?;
    let said = scenarios::reading::text(&path, SAID).unwrap_or_default();
    Ok((status.code(), said))
}

/// Waits for the end of a program that writes to `path`.
fn ended(child: &mut Child, path: &Path) -> Result<ExitStatus, Failure> {
    let end = Instant::now() + DEADLINE;
    loop {
        if let Some(status) = child.try_wait().map_err(|error| wrong(&error))? {
            return Ok(status);
        }
        let size = path.metadata().map_or(0, |file| file.len());
        if Instant::now() > end || size > SAID {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Failure::input("promtool took too long, or said too much")
                .help("rehearse fewer rollouts with -n, or fewer rules"));
        }
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// Reads what a test says whose expectations are never met: the expression, which holds the number of the rollout, and
/// the samples that it got.
fn read(said: &str) -> Result<BTreeMap<u64, Alarms>, Failure> {
    let mut fired: BTreeMap<u64, Alarms> = BTreeMap::new();
    let mut rollout = None;
    for line in said.lines().map(str::trim) {
        if line.starts_with("expr:") {
            let number = line.rsplit_once(" + 0 * ").map(|(_, rest)| rest);
            let digits = number.and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
            rollout = digits.and_then(|digits| digits.parse::<u64>().ok());
        } else if let (Some(samples), Some(number)) = (line.strip_prefix("got:"), rollout) {
            fired.insert(number, alerts(samples));
        } else if line.contains("error") && !line.starts_with("exp:") {
            return Err(Failure::input(format!(
                "promtool cannot take the series: {line}"
            )));
        }
    }
    Ok(fired)
}

/// The samples of one answer: `{alertname="A"} 3.6E+02, {alertname="B"} 4E+03`.
fn alerts(samples: &str) -> Alarms {
    let mut alerts = Alarms::new();
    for part in samples.split("{alertname=\"").skip(1) {
        if let Some((name, rest)) = part.split_once("\"} ") {
            let number = rest.trim().trim_end_matches(',').trim();
            if let Ok(seconds) = number.parse() {
                alerts.insert(name.to_owned(), seconds);
            }
        }
    }
    alerts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_promtool_got_is_read_by_rollout_and_alert() {
        // As promtool 2.42 writes it.
        let said = "  FAILED:\n    expr: \"min by (alertname) (x[600s:60s]) + 0 * 17\", time: 10m,\n        exp: nil\n        got: {alertname=\"CanaryErrors\"} 3.6E+02, {alertname=\"Slow\"} 1.1145E+04\n";
        let fired = read(said).expect("it is no error");
        let alerts = &fired[&17];
        assert_eq!(alerts["CanaryErrors"], 360.0);
        assert_eq!(alerts["Slow"], 11_145.0);
        assert!(
            read("Unit Testing:  test.yml\n  SUCCESS\n")
                .expect("it is no error")
                .is_empty()
        );
    }
}
