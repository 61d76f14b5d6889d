//! Ctrl-C and what a pipeline sends to end a job: stop after what is being played, report what there is.

use std::sync::atomic::{AtomicBool, Ordering};

use super::exit_code::ExitCode;
use crate::temporary;

static ASKED: AtomicBool = AtomicBool::new(false);
/// Whether somebody looks at the request: commands that are done at once do not.
static WATCHED: AtomicBool = AtomicBool::new(false);

/// Makes the first SIGINT or SIGTERM (and SIGHUP, unless somebody told the command to outlive its terminal) a
/// request to whoever watches. The second one, or the first where nobody does, ends the process; either way
/// nothing half written is left.
pub fn install() {
    // Without a handler a signal simply ends the process, which is no reason not to start.
    drop(on_signal(|| {
        if ASKED.swap(true, Ordering::Relaxed) || !WATCHED.load(Ordering::Relaxed) {
            temporary::sweep();
            std::process::exit(ExitCode::Interrupted.number().into());
        }
    }));
}

#[cfg(unix)]
fn on_signal(act: fn()) -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut wanted = vec![SIGINT, SIGTERM];
    if hangs_up() {
        wanted.push(SIGHUP);
    }
    let mut signals = signal_hook::iterator::Signals::new(wanted)?;
    let thread = std::thread::Builder::new().name("signals".to_owned());
    thread.spawn(move || signals.forever().for_each(|_| act()))?;
    Ok(())
}

/// Whether SIGHUP has its usual meaning: `nohup` ignores it, and it stays so. The first bit of the mask is the
/// first signal; where nobody tells, nothing is changed.
#[cfg(unix)]
fn hangs_up() -> bool {
    let status = scenarios::reading::text(std::path::Path::new("/proc/self/status"), 1 << 16);
    let status = status.unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 1 == 0)
}

#[cfg(not(unix))]
fn on_signal(act: fn()) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(act)
}

/// Says that the command looks at the request from now on, and returns its flag.
pub fn watch() -> &'static AtomicBool {
    WATCHED.store(true, Ordering::Relaxed);
    &ASKED
}

/// Whether somebody asked the command to stop.
pub fn asked() -> bool {
    watch().load(Ordering::Relaxed)
}
