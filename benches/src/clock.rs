//! CPU time of this thread, because wall time on a shared machine measures the neighbours.

use std::time::{Duration, Instant};

/// Times one call of `work`.
///
/// Returns the CPU time of the calling thread where the system tells (Linux, through
/// `/proc/thread-self/schedstat`), otherwise the wall time.
pub fn time(work: impl FnOnce()) -> Duration {
    let (wall, cpu) = (Instant::now(), on_cpu());
    work();
    match (cpu, on_cpu()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => wall.elapsed(),
    }
}

/// Returns the smallest of three timings: the one that neighbours disturbed least.
pub fn best_of_three(mut work: impl FnMut()) -> Duration {
    (0..3).map(|_| time(&mut work)).min().unwrap_or_default()
}

/// Says whether times are CPU times.
pub fn word() -> &'static str {
    if on_cpu().is_some() { "cpu" } else { "wall" }
}

fn on_cpu() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}
