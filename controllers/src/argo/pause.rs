//! Pauses and aborts: what one round of reconciling adds and takes away, and what is stored of it.
//!
//! Source: argo-rollouts v1.10.1 `rollout/pause.go`.

use super::assess::Phase;
use super::orders::{Order, PauseReason, whole_second};

/// What is stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pauses {
    /// Reasons with their start in milliseconds, cut to whole seconds.
    pub conditions: Vec<(PauseReason, i64)>,
    /// The controller paused; with no condition left a person went on.
    pub controller: bool,
    /// Aborted since.
    pub aborted: Option<i64>,
}

/// What a round adds and takes away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Reasons to add.
    pub add: Vec<PauseReason>,
    /// Reasons to remove.
    pub remove: Vec<PauseReason>,
    /// All reasons go.
    pub clear: bool,
    /// Abort, with its message.
    pub abort: Option<String>,
    /// The abort is over.
    pub remove_abort: bool,
}

impl Changes {
    /// What a run does to the rollout: an inconclusive one pauses it for `pause`, one that failed aborts it.
    pub fn take(&mut self, (phase, message): (Phase, &str), pause: PauseReason, what: &str) {
        match phase {
            Phase::Inconclusive => self.add.push(pause),
            Phase::Error | Phase::Failed if message.is_empty() => {
                self.abort = Some(what.to_owned());
            }
            Phase::Error | Phase::Failed => self.abort = Some(format!("{what}: {message}")),
            Phase::Pending | Phase::Running | Phase::Successful => {}
        }
    }
}

/// Waits for the end of a delay, which begins now where it has not begun; ends are kept in whole seconds, as the
/// annotations of the cluster are. True once it is over; until then `next` has its end.
pub(super) fn is_over(
    end: &mut Option<i64>,
    (now, delay): (i64, i64),
    next: &mut Vec<i64>,
) -> bool {
    if end.is_some_and(|end| end <= now) {
        return true;
    }
    next.push(*end.get_or_insert(whole_second(now + delay)));
    false
}

impl Pauses {
    /// When this reason began.
    pub fn since(&self, reason: PauseReason) -> Option<i64> {
        self.conditions
            .iter()
            .find(|(known, _)| *known == reason)
            .map(|(_, since)| *since)
    }

    /// A person went on: the controller paused and no condition is left.
    pub fn resumed(&self) -> bool {
        self.controller && self.conditions.is_empty()
    }

    /// A person goes on.
    pub fn resume(&mut self) {
        self.conditions.clear();
    }

    /// Nothing holds an aborted rollout but the abort itself.
    pub fn abort(&mut self, since: i64) {
        *self = Self {
            aborted: Some(since),
            ..Self::default()
        };
    }

    /// Whether a pause step is over: a person went on, or its duration is past.
    pub fn step_over(&self, seconds: Option<i64>, now: i64) -> bool {
        let since = self.since(PauseReason::CanaryPauseStep);
        match (since, seconds) {
            (None, _) => self.controller,
            (Some(since), Some(seconds)) => now > since + seconds * 1000,
            _ => false,
        }
    }

    /// Aborted, as this round has it.
    pub fn is_aborted(&self, changes: &Changes) -> bool {
        !changes.remove_abort && (changes.abort.is_some() || self.aborted.is_some())
    }

    /// Whether a new analysis run is to be made though there is one: a person went on after an inconclusive one, or an
    /// abort was retried.
    pub fn needs_new_run(&self, inconclusive: bool) -> bool {
        let waits = [PauseReason::CanaryPauseStep, PauseReason::BlueGreenPause]
            .map(|reason| self.since(reason));
        if self.controller && waits == [None, None] {
            inconclusive
        } else {
            self.aborted.is_some()
        }
    }

    /// Stores what a round changed, and tells of it.
    pub fn store(&mut self, changes: &Changes, now: i64, orders: &mut Vec<Order>) {
        let waited = !self.conditions.is_empty();
        if self.is_aborted(changes) {
            if self.aborted.is_none() {
                orders.push(Order::Abort(changes.abort.clone().unwrap_or_default()));
            }
            self.abort(self.aborted.unwrap_or(now));
            return;
        }
        self.aborted = None;
        let known: Vec<PauseReason> = self.conditions.iter().map(|(reason, _)| *reason).collect();
        self.conditions
            .retain(|(reason, _)| !changes.clear && !changes.remove.contains(reason));
        let is_new = |reason: &&PauseReason| !changes.clear && !known.contains(reason);
        for reason in changes.add.iter().filter(is_new) {
            if self.since(*reason).is_none() {
                self.conditions.push((*reason, whole_second(now)));
                self.controller = true;
                orders.push(Order::Pause(*reason));
            }
        }
        if self.conditions.is_empty() {
            self.controller = false;
            if waited {
                orders.push(Order::Resume);
            }
        }
    }
}
