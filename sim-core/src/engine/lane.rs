//! A timer of constant period.

use super::{SimDuration, SimTime};

/// A timer that ticks at a constant period: what periodic sampling uses instead of the queue.
///
/// Samples of equal spacing are already in order, so a lane costs an addition a tick where the
/// event queue costs a sift. A loop takes whichever of its lanes and its queue comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    next: SimTime,
    period: SimDuration,
}

impl Lane {
    /// Makes a lane that ticks at `first` and every `period` after it.
    ///
    /// # Panics
    /// When `period` is zero: such a lane would tick for ever at one instant.
    pub fn new(first: SimTime, period: SimDuration) -> Self {
        assert!(
            !period.is_zero(),
            "the period of a lane is longer than zero"
        );
        Self {
            next: first,
            period,
        }
    }

    /// Returns the instant of the coming tick without taking it.
    pub const fn next(&self) -> SimTime {
        self.next
    }

    /// Returns the time between two ticks.
    pub const fn period(&self) -> SimDuration {
        self.period
    }

    /// Takes the coming tick. A lane that would pass [`SimTime::MAX`] stays there.
    pub const fn advance(&mut self) {
        self.next = self.next.saturating_add(self.period);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_ticks_at_its_first_instant_and_every_period_after() {
        let mut lane = Lane::new(SimTime::from_nanos(5), SimDuration::from_nanos(15));
        let ticks: Vec<u64> = std::iter::repeat_with(|| {
            let at = lane.next().as_nanos();
            lane.advance();
            at
        })
        .take(4)
        .collect();
        assert_eq!(ticks, [5, 20, 35, 50]);
    }

    #[test]
    fn a_lane_stops_at_the_end_of_time() {
        let mut lane = Lane::new(SimTime::MAX, SimDuration::from_secs(1));
        lane.advance();
        assert_eq!(lane.next(), SimTime::MAX);
    }

    #[test]
    #[should_panic(expected = "longer than zero")]
    fn a_lane_without_a_period_is_refused() {
        let _ = Lane::new(SimTime::ZERO, SimDuration::ZERO);
    }
}
