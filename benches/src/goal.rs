//! Goals: figures that a bench must reach, and the file that says whether it did.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::{clock, home};

/// The root seed of every bench.
pub const SEED: u64 = 424_242;

/// The goals of one bench file, with what was measured.
pub struct Goals {
    bench: &'static str,
    rows: Vec<Value>,
}

impl Goals {
    /// No goals yet, for the bench file `bench`.
    pub const fn of(bench: &'static str) -> Self {
        Self {
            bench,
            rows: Vec::new(),
        }
    }

    /// Notes that `id` took `time` for each of `count` pieces, and should take at most `limit` each.
    pub fn at_most(&mut self, id: &str, time: Duration, count: u64, limit: Duration) {
        let each = time.as_secs_f64() / count as f64;
        let met = each <= limit.as_secs_f64();
        self.rows.push(json!({
            "id": id, "measured_s": each, "limit_s": limit.as_secs_f64(), "status": status(met),
        }));
        self.say(id, each, limit.as_secs_f64(), met);
    }

    /// Notes that `id` is `times` as fast as what it is compared with, and should be at least `limit` times.
    pub fn times_at_least(&mut self, id: &str, times: f64, limit: f64) {
        let met = times >= limit;
        self.rows.push(json!({
            "id": id, "measured_times": times, "limit_times": limit, "status": status(met),
        }));
        let line = format!(
            "{id}: {times:.1} times, at least {limit:.0}, {}",
            status(met)
        );
        self.tell(&line);
    }

    /// Notes a peak of memory of the whole process in MiB.
    pub fn memory_at_most(&mut self, id: &str, limit_mib: f64) {
        let Some(peak) = peak_mib() else { return };
        let met = peak <= limit_mib;
        self.rows.push(json!({
            "id": id, "measured_mib": peak, "limit_mib": limit_mib, "status": status(met),
        }));
        let line = format!(
            "{id}: {peak:.0} MiB, limit {limit_mib:.0} MiB, {}",
            status(met)
        );
        self.tell(&line);
    }

    fn say(&self, id: &str, each: f64, limit: f64, met: bool) {
        let line = format!(
            "{id}: {:.3e} s each, limit {limit:.3e} s, {}",
            each,
            status(met)
        );
        self.tell(&line);
    }

    #[expect(clippy::print_stderr, reason = "a bench talks to whoever runs it")]
    fn tell(&self, line: &str) {
        eprintln!("goal {}/{line} ({} time)", self.bench, clock::word());
    }

    /// Writes the verdicts; a folder that cannot be written is said and otherwise forgiven, because a
    /// bench must end with 0.
    #[expect(clippy::print_stderr, reason = "a bench talks to whoever runs it")]
    pub fn write(self) {
        let verdict = json!({
            "schema": "coalmine/bench/v1",
            "bench": self.bench,
            "run_id": run_id(),
            "seed": SEED,
            "clock": clock::word(),
            "goals": self.rows,
        });
        let written = home::verdicts().and_then(|folder| {
            let path = folder.join(format!("{}.json", self.bench));
            std::fs::write(&path, format!("{verdict:#}\n")).map(|()| path)
        });
        match written {
            Ok(path) => eprintln!("verdicts in {}", path.display()),
            Err(error) => eprintln!("verdicts could not be written: {error}"),
        }
    }
}

const fn status(met: bool) -> &'static str {
    if met { "ok" } else { "MISS" }
}

/// A name for this run, so that results left from another run are recognised: `COALMINE_RUN_ID`, or the
/// time and the process.
fn run_id() -> String {
    std::env::var("COALMINE_RUN_ID").unwrap_or_else(|_| {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        format!("{}-{}", now.as_secs(), std::process::id())
    })
}

fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
