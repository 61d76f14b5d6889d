//! The load at an instant.

use super::{Load, Traffic};
use crate::engine::{SimDuration, SimTime};

const DAY: SimDuration = SimDuration::from_hours(24);

/// Returns the requests a second at `at`, before the chance of arrivals.
pub fn load_at(traffic: &Traffic, at: SimTime) -> f64 {
    let factors = traffic.shape.iter().map(|shape| factor(*shape, at));
    traffic.requests_per_second * factors.product::<f64>()
}

/// Returns the mean of [`load_at`] from `from` to `to`; exact where no more than one shape moves meanwhile.
pub fn mean_load(traffic: &Traffic, from: SimTime, to: SimTime) -> f64 {
    let factors = traffic
        .shape
        .iter()
        .map(|shape| mean_factor(*shape, from, to));
    traffic.requests_per_second * factors.product::<f64>()
}

/// Returns the first instant after `now` at which the load jumps; the end of time where it never does.
pub fn next_jump(traffic: &Traffic, now: SimTime) -> SimTime {
    let jumps = traffic.shape.iter().map(|shape| next_step(*shape, now));
    jumps.min().unwrap_or(SimTime::MAX)
}

fn next_step(shape: Load, now: SimTime) -> SimTime {
    let step = match shape {
        Load::Diurnal { .. } => None,
        Load::Weekly { .. } => now.checked_add(left_of_day(now)),
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

fn mean_factor(shape: Load, from: SimTime, to: SimTime) -> f64 {
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
                let next = next_step(steps, at).min(to);
                sum += factor(steps, at) * next.saturating_since(at).as_secs_f64();
                at = next;
            }
            sum / span
        }
        shape => factor(shape, from),
    }
}

fn factor(shape: Load, at: SimTime) -> f64 {
    match shape {
        Load::Diurnal { amplitude, peak } => {
            let days = (at.as_secs_f64() - peak.as_secs_f64()) / DAY.as_secs_f64();
            1.0 + amplitude * libm::cos(2.0 * std::f64::consts::PI * days)
        }
        Load::Weekly { weekend } => {
            let day = at.as_nanos() / DAY.as_nanos() % 7;
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
    fn check(shape: Load, hour: u64, expect: f64) {
        let traffic = Traffic {
            requests_per_second: 100.0,
            shape: vec![shape],
            arrivals: Arrivals::Exact,
            split: Split::ByHost,
            work: None,
        };
        let load = load_at(&traffic, SimTime::after(SimDuration::from_hours(hour)));
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
            mean_load(&traffic, at(from), at(to))
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
        check(diurnal, 14, 150.0);
        check(diurnal, 2, 50.0);
        check(Load::Weekly { weekend: 0.25 }, 4 * 24, 100.0);
        check(Load::Weekly { weekend: 0.25 }, 5 * 24, 25.0);
        let hour = SimDuration::from_hours(1);
        let surge = Load::Surge {
            at: hour,
            lasts: hour,
            factor: 3.0,
        };
        check(surge, 0, 100.0);
        check(surge, 1, 300.0);
        check(surge, 2, 100.0);
    }
}
