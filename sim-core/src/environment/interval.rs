//! Intervals: what the world was like between two scrapes, integrated piece by piece.

use crate::engine::{SimDuration, SimTime};

/// One interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Interval {
    /// The mean share of the units on the new version.
    pub share: f64,
    /// Requests a second, before the chance of arrivals.
    pub load: f64,
    /// The requests to the new version and to the old one, before the chance of arrivals.
    pub requests: [f64; 2],
    /// Of the updates whose outcome became known, how many failed, and how many there were.
    pub updates: [f64; 2],
    /// When the first and the last of them served the new version, counted from the beginning.
    exposed: [SimDuration; 2],
}

impl Interval {
    /// Returns the part of an interval from `begin` to `end` in which somebody was on the new version; all
    /// of it where nobody was.
    pub fn exposed(&self, begin: SimTime) -> (SimTime, SimTime) {
        let [from, to] = self.exposed;
        (begin + from, begin + to)
    }
}

/// A stretch of time in which the load is one and nothing is decided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub from: SimTime,
    pub to: SimTime,
    /// The exposure in units times nanoseconds.
    pub area: u128,
    /// Whether anybody was on the new version at its beginning.
    pub begins_exposed: bool,
    /// When the first unit moves within it, if one does.
    pub first_change: Option<SimTime>,
    /// Requests a second.
    pub load: f64,
}

/// The interval that is under way.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Open {
    area: u128,
    requests: [f64; 2],
    exposed: Option<[SimTime; 2]>,
    pieces: u32,
}

impl Open {
    /// Adds a piece; returns the requests to the new version in it.
    pub fn add(&mut self, piece: &Piece, units: u32) -> f64 {
        let lasts = piece.to.saturating_since(piece.from);
        let share = mean(piece.area, lasts, units);
        let all = piece.load * lasts.as_secs_f64();
        let more = [all * share, all * (1.0 - share)];
        self.requests[0] += more[0];
        self.requests[1] += more[1];
        self.area += piece.area;
        self.pieces += 1;
        if piece.area > 0 {
            let begins = if piece.begins_exposed {
                piece.from
            } else {
                piece.first_change.unwrap_or(piece.from)
            };
            self.exposed.get_or_insert([begins, piece.to])[1] = piece.to;
        }
        more[0]
    }

    /// Ends the interval that began at `begin` and lasted for `lasts`.
    pub fn close(self, begin: SimTime, lasts: SimDuration, load: f64, units: u32) -> Interval {
        let all = self.exposed.unwrap_or([begin, begin + lasts]);
        let seconds = lasts.as_secs_f64();
        let load = if self.pieces == 1 || seconds <= 0.0 {
            load
        } else {
            (self.requests[0] + self.requests[1]) / seconds
        };
        Interval {
            share: mean(self.area, lasts, units),
            load,
            requests: self.requests,
            updates: [0.0; 2],
            exposed: all.map(|at| at.saturating_since(begin)),
        }
    }
}

/// Returns the mean share over a time, exactly the share itself where it did not change.
pub(crate) fn mean(area: u128, lasts: SimDuration, units: u32) -> f64 {
    let nanos = lasts.as_nanos().max(1);
    // Nearly always; division and conversion of 128 bits cost twenty times as much.
    let (whole, rest) = if let Ok(area) = u64::try_from(area) {
        ((area / nanos) as f64, area % nanos)
    } else {
        let nanos = u128::from(nanos);
        ((area / nanos) as f64, (area % nanos) as u64)
    };
    (whole + rest as f64 / nanos as f64) / f64::from(units)
}
