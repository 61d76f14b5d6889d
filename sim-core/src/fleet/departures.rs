//! Departures: many who leave one after another, each in a time of its own.

use crate::engine::{Distribution, Draws, SimDuration, sample};

/// The last so many leave one by one; before them, blocks of this part of those who are still there.
const FINE: u64 = 64;

/// Draws when each of `count` is gone whose stays are independent and distributed as `stay`: instants in order
/// of time, and how many in all are gone by then.
///
/// It goes back from the last one: of the chances to stay longer, the k-th smallest of n is beta(k, n + 1 - k)
/// distributed, and given it, b further ones reach up to a beta(b, n - k - b + 1) of what is left (H. A. David,
/// H. N. Nagaraja, "Order Statistics", 3rd edition, section 2.5). So the last one is exact whatever their
/// number, and a million cost some hundred draws.
pub(crate) fn departures(
    stay: &Distribution,
    count: u64,
    draws: &mut Draws,
) -> Vec<(SimDuration, u64)> {
    let mut gone = Vec::new();
    let (mut chance, mut done) = (0.0, 0);
    while done < count {
        let block = (done / FINE).clamp(1, count - done);
        let part = sample::beta(draws, block as f64, (count - done - block + 1) as f64);
        let next = chance + (1.0 - chance) * part;
        let typical = if block == 1 {
            next
        } else {
            f64::midpoint(chance, next)
        };
        gone.push((stay.exceeded_with(typical), count - done));
        (chance, done) = (next, done + block);
    }
    gone.reverse();
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Key;

    /// Source: the mean of the largest of n exponentials is the n-th harmonic number; e^-t of them stay
    /// longer than t means.
    #[test]
    fn each_leaves_in_its_own_time_and_the_last_one_late() {
        let mean = SimDuration::from_mins(45);
        let stay = Distribution::Exponential { mean };
        for count in [1_u64, 10, 1_000, 1_000_000] {
            let (mut last, mut two_hours) = (0.0, 0.0);
            let trials = 400;
            for trial in 0..trials {
                let mut draws = Key::for_replication(5, trial).draws(0, 0, 0);
                let gone = departures(&stay, count, &mut draws);
                assert!(gone.is_sorted(), "seed 5, {trial}");
                assert_eq!(gone.last().map(|last| last.1), Some(count));
                last += gone[gone.len() - 1].0.as_secs_f64() / mean.as_secs_f64();
                let by = gone.partition_point(|gone| gone.0 <= mean * 2);
                two_hours += by.checked_sub(1).map_or(0, |at| gone[at].1) as f64;
            }
            let n = trials as f64;
            let harmonic: f64 = (1..=count).map(|k| 1.0 / k as f64).sum();
            // The standard deviation of the largest is below pi / sqrt 6.
            let z = (last / n - harmonic) / (1.2825 / n.sqrt());
            assert!(
                z.abs() < 4.0,
                "seed 5, {count}: last after {}, z = {z}",
                last / n
            );
            let stayed = 1.0 - two_hours / n / count as f64;
            let expected = libm::exp(-2.0);
            let sd = (expected * (1.0 - expected) / (n * count as f64)).sqrt();
            // A block is a 64th of those who are left.
            let off = (stayed - expected).abs();
            assert!(
                off < 4.0 * sd + expected / 64.0,
                "seed 5, {count}: {stayed} stay"
            );
        }
    }
}
