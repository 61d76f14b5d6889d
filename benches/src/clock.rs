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

/// Times one call of `work` over all threads of the process, those that have ended included.
///
/// The system counts in hundredths of a second (`/proc/self/stat`), so the work should take seconds.
pub fn time_of_process(work: impl FnOnce()) -> Duration {
    let (wall, cpu) = (Instant::now(), of_process());
    work();
    match (cpu, of_process()) {
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

fn of_process() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in brackets may hold spaces; user and system time are fields 14 and 15 of the line.
    let fields = text.rsplit_once(')')?.1;
    let ticks: Vec<u64> = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse().ok())
        .collect();
    Some(Duration::from_millis(10 * ticks.iter().sum::<u64>()))
}

fn on_cpu() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}
