//! Ctrl-C: stop after what is being played, report what there is.

use std::sync::atomic::{AtomicBool, Ordering};

use super::exit_code::ExitCode;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Makes the first Ctrl-C a request and the second one an order. Returns the flag of the request.
pub fn watch() -> &'static AtomicBool {
    // Without a handler Ctrl-C simply ends the process, which is no reason not to start.
    drop(ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(ExitCode::Interrupted.number().into());
        }
    }));
    &ASKED
}
