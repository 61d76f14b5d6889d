//! Webhooks: when an answer passes, and how long a call holds the tick.
//!
//! Source: fluxcd/flagger v1.44.0, `pkg/controller/webhook.go`, which calls through hashicorp/go-retryablehttp with its
//! default waiting times (1 s, doubled each time, at most 30 s).

use super::duration;
use super::form::CanaryWebhook;

const TIMEOUT: f64 = 10.0;
const FIRST_WAIT: f64 = 1.0;
const LONGEST_WAIT: f64 = 30.0;

/// What came back from one attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reply {
    /// A status after so many seconds.
    Status {
        /// Status of HTTP.
        code: u16,
        /// How long it took.
        seconds: f64,
    },
    /// The connection failed after so many seconds.
    Broken {
        /// How long it took.
        seconds: f64,
    },
}

/// What a webhook with all its retries came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Call {
    /// Whether the last reply passes.
    pub passed: bool,
    /// Attempts that were made.
    pub attempts: u32,
    /// How long the tick stood still for it.
    pub seconds: f64,
}

/// Whether a status passes: every one above 202 fails, 204 too.
#[must_use]
pub fn passes(status: u16) -> bool {
    status <= 202
}

/// Seconds until one attempt is given up: 10 where fewer than two letters are said. `None`: what is said is no Go
/// duration, and each call fails at once.
#[must_use]
pub fn timeout(hook: &CanaryWebhook) -> Option<f64> {
    if hook.timeout.len() < 2 {
        return Some(TIMEOUT);
    }
    duration::parse(&hook.timeout)
}

/// Plays a call: `attempt(n)` is the reply to attempt n from 0. Broken connections, time-outs, 429 and every status of
/// the server's own fault but 501 are tried again; what is still wrong then fails.
#[must_use]
pub fn call(hook: &CanaryWebhook, mut attempt: impl FnMut(u32) -> Reply) -> Call {
    let Some(timeout) = timeout(hook) else {
        return Call {
            passed: false,
            attempts: 0,
            seconds: 0.0,
        };
    };
    let (mut seconds, mut wait) = (0.0, FIRST_WAIT);
    for number in 0..=hook.retries {
        let (took, status) = outcome(attempt(number), timeout);
        seconds += took;
        if let Some(code) = status.filter(|code| !tried_again(*code)) {
            return Call {
                passed: passes(code),
                attempts: number + 1,
                seconds,
            };
        }
        if number < hook.retries {
            seconds += wait;
            wait = LONGEST_WAIT.min(wait * 2.0);
        }
    }
    Call {
        passed: false,
        attempts: hook.retries + 1,
        seconds,
    }
}

/// Seconds and status of an attempt that may run out of time. A time-out of 0 is none, as in Go.
fn outcome(reply: Reply, timeout: f64) -> (f64, Option<u16>) {
    let (seconds, status) = match reply {
        Reply::Status { code, seconds } => (seconds, Some(code)),
        Reply::Broken { seconds } => (seconds, None),
    };
    if timeout > 0.0 && seconds >= timeout {
        return (timeout, None);
    }
    (seconds, status)
}

fn tried_again(status: u16) -> bool {
    status == 429 || (status >= 500 && status != 501)
}

/// The longest that a webhook can hold a tick, seconds: every attempt runs out of time. `None` without a limit.
#[must_use]
pub fn longest(hook: &CanaryWebhook) -> Option<f64> {
    let limit = timeout(hook)?;
    if limit <= 0.0 {
        return None;
    }
    Some(
        call(hook, |_| Reply::Broken {
            seconds: f64::INFINITY,
        })
        .seconds,
    )
}
