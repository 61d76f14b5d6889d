//! What a guard has started and left behind: processes that have left its group and outlive it.
//!
//! Every process of a guard bears a mark in its environment, which whatever it starts inherits. Linux shows the environment
//! of one's own processes under `/proc`; elsewhere nothing is found. A process that has cleared its environment and left the
//! group is not found either.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// The variable that bears the mark.
pub const VARIABLE: &str = "COALMINE_GUARD";

/// What tells the processes of one guard from all others on this machine.
#[derive(Debug)]
pub struct GuardMark {
    guard: u64,
    started: AtomicU64,
}

/// How many guards this process has had.
static GUARDS: AtomicU64 = AtomicU64::new(0);

/// The mark of one process of a guard, and of what that has started.
#[derive(Clone, Debug)]
pub struct ProcessMark(String);

impl fmt::Display for ProcessMark {
    fn fmt(&self, into: &mut fmt::Formatter<'_>) -> fmt::Result {
        into.write_str(&self.0)
    }
}

impl GuardMark {
    /// A mark that no other guard has.
    pub fn new() -> Self {
        Self {
            guard: GUARDS.fetch_add(1, Ordering::Relaxed),
            started: AtomicU64::new(0),
        }
    }

    /// The mark of the next process.
    pub fn next(&self) -> ProcessMark {
        let process = self.started.fetch_add(1, Ordering::Relaxed);
        ProcessMark(format!("{}{process}.", self.prefix()))
    }

    fn prefix(&self) -> String {
        format!("{}.{}.", std::process::id(), self.guard)
    }

    /// Ends all that any process of this guard has left behind; nothing where it never started one.
    pub fn end_all(&self) {
        if self.started.load(Ordering::Relaxed) > 0 {
            end(&self.prefix());
        }
    }
}

impl ProcessMark {
    /// Ends all that this process has left behind.
    pub fn end_all(&self) {
        end(&self.0);
    }
}

/// Ends every process whose mark begins so, and looks again until there is none: one may have started another meanwhile.
#[cfg(target_os = "linux")]
fn end(mark: &str) {
    /// A process that starts others faster than they are ended is given up.
    const ROUNDS: usize = 50;
    for _ in 0..ROUNDS {
        if linux::end_once(&format!("{VARIABLE}={mark}")) == 0 {
            return;
        }
        linux::wait_a_little();
    }
}

#[cfg(not(target_os = "linux"))]
fn end(_: &str) {}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;

    use rustix::event::{Timespec, poll};
    use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

    /// A millisecond in which what was killed ends.
    pub fn wait_a_little() {
        let millisecond = Timespec {
            tv_sec: 0,
            tv_nsec: 1_000_000,
        };
        let _ = poll(&mut [], Some(&millisecond));
    }

    /// Ends what has a variable that begins so, and says how many there were.
    pub fn end_once(wanted: &str) -> usize {
        let Ok(all) = fs::read_dir("/proc") else {
            return 0;
        };
        let numbers = all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        numbers.filter(|pid| ended(*pid, wanted)).count()
    }

    /// Holds the process before it looks, so that what is ended is what was looked at. A zombie shows no environment.
    fn ended(number: i32, wanted: &str) -> bool {
        let bears = || {
            let environment = fs::read(format!("/proc/{number}/environ")).unwrap_or_default();
            let mut variables = environment.split(|byte| *byte == 0);
            variables.any(|variable| variable.starts_with(wanted.as_bytes()))
        };
        let (true, Some(pid)) = (bears(), Pid::from_raw(number)) else {
            return false;
        };
        let Ok(held) = pidfd_open(pid, PidfdFlags::empty()) else {
            return false;
        };
        bears() && pidfd_send_signal(held, Signal::KILL).is_ok()
    }
}
