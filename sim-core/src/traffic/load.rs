//! The load at an instant.

use super::{Load, Traffic};
use crate::engine::{SimDuration, SimTime};

const DAY: SimDuration = SimDuration::from_hours(24);

/// Returns the requests a second at `at`, before the chance of arrivals.
pub fn load_at(traffic: &Traffic, at: SimTime) -> f64 {
    let factors = traffic.shape.iter().map(|shape| factor(*shape, at));
    traffic.requests_per_second * factors.product::<f64>()
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
