//! The load at an instant.

use super::{Load, Traffic};
use crate::engine::{SimDuration, SimTime};

const DAY: SimDuration = SimDuration::from_hours(24);

/// Returns the requests a second at `at`, before the chance of arrivals. The rollout started at `starts` after Monday 00:00.
pub fn load_at(traffic: &Traffic, starts: SimDuration, at: SimTime) -> f64 {
    let factors = traffic.shape.iter();
    let factors = factors.map(|shape| factor(*shape, starts, at));
    traffic.requests_per_second * factors.product::<f64>()
}

/// Returns the mean of [`load_at`] from `from` to `to`; exact where no more than one shape moves meanwhile.
pub fn mean_load(traffic: &Traffic, starts: SimDuration, (from, to): (SimTime, SimTime)) -> f64 {
    let factors = traffic
        .shape
        .iter()
        .map(|shape| mean_factor(*shape, starts, (from, to)));
    traffic.requests_per_second * factors.product::<f64>()
}

/// Returns the first instant after `now` at which the load jumps; the end of time where it never does.
pub fn next_jump(traffic: &Traffic, starts: SimDuration, now: SimTime) -> SimTime {
    let shapes = traffic.shape.iter();
    let jumps = shapes.map(|shape| next_step(*shape, starts, now));
    jumps.min().unwrap_or(SimTime::MAX)
}

fn next_step(shape: Load, starts: SimDuration, now: SimTime) -> SimTime {
    let step = match shape {
        Load::Diurnal { .. } => None,
        Load::Weekly { .. } => now.checked_add(left_of_day(now.saturating_add(starts))),
        Load::Surge { at, lasts, .. } => {
            let begin = SimTime::after(at);
            let ends = [begin, begin.saturating_add(lasts)];
            ends.into_iter().find(|end| *end > now)
        }
    };
    step.unwrap_or(SimTime::MAX)
}

fn left_of_day(now: SimTime) -> SimDuration {
    SimDuration::from_nanos(DAY.as_nanos() - now.as_nanos() % DAY.as_nanos())
}

fn mean_factor(shape: Load, starts: SimDuration, (from, to): (SimTime, SimTime)) -> f64 {
    let span = to.saturating_since(from).as_secs_f64();
    match shape {
        Load::Diurnal { amplitude, peak } if span > 0.0 => {
            let phase = |at: SimTime| {
                let days = (at.as_secs_f64() - peak.as_secs_f64()) / DAY.as_secs_f64();
                2.0 * std::f64::consts::PI * days
            };
            let (begin, end) = (phase(from), phase(to));
            1.0 + amplitude * (libm::sin(end) - libm::sin(begin)) / (end - begin)
        }
        steps if span > 0.0 => {
            let (mut sum, mut at) = (0.0, from);
            while at < to {
                let next = next_step(steps, starts, at).min(to);
                sum += factor(steps, starts, at) * next.saturating_since(at).as_secs_f64();
                at = next;
            }
            sum / span
        }
        shape => factor(shape, starts, from),
    }
}

fn factor(shape: Load, starts: SimDuration, at: SimTime) -> f64 {
    match shape {
        Load::Diurnal { amplitude, peak } => {
            let days = (at.as_secs_f64() - peak.as_secs_f64()) / DAY.as_secs_f64();
            1.0 + amplitude * libm::cos(2.0 * std::f64::consts::PI * days)
        }
        Load::Weekly { weekend } => {
            let day = at.saturating_add(starts).as_nanos() / DAY.as_nanos() % 7;
            if day >= 5 { weekend } else { 1.0 }
        }
        Load::Surge {
            at: begin,
            lasts,
            factor,
        } => {
            let since = at.checked_since(SimTime::after(begin));
            if since.is_some_and(|since| since < lasts) {
                factor
            } else {
                1.0
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Arrivals, Split};
    use super::*;

    #[track_caller]
    fn check(shape: Load, starts: u64, hour: u64, expect: f64) {
        let traffic = Traffic {
            requests_per_second: 100.0,
            shape: vec![shape],
            arrivals: Arrivals::Exact,
            split: Split::ByHost,
            work: None,
        };
        let [starts, at] = [starts, hour].map(SimDuration::from_hours);
        let load = load_at(&traffic, starts, SimTime::after(at));
        assert!(
            (load - expect).abs() < 1e-9,
            "hour {hour}: {load}, expected {expect}"
        );
    }

    /// By hand: a quarter of a day after the peak the cosine has the mean 2 / pi; one hour of surge in four
    /// adds half of what it multiplies; one of four quarters of a day lies in the weekend.
    #[test]
    fn a_mean_load_is_the_integral_over_its_time() {
        let hour = SimDuration::from_hours(1);
        let at = |hours: u64| SimTime::after(SimDuration::from_hours(hours));
        let mean = |shape, from, to| {
            let traffic = Traffic {
                requests_per_second: 100.0,
                shape: vec![shape],
                arrivals: Arrivals::Exact,
                split: Split::ByHost,
                work: None,
            };
            mean_load(&traffic, SimDuration::ZERO, (at(from), at(to)))
        };
        let diurnal = Load::Diurnal {
            amplitude: 0.5,
            peak: SimDuration::ZERO,
        };
        let surge = Load::Surge {
            at: hour,
            lasts: hour,
            factor: 3.0,
        };
        let weekly = Load::Weekly { weekend: 0.0 };
        let found = [
            mean(diurnal, 0, 6),
            mean(surge, 0, 4),
            mean(weekly, 5 * 24 - 18, 5 * 24 + 6),
        ];
        let expected = [100.0 + 100.0 / std::f64::consts::PI, 150.0, 75.0];
        for (found, expected) in found.into_iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-9,
                "{found}, expected {expected}"
            );
        }
    }

    #[test]
    fn shapes_bend_the_load() {
        let diurnal = Load::Diurnal {
            amplitude: 0.5,
            peak: SimDuration::from_hours(14),
        };
        check(diurnal, 0, 14, 150.0);
        check(diurnal, 0, 2, 50.0);
        check(Load::Weekly { weekend: 0.25 }, 0, 4 * 24, 100.0);
        check(Load::Weekly { weekend: 0.25 }, 0, 5 * 24, 25.0);
        let hour = SimDuration::from_hours(1);
        let surge = Load::Surge {
            at: hour,
            lasts: hour,
            factor: 3.0,
        };
        check(surge, 50, 0, 100.0);
        check(surge, 50, 1, 300.0);
        check(surge, 50, 2, 100.0);
    }
    /// Started on Friday at 15:00 the weekend comes nine hours later, and ends after two days, as the jumps say.
    #[test]
    fn the_weekend_is_saturday_and_sunday_whenever_the_rollout_starts() {
        let weekly = Load::Weekly { weekend: 0.25 };
        let friday = 4 * 24 + 15;
        for (hour, load) in [(0, 100.0), (8, 100.0), (9, 25.0), (56, 25.0), (57, 100.0)] {
            check(weekly, friday, hour, load);
        }
        let [starts, nine] = [friday, 9].map(SimDuration::from_hours);
        let jump = next_step(weekly, starts, SimTime::ZERO);
        assert_eq!(jump, SimTime::after(nine));
        let end = SimTime::after(nine + nine);
        let mean = mean_factor(weekly, starts, (SimTime::ZERO, end));
        assert!((mean - 0.625).abs() < 1e-9, "{mean}");
    }
}
