//! The maximum of a function with one peak.

/// How often the interval shrinks: by a factor of 10^-10 in all.
const STEPS: usize = 48;

/// Returns where `f` is largest between `low` and `high`, by the golden section (Kiefer, 1953).
pub(super) fn maximum(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    const PART: f64 = 0.618_033_988_749_894_8;
    let (mut a, mut b) = (high - PART * (high - low), low + PART * (high - low));
    let (mut at_a, mut at_b) = (f(a), f(b));
    for _ in 0..STEPS {
        if at_a > at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - PART * (high - low);
            at_a = f(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + PART * (high - low);
            at_b = f(b);
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_peak_of_a_parabola_is_found() {
        let found = super::maximum(-3.0, 10.0, |x| -(x - 1.25) * (x - 1.25));
        assert!((found - 1.25).abs() < 1e-6, "{found}");
    }
}
