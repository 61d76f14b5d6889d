//! The clock of the wall, and the one of the rollout, which runs so many times as fast.

use std::time::{SystemTime, UNIX_EPOCH};

/// Which instant of the rollout is now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LiveClock {
    /// When `origin` was, on the wall, in seconds of Unix.
    pub began: f64,
    /// What the rollout's time was then, in seconds of Unix as exported series have it.
    pub origin: f64,
    /// How many seconds of the rollout pass in one of the wall.
    pub speed: f64,
}

impl LiveClock {
    /// A clock that begins now.
    pub fn now(origin: f64, speed: f64) -> Self {
        Self {
            began: wall(),
            origin,
            speed,
        }
    }

    /// The time of the rollout at an instant of the wall.
    pub fn virtual_at(&self, wall: f64) -> f64 {
        self.origin + (wall - self.began) * self.speed
    }

    /// The instant of the wall at a time of the rollout.
    pub fn wall_at(&self, virtual_time: f64) -> f64 {
        self.began + (virtual_time - self.origin) / self.speed
    }
}

/// The clock of the wall, in seconds of Unix.
pub fn wall() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0.0, |since| since.as_secs_f64())
}

/// Reads how many times as fast a rollout runs.
pub fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse::<f64>().ok();
    let speed = speed.filter(|speed| (0.001..=10_000.0).contains(speed));
    speed.ok_or_else(|| "write a number from 0.001 to 10000".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_of_the_rollout_is_a_second_at_sixtyfold_speed() {
        let clock = LiveClock {
            began: 1_796_000_000.0,
            origin: 946_684_800.0,
            speed: 60.0,
        };
        assert_eq!(clock.virtual_at(1_796_000_001.0), 946_684_860.0);
        assert_eq!(clock.wall_at(946_684_800.0 + 3600.0), 1_796_000_060.0);
    }
}
