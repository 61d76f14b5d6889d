//! Group-sequential tests: a few looks, planned beforehand.

use libm::{fabs, sqrt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::brent::brent;
use super::normal::{normal_density, normal_tail, normal_upper_quantile};
use super::quadrature::GaussLegendre;
use super::{Guarantee, Verdict};

/// On which sides a test rejects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sides {
    /// Above the upper limit alone.
    One,
    /// Above the upper limit and below its mirror image.
    Two,
}

/// How the level is spread over the looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Boundary {
    /// Severe at first, near the fixed-sample limit in the end: `c sqrt(looks/look)` (P. C. O'Brien,
    /// T. R. Fleming, Biometrics 35, 1979).
    OBrienFleming,
    /// The same limit at every look (S. J. Pocock, Biometrika 64, 1977).
    Pocock,
}

impl Boundary {
    /// Returns the limit at look `look` of `looks`, from 1, for the constant `c`.
    fn at(self, c: f64, look: u32, looks: u32) -> f64 {
        match self {
            Self::OBrienFleming => c * sqrt(f64::from(looks) / f64::from(look)),
            Self::Pocock => c,
        }
    }
}

/// A group-sequential test: a z statistic is compared with a limit at each of the planned looks,
/// which must carry equal amounts of information.
///
/// The constant solves the recursion of Armitage, McPherson and Rowe (J. R. Stat. Soc. A 132, 1969)
/// for the level.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupSequential {
    limits: Vec<f64>,
    alpha: f64,
    sides: Sides,
    look: usize,
    rejected: bool,
}

impl GroupSequential {
    /// A test with `looks` planned looks at level `alpha`.
    ///
    /// # Panics
    ///
    /// If there is no look, more than [`GroupSequential::MOST_LOOKS`], or `alpha` is not inside
    /// `(0, 0.5)`.
    pub fn new(looks: u32, alpha: f64, sides: Sides, boundary: Boundary) -> Self {
        assert!(
            (1..=Self::MOST_LOOKS).contains(&looks),
            "{looks} interim analyses"
        );
        assert!(0.0 < alpha && alpha < 0.5, "level {alpha}");
        let c = constant(looks, alpha, sides, boundary);
        Self {
            limits: limits(c, looks, boundary),
            alpha,
            sides,
            look: 0,
            rejected: false,
        }
    }

    /// The most looks that can be planned.
    pub const MOST_LOOKS: u32 = 50;

    /// Returns the limits, in standard errors, look by look.
    pub fn limits(&self) -> &[f64] {
        &self.limits
    }

    /// Returns how many looks were taken.
    pub const fn looks_taken(&self) -> usize {
        self.look
    }

    /// Says whether the last look was taken.
    pub const fn is_over(&self) -> bool {
        self.look == self.limits.len()
    }

    /// Takes the z statistic of everything so far at the next planned look. After the last look
    /// nothing is tested any more.
    pub fn observe(&mut self, z: f64) -> Verdict {
        self.observe_at(self.look + 1, z)
    }

    /// Takes the z statistic at the planned look number `look`, from 1, unless it has been taken. Looks
    /// that were left out stay so, which can only make rejections rarer.
    pub fn observe_at(&mut self, look: usize, z: f64) -> Verdict {
        let look = look.min(self.limits.len());
        if look > self.look {
            self.look = look;
            let distance = match self.sides {
                Sides::One => z,
                Sides::Two => fabs(z),
            };
            self.rejected |= distance >= self.limits[look - 1];
        }
        Verdict::rejected_if(self.rejected)
    }

    /// At most `alpha` at the planned looks.
    pub const fn guarantee(&self) -> Guarantee {
        Guarantee::PlannedLooks {
            alpha: self.alpha,
            looks: self.limits.len() as u32,
        }
    }
}

fn limits(c: f64, looks: u32, boundary: Boundary) -> Vec<f64> {
    (1..=looks)
        .map(|look| boundary.at(c, look, looks))
        .collect()
}

/// Solves for the constant between the limit of a single look and Bonferroni's.
fn constant(looks: u32, alpha: f64, sides: Sides, boundary: Boundary) -> f64 {
    let tail = match sides {
        Sides::One => alpha,
        Sides::Two => 0.5 * alpha,
    };
    if looks == 1 {
        return normal_upper_quantile(tail);
    }
    let low = normal_upper_quantile(tail);
    let high = normal_upper_quantile(tail / f64::from(looks));
    let excess = |c: f64| {
        let ever = crossing(&limits(c, looks, boundary), sides).expect("fifty looks settle");
        ever[ever.len() - 1] - alpha
    };
    brent([low, high], [excess(low), excess(high)], 1e-9, excess)
}

/// Returns, look by look, the probability that the standardised sum of independent standard normal
/// increments has reached its limit at that look or an earlier one; `limits` are in standard errors.
///
/// The density of the sums that are still inside is carried from look to look by Gauss-Legendre
/// quadrature (Armitage, McPherson and Rowe). Two node counts must agree within 1e-9; where they
/// still differ at four times the first count, nothing is returned.
pub fn crossing(limits: &[f64], sides: Sides) -> Option<Vec<f64>> {
    let mut density = 3.0;
    for _ in 0..3 {
        let coarse = recursion(limits, sides, density);
        let fine = recursion(limits, sides, 1.5 * density);
        let apart = coarse
            .iter()
            .zip(&fine)
            .any(|(coarse, fine)| fabs(coarse - fine) > 1e-9);
        if !apart {
            return Some(fine);
        }
        density *= 2.0;
    }
    None
}

