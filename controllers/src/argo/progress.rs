//! Whether a release makes progress, and since when it makes none.
//!
//! Source: argo-rollouts v1.10.1 `utils/conditions/conditions.go`.

use super::orders::Seen;

/// What counts as progress, and when there was some.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    since: i64,
    new: i32,
    old: i32,
    available: i32,
    step: usize,
    paused: bool,
    degraded: bool,
}

impl Progress {
    pub fn begin(now: i64, old: i32, available: i32) -> Self {
        Self {
            since: now,
            old,
            available,
            ..Self::default()
        }
    }

    /// Notes progress; tells whether the deadline has passed without any.
    pub fn late(
        &mut self,
        now: i64,
        deadline: i64,
        seen: &Seen,
        at: (usize, bool),
        indefinite: bool,
    ) -> bool {
        let (step, paused) = at;
        let available = seen.new.available + seen.stable.available;
        let moved = self.new != seen.new.created
            || seen.stable.created < self.old
            || available > self.available
            || step != self.step
            || paused != self.paused;
        (self.new, self.old, self.available) = (seen.new.created, seen.stable.created, available);
        (self.step, self.paused) = (step, paused);
        if moved {
            (self.since, self.degraded) = (now, false);
        }
        !moved && !indefinite && now > self.since + deadline
    }

    pub fn deadline(&self, deadline: i64) -> i64 {
        self.since + deadline + 1000
    }

    pub fn is_degraded(&self) -> bool {
        self.degraded
    }

    pub fn report(&mut self) -> bool {
        !std::mem::replace(&mut self.degraded, true)
    }
}
