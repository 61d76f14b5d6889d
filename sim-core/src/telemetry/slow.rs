//! Slow requests: which share of them takes longer than users are used to.

use super::LatencyPart;
use super::level::Level;

/// Returns the share of requests that take longer than `above` milliseconds, at a level of the signal.
///
/// Of a mixture of lognormals it is the sum of weight times the upper tail of the normal distribution at
/// ln(above / (median times the factors of the level)) / sigma; what runs into the time-out at `cap` takes
/// `cap`, so that nothing is slower than that.
pub(crate) fn slower_share(parts: &[LatencyPart], cap: f64, above: f64, level: &Level) -> f64 {
    if above >= cap {
        return 0.0;
    }
    let tail = |factor: f64| {
        let of_part = |part: &LatencyPart| {
            let z = libm::log(above / (part.median * factor)) / part.sigma;
            part.weight * 0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2)
        };
        parts.iter().map(of_part).sum::<f64>()
    };
    let usual = tail(level.factor);
    if level.affected > 0.0 {
        usual + level.affected * (tail(level.factor * level.slower) - usual)
    } else {
        usual
    }
}

/// Returns the normal 99th percentile of a latency, in milliseconds: one request in a hundred is as slow even
/// when nothing is wrong.
pub(crate) fn usual(parts: &[LatencyPart], cap: f64) -> f64 {
    let normal = Level {
        mean: 1.0,
        affected: 0.0,
        slower: 1.0,
        factor: 1.0,
    };
    let (mut low, mut high) = (0.0, cap);
    // Halving 60 times leaves less than any float can show.
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if slower_share(parts, cap, middle, &normal) > 0.01 {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: [LatencyPart; 1] = [LatencyPart {
        weight: 1.0,
        median: 100.0,
        sigma: 0.5,
    }];

    fn level(affected: f64, slower: f64, factor: f64) -> Level {
        Level {
            mean: 1.0,
            affected,
            slower,
            factor,
        }
    }

    /// Source: tables of the normal distribution: z = 2.326348 leaves 1 %, z = 0.940054 leaves 17.36 %
    /// (2.326348 less ln 2 / 0.5).
    #[test]
    fn a_slower_version_moves_requests_beyond_the_usual_percentile() {
        let above = usual(&PARTS, 10_000.0);
        assert!((above - 320.0).abs() < 0.01, "the normal p99 is {above} ms");
        let share = |level: Level| slower_share(&PARTS, 10_000.0, above, &level);
        let cases = [
            (level(0.0, 1.0, 1.0), 0.01),
            (level(1.0, 2.0, 1.0), 0.17359),
            (level(0.1, 2.0, 1.0), 0.01 + 0.016_359),
            (level(0.0, 1.0, 2.0), 0.17359),
        ];
        for (level, expected) in cases {
            let found = share(level);
            assert!(
                (found - expected).abs() < 2e-5,
                "{level:?}: {found}, not {expected}"
            );
        }
        assert_eq!(
            slower_share(&PARTS, 300.0, 300.0, &level(1.0, 9.0, 1.0)),
            0.0
        );
    }
}
