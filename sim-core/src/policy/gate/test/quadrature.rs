//! Quadrature that does not trust itself.

use std::f64::consts::PI;

use libm::{cos, fabs};

/// Nodes and weights of the Gauss-Legendre rule on `[-1, 1]`.
#[derive(Clone, Debug)]
pub struct GaussLegendre {
    nodes: Vec<(f64, f64)>,
}

impl GaussLegendre {
    /// The rule with `n` nodes: the roots of the Legendre polynomial by Newton's method (Abramowitz
    /// and Stegun 25.4.29).
    ///
    /// # Panics
    ///
    /// If `n` is 0.
    pub fn new(n: usize) -> Self {
        assert!(n > 0, "a rule needs a node");
        let nodes = (0..n).map(|i| node(n, i)).collect();
        Self { nodes }
    }

    /// Returns the nodes and weights on `[low, high]`.
    pub fn on(&self, low: f64, high: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        self.nodes
            .iter()
            .map(move |(x, weight)| (middle + half * x, half * weight))
    }

    /// Integrates `f` over `[low, high]`.
    pub fn integrate(&self, low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
        self.on(low, high).map(|(x, weight)| weight * f(x)).sum()
    }
}

fn node(n: usize, i: usize) -> (f64, f64) {
    let mut x = -cos(PI * (i as f64 + 0.75) / (n as f64 + 0.5));
    let mut slope = 1.0;
    for _ in 0..100 {
        let (value, derivative) = legendre(n, x);
        slope = derivative;
        let step = value / derivative;
        x -= step;
        if fabs(step) < 1e-16 {
            break;
        }
    }
    (x, 2.0 / ((1.0 - x * x) * slope * slope))
}

/// The Legendre polynomial of degree `n` at `x` and its derivative, by the recurrence of Bonnet.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, x);
    for k in 2..=n {
        let k = k as f64;
        (before, value) = (
            value,
            ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k,
        );
    }
    let derivative = n as f64 * (before - x * value) / (1.0 - x * x);
    (value, derivative)
}

/// Evaluates `at`, a quantity that depends on a number of nodes, at two node counts, and doubles
/// both until the answers agree within `tolerance`.
///
/// Returns nothing if they still differ at `most` nodes: an integral that has not converged is no
/// number.
pub(super) fn settled(
    start: usize,
    most: usize,
    tolerance: f64,
    at: impl Fn(usize) -> f64,
) -> Option<f64> {
    let mut nodes = start;
    while nodes <= most {
        let (coarse, fine) = (at(nodes), at(nodes + nodes / 2));
        if fabs(coarse - fine) <= tolerance {
            return Some(fine);
        }
        nodes *= 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_of_n_nodes_is_exact_for_polynomials_up_to_degree_2n_minus_1() {
        let rule = GaussLegendre::new(5);
        let got = rule.integrate(0.0, 2.0, |x| x * x * x * x * x * x * x * x * x);
        assert!(fabs(got / 102.4 - 1.0) < 1e-13, "{got}");
    }

    #[test]
    fn large_rules_still_sum_to_the_length_of_the_interval() {
        for n in [64, 301, 1000] {
            let got = GaussLegendre::new(n).integrate(-3.0, 4.0, |_| 1.0);
            assert!(fabs(got - 7.0) < 1e-11, "{n}: {got}");
        }
    }

    #[test]
    fn an_integral_that_has_not_converged_is_refused() {
        let step = |n: usize| {
            GaussLegendre::new(n).integrate(-1.0, 1.0, |x| if x > 0.123_4 { 1.0 } else { 0.0 })
        };
        assert_eq!(settled(16, 64, 1e-6, step), None);
        let bell =
            |n: usize| GaussLegendre::new(n).integrate(-8.0, 8.0, |x| libm::exp(-0.5 * x * x));
        let got = settled(16, 64, 1e-9, bell).unwrap();
        assert!(fabs(got - 2.506_628_274_631) < 1e-9, "{got}");
    }
}
