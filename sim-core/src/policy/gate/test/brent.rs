//! Root finding.

use libm::fabs;

/// Finds a root of `f` between `ends`, where its values are `values`, to within `tolerance`, by
/// Brent's method (R. P. Brent, Algorithms for Minimization without Derivatives, 1973, chapter 4, in
/// the variant of R's `uniroot`).
///
/// The answer within the tolerance depends on every step of the method, and callers that reproduce
/// others' answers rely on it. If the values have the same sign the answer is one of the ends.
pub(super) fn brent(
    ends: [f64; 2],
    values: [f64; 2],
    tolerance: f64,
    f: impl Fn(f64) -> f64,
) -> f64 {
    let ([mut a, mut b], [mut fa, mut fb]) = (ends, values);
    if fa == 0.0 {
        return a;
    }
    let (mut c, mut fc) = (a, fa);
    for _ in 0..=1_000 {
        let previous = b - a;
        if fabs(fc) < fabs(fb) {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let least = 2.0 * f64::EPSILON * fabs(b) + 0.5 * tolerance;
        let halved = 0.5 * (c - b);
        if fabs(halved) <= least || fb == 0.0 {
            return b;
        }
        let mut step = halved;
        if fabs(previous) >= least && fabs(fa) > fabs(fb) {
            let (p, q) = interpolated([a, b, c], [fa, fb, fc]);
            if p < 0.75 * (c - b) * q - 0.5 * fabs(least * q) && p < 0.5 * fabs(previous * q) {
                step = p / q;
            }
        }
        if fabs(step) < least {
            step = if step > 0.0 { least } else { -least };
        }
        (a, fa) = (b, fb);
        b += step;
        fb = f(b);
        if (fb > 0.0) == (fc > 0.0) && fb != 0.0 && fc != 0.0 {
            (c, fc) = (a, fa);
        }
    }
    b
}

/// The step from `b` as a fraction `p/q` with `p` not negative: linear between two points, inverse
/// quadratic through three.
fn interpolated([a, b, c]: [f64; 3], [fa, fb, fc]: [f64; 3]) -> (f64, f64) {
    let width = c - b;
    let (p, q) = if a == c {
        let ratio = fb / fa;
        (width * ratio, 1.0 - ratio)
    } else {
        let (q, t1, t2) = (fa / fc, fb / fc, fb / fa);
        (
            t2 * (width * q * (q - t1) - (b - a) * (t1 - 1.0)),
            (q - 1.0) * (t1 - 1.0) * (t2 - 1.0),
        )
    };
    if p > 0.0 { (p, -q) } else { (-p, q) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_found_to_the_tolerance() {
        let check = |f: fn(f64) -> f64, low: f64, high: f64, root: f64| {
            let got = brent([low, high], [f(low), f(high)], 1e-12, f);
            assert!(fabs(got - root) < 1e-11, "{got}, not {root}");
        };
        check(|x| x * x - 2.0, 0.0, 2.0, std::f64::consts::SQRT_2);
        check(
            |x| libm::exp(x) - 10.0,
            -50.0,
            50.0,
            std::f64::consts::LN_10,
        );
        check(|x| 1.0 - x, 0.0, 1.0, 1.0);
    }
}
