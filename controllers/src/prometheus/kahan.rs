//! Sums that carry what rounding loses (Kahan 1965, with Neumaier's exchange of 1974), as Prometheus adds.

/// A sum and what rounding lost.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sum {
    pub sum: f64,
    pub lost: f64,
}

impl Sum {
    /// Returns the sum with one number more.
    pub fn plus(self, number: f64) -> Self {
        let sum = self.sum + number;
        let lost = if sum.is_infinite() {
            0.0
        } else if self.sum.abs() >= number.abs() {
            self.lost + ((self.sum - sum) + number)
        } else {
            self.lost + ((number - sum) + self.sum)
        };
        Self { sum, lost }
    }

    /// Adds numbers up from zero.
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Self {
        numbers.into_iter().fold(Self::default(), Self::plus)
    }

    /// Returns the total.
    pub fn total(self) -> f64 {
        if self.sum.is_infinite() {
            return self.sum;
        }
        self.sum + self.lost
    }
}

/// Returns the mean, by the sum as long as it is finite and by a running mean from there on.
///
/// # Panics
///
/// Without numbers.
pub(super) fn mean(numbers: &[f64]) -> f64 {
    let (first, lost) = (numbers[0], 0.0);
    let mut sum = Sum { sum: first, lost };
    let mut running: Option<Sum> = None;
    for (nth, number) in numbers.iter().enumerate().skip(1) {
        let count = (nth + 1) as f64;
        if running.is_none() {
            let next = sum.plus(*number);
            if !next.sum.is_infinite() {
                sum = next;
                continue;
            }
        }
        let before = running.unwrap_or(Sum {
            sum: sum.sum / (count - 1.0),
            lost: sum.lost / (count - 1.0),
        });
        let share = (count - 1.0) / count;
        let scaled = Sum {
            sum: share * before.sum,
            lost: share * before.lost,
        };
        running = Some(scaled.plus(number / count));
    }
    let count = numbers.len() as f64;
    running.map_or(sum.sum / count + sum.lost / count, |mean| {
        mean.sum + mean.lost
    })
}

/// Returns a quantile by interpolation between neighbours; beyond 0 and 1 it is infinite.
pub(super) fn quantile(share: f64, mut numbers: Vec<f64>) -> f64 {
    if numbers.is_empty() || share.is_nan() {
        return f64::NAN;
    }
    if !(0.0..=1.0).contains(&share) {
        return share.signum() * f64::INFINITY;
    }
    // NaN sorts below every number.
    let key = |number: &f64| {
        if number.is_nan() {
            (0, 0.0)
        } else {
            (1, *number)
        }
    };
    numbers.sort_by(|a, b| key(a).partial_cmp(&key(b)).expect("no NaN is in a key"));
    let rank = share * (numbers.len() - 1) as f64;
    let lower = rank.floor() as usize;
    let weight = rank - rank.floor();
    if weight == 0.0 {
        return numbers[lower];
    }
    let upper = (lower + 1).min(numbers.len() - 1);
    numbers[lower] * (1.0 - weight) + numbers[upper] * weight
}