/// Beyond so many standard errors on the open side nothing of the density is left: 1e-15.
const FAR: f64 = 8.0;

/// The recursion with `density` nodes for each unit of the increments' standard deviation.
fn recursion(limits: &[f64], sides: Sides, density: f64) -> Vec<f64> {
    // Before the first look the sum is 0 with certainty.
    let mut inside: Vec<(f64, f64)> = vec![(0.0, 1.0)];
    let (mut crossed, mut ever) = (Vec::with_capacity(limits.len()), 0.0);
    for (look, limit) in limits.iter().enumerate() {
        let scale = sqrt((look + 1) as f64);
        let high = limit.min(FAR) * scale;
        let low = match sides {
            Sides::One => -FAR * scale,
            Sides::Two => -high,
        };
        let beyond = |sum: f64| match sides {
            Sides::One => normal_tail(limit * scale - sum),
            Sides::Two => normal_tail(limit * scale - sum) + normal_tail(limit * scale + sum),
        };
        ever += inside
            .iter()
            .map(|(sum, mass)| mass * beyond(*sum))
            .sum::<f64>();
        crossed.push(ever);
        let rule = GaussLegendre::new((16.0 + density * (high - low)) as usize);
        inside = rule
            .on(low, high)
            .map(|(sum, weight)| (sum, weight * arrived(&inside, sum)))
            .collect();
    }
    crossed
}

/// The density of the next sum at `sum`. Increments of more than [`FAR`] are left out.
fn arrived(inside: &[(f64, f64)], sum: f64) -> f64 {
    inside
        .iter()
        .filter(|(before, _)| fabs(sum - before) < FAR)
        .map(|(before, mass)| mass * normal_density(sum - before))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looking five times at 1.96 (P. Armitage, C. K. McPherson, B. C. Rowe, 1969, table 2: .142), to
    /// the digits of an independent recursion.
    #[test]
    fn peeking_inflates_the_error_as_published() {
        let crossed = crossing(&[1.959_963_984_540_054; 5], Sides::Two).unwrap();
        let expect = [
            0.049_999_999_999_987_61,
            0.083_117_803_354_492_59,
            0.107_256_374_639_568_27,
            0.126_169_012_502_070_8,
            0.141_689_332_590_899_55,
        ];
        for (got, expect) in crossed.iter().zip(expect) {
            assert!(fabs(got - expect) < 1e-7, "{got}, not {expect}");
        }
    }

    /// C. Jennison, B. W. Turnbull, Group Sequential Methods (2000), tables 2.1 and 2.3: 2.413 and
    /// 2.040 for five looks at 5 %, two-sided; the other rows are of the same tables.
    #[test]
    fn the_constants_are_the_published_ones() {
        let check = |looks: u32, alpha, boundary, expect: f64| {
            let test = GroupSequential::new(looks, alpha, Sides::Two, boundary);
            let last = test.limits()[looks as usize - 1];
            assert!(fabs(last - expect) < 1e-6, "{looks} {boundary:?}: {last}");
        };
        check(5, 0.05, Boundary::Pocock, 2.413_176_220_060_998);
        check(5, 0.05, Boundary::OBrienFleming, 2.040_073_174_797_280_7);
        check(1, 0.05, Boundary::Pocock, 1.959_963_984_540_054);
        let rounded = |looks: u32, alpha, boundary| {
            let test = GroupSequential::new(looks, alpha, Sides::Two, boundary);
            (test.limits()[looks as usize - 1] * 1e3).round() / 1e3
        };
        assert_eq!(rounded(2, 0.05, Boundary::Pocock), 2.178);
        assert_eq!(rounded(10, 0.05, Boundary::Pocock), 2.555);
        assert_eq!(rounded(10, 0.05, Boundary::OBrienFleming), 2.087);
    }

    /// One-sided at half the level is two-sided but for paths that cross both limits.
    #[test]
    fn one_side_at_half_the_level_is_nearly_two_sides() {
        let one = GroupSequential::new(5, 0.025, Sides::One, Boundary::OBrienFleming);
        let two = GroupSequential::new(5, 0.05, Sides::Two, Boundary::OBrienFleming);
        let (one, two) = (one.limits()[4], two.limits()[4]);
        assert!(fabs(one - two) < 1e-5, "{one} {two}");
    }

    #[test]
    fn after_the_last_look_nothing_is_tested() {
        let mut test = GroupSequential::new(2, 0.05, Sides::One, Boundary::Pocock);
        assert_eq!(test.observe(0.0), Verdict::Undecided);
        assert_eq!(test.observe(1.0), Verdict::Undecided);
        assert_eq!(test.observe(99.0), Verdict::Undecided);
        assert_eq!(test.looks_taken(), 2);
    }

    #[test]
    fn two_sides_reject_below_too() {
        let check = |sides, expect| {
            let mut test = GroupSequential::new(3, 0.05, sides, Boundary::OBrienFleming);
            assert_eq!(test.observe(-9.0), expect);
        };
        check(Sides::One, Verdict::Undecided);
        check(Sides::Two, Verdict::Rejected);
    }
}
