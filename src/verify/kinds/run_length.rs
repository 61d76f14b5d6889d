//! Mean run lengths of control charts by their integral equations.

use sim_core::policy::gate::test::{GaussLegendre, normal_density, normal_tail};

/// A chart that moves from state to state by one normal reading of variance 1 until it alarms.
///
/// The mean run length from the state `s` solves `L(s) = 1 + atom(s) L(0) + integral of L(x)
/// density(s, x)` over the states without an alarm (E. S. Page, Biometrika 41, 1954; S. V. Crowder,
/// Technometrics 29, 1987).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Chart {
    /// `max(0, s + x - slack)`, with an alarm above `limit`.
    Cusum {
        /// What is taken from each reading.
        slack: f64,
        /// The limit.
        limit: f64,
    },
    /// `(1 - weight) s + weight x`, with an alarm beyond `limit` on either side.
    Ewma {
        /// The weight of a reading.
        weight: f64,
        /// The limit.
        limit: f64,
    },
}

/// Two node counts must agree this well, relatively.
const SETTLED: f64 = 1e-9;

/// More nodes than this are not tried; a system of so many equations takes a second.
const MOST_NODES: usize = 600;

impl Chart {
    /// Returns the mean number of readings to an alarm, from the state 0, when readings have the mean
    /// `shift`; nothing if the quadrature does not settle.
    pub fn mean_run_length(self, shift: f64) -> Option<f64> {
        let (width, reading) = match self {
            Self::Cusum { limit, .. } => (limit, 1.0),
            Self::Ewma { weight, limit } => (2.0 * limit, weight),
        };
        let mut nodes = 32 + (4.0 * width / reading) as usize;
        while nodes <= MOST_NODES {
            let (coarse, fine) = (
                self.solve(shift, nodes),
                self.solve(shift, nodes + nodes / 2),
            );
            if (coarse / fine - 1.0).abs() <= SETTLED {
                return Some(fine);
            }
            nodes *= 2;
        }
        None
    }

    fn solve(self, shift: f64, nodes: usize) -> f64 {
        let low = match self {
            Self::Cusum { .. } => 0.0,
            Self::Ewma { limit, .. } => -limit,
        };
        let (Self::Cusum { limit, .. } | Self::Ewma { limit, .. }) = self;
        // The state 0 itself comes first; it has an atom of its own, or a weight of 0.
        let mut states = vec![(0.0, 0.0)];
        states.extend(GaussLegendre::new(nodes).on(low, limit));
        let rows = (0..states.len())
            .map(|from| self.row(from, shift, &states))
            .collect();
        solved(rows)[0]
    }

    /// The row of the linear system for the state number `own`: the identity less the transitions,
    /// and 1 on the right-hand side.
    fn row(self, own: usize, shift: f64, states: &[(f64, f64)]) -> Vec<f64> {
        let from = states[own].0;
        let transition = |(to, weight): &(f64, f64)| match self {
            Self::Cusum { slack, .. } => weight * normal_density(to - from + slack - shift),
            Self::Ewma { weight: part, .. } => {
                weight * normal_density((to - (1.0 - part) * from) / part - shift) / part
            }
        };
        let mut row: Vec<f64> = states.iter().map(|state| -transition(state)).collect();
        if let Self::Cusum { slack, .. } = self {
            row[0] = -normal_tail(from - slack + shift);
        }
        row[own] += 1.0;
        row.push(1.0);
        row
    }
}

/// Solves a linear system by elimination with partial pivoting; each row ends with its right-hand
/// side.
fn solved(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let n = rows.len();
    for column in 0..n {
        let largest = (column..n)
            .max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))
            .expect("there is a row left");
        rows.swap(column, largest);
        let (above, below) = rows.split_at_mut(column + 1);
        let pivot = &above[column];
        for row in below {
            let factor = row[column] / pivot[column];
            for (value, of_pivot) in row.iter_mut().zip(pivot).skip(column) {
                *value -= factor * of_pivot;
            }
        }
    }
    let mut solution = vec![0.0; n];
    for index in (0..n).rev() {
        let row = &rows[index];
        let known: f64 = (index + 1..n).map(|j| row[j] * solution[j]).sum();
        solution[index] = (row[n] - known) / row[index];
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables of the literature: J. M. Lucas, R. B. Crosier (Technometrics 24, 1982) for CUSUM with
    /// slack 0.5, which count a two-sided chart for shift 0; Crowder (1987) for EWMA with weight 0.1
    /// and width 2.7.
    #[test]
    fn published_run_lengths_come_out() {
        let check = |chart: Chart, shift: f64, expect: f64| {
            let got = chart.mean_run_length(shift).expect("it settles");
            assert!(
                (got - expect).abs() < 0.005 * expect,
                "{chart:?} {shift}: {got}"
            );
        };
        let cusum = |limit| Chart::Cusum { slack: 0.5, limit };
        check(cusum(4.0), 0.0, 2.0 * 168.0);
        check(cusum(5.0), 0.0, 2.0 * 465.0);
        check(cusum(4.0), 1.0, 8.38);
        check(cusum(5.0), 2.0, 4.01);
        let weight: f64 = 0.1;
        let limit = 2.7 * (weight / (2.0 - weight)).sqrt();
        check(Chart::Ewma { weight, limit }, 0.0, 369.0);
        check(Chart::Ewma { weight, limit }, 1.0, 9.73);
    }

    /// A chart without memory alarms with the probability of one reading.
    #[test]
    fn without_memory_the_run_is_geometric() {
        let chart = Chart::Ewma {
            weight: 1.0,
            limit: 2.0,
        };
        let got = chart.mean_run_length(0.0).expect("it settles");
        let expect = 0.5 / normal_tail(2.0);
        assert!((got / expect - 1.0).abs() < 1e-9, "{got}, not {expect}");
    }
}
