//! The quantile of the standard normal distribution.

/// Quantiles that Commons Math 3.6.1 puts one unit of the last digit off, at the levels that Kayenta uses: the judge 0.98,
/// its tests 0.95 too. A step of the rank statistic can lie between.
const COMMONS: [(f64, f64); 2] = [
    (0.98, -2.326_347_874_040_841),
    (0.95, -1.959_963_984_540_054),
];

/// The lower quantile of a two-sided interval at a level, as Kayenta has it.
#[must_use]
pub fn lower(level: f64) -> f64 {
    #[expect(clippy::float_cmp, reason = "the very level, not a near one")]
    let known = COMMONS.iter().find(|(known, _)| *known == level);
    known.map_or_else(|| quantile((1.0 - level) / 2.0), |(_, value)| *value)
}

/// The value below which a standard normal variable is with probability `p`, to about the last digit; infinite at 0
/// and 1.
///
/// Halley's method on Phi(x) = erfc(-x / sqrt 2) / 2, from a start that is right to 3 digits (Abramowitz and Stegun,
/// 26.2.23).
#[must_use]
pub fn quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -quantile(1.0 - p);
    }
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let mut x = -start(p);
    for _ in 0..4 {
        let error = libm::erfc(-x / std::f64::consts::SQRT_2) / 2.0 - p;
        let density = libm::exp(-x * x / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
        let newton = error / density;
        x -= newton / (1.0 + x * newton / 2.0);
    }
    x
}

/// A rough upper quantile for p up to 1/2.
fn start(p: f64) -> f64 {
    let t = (-2.0 * libm::log(p)).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    t - above / below
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn quantiles_are_those_of_published_tables() {
        // R: qnorm(c(.025, .01, .005, .5)).
        let known = [
            (0.025, -1.959_963_984_540_054),
            (0.01, -2.326_347_874_040_841),
            (0.005, -2.575_829_303_548_9),
            (0.5, 0.0),
        ];
        for (p, value) in known {
            assert!((quantile(p) - value).abs() < 1e-14, "{p}: {}", quantile(p));
            assert!((quantile(1.0 - p) + value).abs() < 1e-13, "{p}");
        }
    }
}
