//! Weighted least squares.

/// Solves `min sum w (y - X b)^2` by the normal equations and a Cholesky factor. Rows are given one by
/// one; a column that the others explain gets the coefficient 0.
pub(super) struct Normal {
    columns: usize,
    gram: Vec<f64>,
    right: Vec<f64>,
}

/// A pivot below this part of its diagonal stands for a column without information of its own.
const PIVOT_MIN: f64 = 1e-10;

impl Normal {
    pub fn new(columns: usize) -> Self {
        Self {
            columns,
            gram: vec![0.0; columns * columns],
            right: vec![0.0; columns],
        }
    }

    /// Adds a row with weight `w`; a negative weight takes it out again.
    pub fn add(&mut self, row: &[f64], y: f64, w: f64) {
        for (i, x) in row.iter().enumerate() {
            self.right[i] += w * x * y;
            for (j, z) in row[..=i].iter().enumerate() {
                self.gram[i * self.columns + j] += w * x * z;
            }
        }
    }

    /// Adds all rows of another system, `sign` times.
    pub fn add_all(&mut self, other: &Self, sign: f64) {
        let pairs = self.gram.iter_mut().zip(&other.gram);
        pairs.for_each(|(mine, more)| *mine += sign * more);
        let pairs = self.right.iter_mut().zip(&other.right);
        pairs.for_each(|(mine, more)| *mine += sign * more);
    }

    /// Returns the coefficients.
    pub fn solve(&self) -> Vec<f64> {
        let p = self.columns;
        let mut l = vec![0.0; p * p];
        let mut kept = vec![true; p];
        for i in 0..p {
            for j in 0..=i {
                let dot: f64 = (0..j).map(|k| l[i * p + k] * l[j * p + k]).sum();
                let rest = self.gram[i * p + j] - dot;
                if i == j {
                    kept[i] = rest > PIVOT_MIN * self.gram[i * p + i].max(f64::MIN_POSITIVE);
                    l[i * p + i] = if kept[i] { libm::sqrt(rest) } else { 1.0 };
                } else {
                    l[i * p + j] = if kept[j] { rest / l[j * p + j] } else { 0.0 };
                }
            }
        }
        self.substitute(&l, &kept)
    }

    fn substitute(&self, l: &[f64], kept: &[bool]) -> Vec<f64> {
        let p = self.columns;
        let mut b = vec![0.0; p];
        for i in 0..p {
            let dot: f64 = (0..i).map(|k| l[i * p + k] * b[k]).sum();
            b[i] = if kept[i] {
                (self.right[i] - dot) / l[i * p + i]
            } else {
                0.0
            };
        }
        for i in (0..p).rev() {
            let dot: f64 = (i + 1..p).map(|k| l[k * p + i] * b[k]).sum();
            b[i] = if kept[i] {
                (b[i] - dot) / l[i * p + i]
            } else {
                0.0
            };
        }
        b
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_through_points_is_found_and_a_copied_column_gets_nothing() {
        let mut system = Normal::new(3);
        for k in 0..5 {
            let x = f64::from(k);
            system.add(&[1.0, x, 2.0 * x], 3.0 - 2.0 * x, 1.0 + x);
        }
        let b = system.solve();
        let expect = [3.0, -2.0, 0.0];
        assert!(
            b.iter().zip(expect).all(|(b, e)| (b - e).abs() < 1e-9),
            "{b:?}"
        );
    }
}
