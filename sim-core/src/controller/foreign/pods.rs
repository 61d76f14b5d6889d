//! Pods of one revision: how many there are, and when each is available.

use super::clock::{lasts, millis};
use crate::engine::SimDuration;
use crate::fleet::Toward;
use crate::plant::Plant;

/// The pods of a revision.
#[derive(Clone, Debug)]
pub(super) struct Pods {
    /// When each is available, in milliseconds; the first to be so first.
    available: Vec<i64>,
    toward: Toward,
}

impl Pods {
    /// So many pods that have been there for long.
    pub fn standing(pods: u32, toward: Toward) -> Self {
        Self {
            available: vec![i64::MIN; pods as usize],
            toward,
        }
    }

    /// How many there are, ready or not.
    pub fn created(&self) -> i32 {
        self.available.len() as i32
    }

    /// How many are available.
    pub fn available(&self, now: i64) -> i32 {
        self.available.partition_point(|at| *at <= now) as i32
    }

    /// When the next one is available.
    pub fn next(&self, now: i64) -> Option<i64> {
        let next = self.available.get(self.available(now) as usize);
        next.copied().filter(|at| *at < i64::MAX)
    }

    /// Starts pods, or removes those first that are not available yet. A pod counts once it has been ready for
    /// `min_ready`; what a cluster tells of it are whole seconds.
    pub fn scale(&mut self, plant: &mut Plant<'_>, count: i32, min_ready: SimDuration) {
        let wanted = usize::try_from(count).unwrap_or(0);
        if wanted <= self.available.len() {
            self.available.truncate(wanted);
            return;
        }
        let more = (wanted - self.available.len()) as u32;
        let ready = plant.start_pods(self.toward, more);
        let counts = |at| {
            let second = millis(at).saturating_add(999) / 1000;
            second.saturating_mul(1000).saturating_add(lasts(min_ready))
        };
        self.available.extend(ready.into_iter().map(counts));
        self.available.sort_unstable();
    }
}
