//! Brent's search for a root, with the details that decide what Kayenta finds on a function made of steps.
//!
//! Source: R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 4, in the form of `zeroin`.

/// How far a root may be off in Kayenta, in the unit of the metric.
pub const TOLERANCE: f64 = 1e-4;
/// Steps after which the search gives up and returns where it is.
const STEPS: usize = 1001;

/// Three points of the search: the newest guess `b`, the one before it `a`, and `c` on the other side of the root.
struct Search {
    a: f64,
    b: f64,
    c: f64,
    fa: f64,
    fb: f64,
    fc: f64,
}

/// A root of `f` in `range`, at whose ends `f` has the values `ends`. An end at which `f` is 0 is the root.
///
/// # Errors
///
/// What `f` says.
pub fn root<E>(
    range: (f64, f64),
    ends: (f64, f64),
    tolerance: f64,
    mut f: impl FnMut(f64) -> Result<f64, E>,
) -> Result<f64, E> {
    if is_zero(ends.0) {
        return Ok(range.0);
    }
    if is_zero(ends.1) {
        return Ok(range.1);
    }
    let mut search = Search::new(range, ends);
    for _ in 0..STEPS {
        let last = search.b - search.a;
        search.order();
        let near = 2.0 * f64::EPSILON * search.b.abs() + tolerance / 2.0;
        let half = (search.c - search.b) / 2.0;
        if half.abs() <= near || is_zero(search.fb) {
            break;
        }
        let step = search.step(last, half, near);
        (search.a, search.fa) = (search.b, search.fb);
        search.b += at_least(step, near);
        search.fb = f(search.b)?;
        search.enclose();
    }
    Ok(search.b)
}

/// Zero, or the smallest number above it on either side.
fn is_zero(value: f64) -> bool {
    value.abs() <= f64::from_bits(1)
}

fn at_least(step: f64, near: f64) -> f64 {
    if step.abs() < near {
        near * if step > 0.0 { 1.0 } else { -1.0 }
    } else {
        step
    }
}

impl Search {
    fn new((a, b): (f64, f64), (fa, fb): (f64, f64)) -> Self {
        Self {
            a,
            b,
            c: a,
            fa,
            fb,
            fc: fa,
        }
    }

    /// Makes `b` the better of the two points around the root.
    fn order(&mut self) {
        if self.fc.abs() < self.fb.abs() {
            (self.a, self.b, self.c) = (self.b, self.c, self.b);
            (self.fa, self.fb, self.fc) = (self.fb, self.fc, self.fb);
        }
    }

    /// The next step: by interpolation if that is safe and gains something, else half the way to `c`.
    fn step(&self, last: f64, half: f64, near: f64) -> f64 {
        let worth_it = last.abs() >= near && self.fa.abs() > self.fb.abs();
        if !worth_it {
            return half;
        }
        let (p, q) = self.interpolated();
        let wide = self.c - self.b;
        let safe = p < 0.75 * wide * q - (near * q).abs() / 2.0;
        if safe && p < (last * q / 2.0).abs() {
            p / q
        } else {
            half
        }
    }

    /// Numerator (not negative) and denominator of the interpolated step: through two points a line, through three an
    /// inverse parabola.
    fn interpolated(&self) -> (f64, f64) {
        let wide = self.c - self.b;
        #[expect(clippy::float_cmp, reason = "the same point, not a near one")]
        let two_points = self.a == self.c;
        let (p, q) = if two_points {
            let t = self.fb / self.fa;
            (wide * t, 1.0 - t)
        } else {
            let (q, t, u) = (self.fa / self.fc, self.fb / self.fc, self.fb / self.fa);
            let p = u * (wide * q * (q - t) - (self.b - self.a) * (t - 1.0));
            (p, (q - 1.0) * (t - 1.0) * (u - 1.0))
        };
        if p > 0.0 { (p, -q) } else { (-p, q) }
    }

    /// Keeps the root between `b` and `c`.
    fn enclose(&mut self) {
        if (self.fb > 0.0 && self.fc > 0.0) || (self.fb < 0.0 && self.fc < 0.0) {
            (self.c, self.fc) = (self.a, self.fa);
        }
    }
}
