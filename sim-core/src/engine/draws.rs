//! Draws: the random bits at one address.

use super::philox::philox4x32_10;
use rand::TryRng;
use std::convert::Infallible;

const TWO_POW_MINUS_53: f64 = 1.0 / 9_007_199_254_740_992.0;
const TWO_POW_64: f64 = 18_446_744_073_709_551_616.0;

/// The sequence of draws at one address of a [`Key`](super::Key).
///
/// A clone repeats what follows. The sequence wraps after 2^33 draws of 64 bits.
#[derive(Clone, Debug)]
pub struct Draws {
    key: [u32; 2],
    /// The address of the next block; its first word counts the blocks.
    counter: [u32; 4],
    /// The second half of the current block, when it has not been drawn yet.
    spare: Option<u64>,
}

impl Draws {
    #[inline]
    pub(super) const fn at(key: [u32; 2], counter: [u32; 4]) -> Self {
        Self {
            key,
            counter,
            spare: None,
        }
    }

    /// Returns the draws at a place below this address: 16 blocks for each of the places 1 to 2^28 - 1, on
    /// which the draws of the address itself border from below.
    #[inline]
    pub(crate) const fn branch(&self, place: u32) -> Self {
        let [_, tick, entity, purpose] = self.counter;
        Self::at(self.key, [place << 4, tick, entity, purpose])
    }

    /// Draws 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        if let Some(word) = self.spare.take() {
            return word;
        }
        let [a, b, c, d] = philox4x32_10(self.counter, self.key);
        self.counter[0] = self.counter[0].wrapping_add(1);
        self.spare = Some(u64::from(d) << 32 | u64::from(c));
        u64::from(b) << 32 | u64::from(a)
    }

    /// Draws 32 random bits: the high half of a draw of 64.
    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        (self.next_u64() >> 32) as u32
    }

    /// Draws a number from the open interval (0, 1), a multiple of 2^-53 but for the lowest.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        open_unit(self.next_u64())
    }

    /// Draws an integer from 0 to `n` - 1, each equally likely.
    ///
    /// Source: D. Lemire, "Fast random integer generation in an interval", TOMACS 29 (2019).
    ///
    /// # Panics
    /// When `n` is zero.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "there is no integer below zero");
        let mut product = u128::from(self.next_u64()) * u128::from(n);
        if (product as u64) < n {
            let excess = n.wrapping_neg() % n;
            while (product as u64) < excess {
                product = u128::from(self.next_u64()) * u128::from(n);
            }
        }
        (product >> 64) as u64
    }

    /// Says yes with probability `p`: never at 0 or below or NaN, always at 1 or above.
    ///
    /// It takes exactly one draw whatever `p` is, so that a change of `p` shifts no other draw.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        let draw = self.next_u64();
        // The cast saturates: only p = 1 needs a word of its own.
        p >= 1.0 || draw < (p * TWO_POW_64) as u64
    }
}

/// Maps 64 random bits to (0, 1) by the highest 53.
#[inline]
fn open_unit(word: u64) -> f64 {
    // The lowest value stands for [0, 2^-53) and is set to its middle, so that a logarithm of
    // the result is finite.
    ((word >> 11) as f64).max(0.5) * TWO_POW_MINUS_53
}

impl TryRng for Draws {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(Draws::next_u32(self))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(Draws::next_u64(self))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = Draws::next_u64(self).to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Key;
    use rand::Rng;

    const SEED: u64 = 20_261_121;

    fn draws(entity: u32) -> Draws {
        Key::for_replication(SEED, 0).draws(0, entity, 1)
    }

    #[test]
    fn uniform_numbers_stay_strictly_between_zero_and_one() {
        assert_eq!(open_unit(0), 0.5 * TWO_POW_MINUS_53);
        assert_eq!(open_unit(u64::MAX), 1.0 - TWO_POW_MINUS_53);
        assert_eq!(open_unit(1 << 63), 0.5);
    }

    #[test]
    fn uniform_numbers_have_their_mean_and_variance() {
        let (mut draws, n) = (draws(1), 1_000_000);
        let centered = (0..n).map(|_| draws.uniform() - 0.5);
        let (sum, squares) = centered.fold((0.0, 0.0), |(s, q), x| (s + x, q + x * x));
        let n = f64::from(n);
        let mean_score = sum / n / (1.0 / 12.0 / n).sqrt();
        // The fourth central moment is 1 / 80.
        let variance_score = (squares / n - 1.0 / 12.0) / ((1.0 / 80.0 - 1.0 / 144.0) / n).sqrt();
        assert!(mean_score.abs() < 4.0, "seed {SEED}: {mean_score}");
        assert!(variance_score.abs() < 4.0, "seed {SEED}: {variance_score}");
    }

    #[test]
    fn integers_below_a_bound_are_equally_likely() {
        let (mut draws, n) = (draws(2), 210_000_u32);
        let mut counts = [0_u32; 7];
        for _ in 0..n {
            counts[draws.below(7) as usize] += 1;
        }
        let expect = f64::from(n) / 7.0;
        let terms = counts.map(|count| {
            let excess = f64::from(count) - expect;
            excess * excess / expect
        });
        // SciPy chi2(6).isf(1e-4).
        assert!(terms.iter().sum::<f64>() < 27.86, "seed {SEED}: {counts:?}");
    }

    #[test]
    fn a_bound_just_above_half_the_range_rejects_without_bias() {
        // Multiplication alone would favour some integers two to one for this bound.
        let mut draws = draws(3);
        let n = 100_000.0;
        let bound = (1 << 63) + (1 << 62);
        let low = (0..100_000)
            .filter(|_| draws.below(bound) < bound / 3)
            .count() as f64;
        let score = (low - n / 3.0) / (n * 2.0 / 9.0).sqrt();
        assert!(score.abs() < 4.0, "seed {SEED}: {score}");
        let odd = (0..100_000).filter(|_| draws.below(bound) % 3 == 2).count() as f64;
        let score = (odd - n / 3.0) / (n * 2.0 / 9.0).sqrt();
        assert!(score.abs() < 4.0, "seed {SEED}: {score}");
        assert_eq!(draws.below(1), 0);
        assert!(draws.below(u64::MAX) < u64::MAX);
    }

    #[test]
    fn a_chance_is_certain_at_the_ends_and_fair_between() {
        let mut draws = draws(4);
        for (p, expect) in [(0.0, false), (-1.0, false), (f64::NAN, false), (1.0, true)] {
            assert!((0..1_000).all(|_| draws.chance(p) == expect), "{p}");
        }
        let n = 100_000;
        let yes = (0..n).filter(|_| draws.chance(0.3)).count() as f64;
        let score = (yes - 0.3 * f64::from(n)) / (0.21 * f64::from(n)).sqrt();
        assert!(score.abs() < 4.0, "seed {SEED}: {score}");
    }

    #[test]
    fn a_chance_takes_one_draw_whatever_its_probability() {
        let (mut left, mut right) = (draws(5), draws(5));
        let _ = (left.chance(0.0), right.chance(1.0));
        assert_eq!(left.next_u64(), right.next_u64());
    }

    #[test]
    fn the_trait_of_rand_sees_the_same_bits() {
        let (mut ours, mut theirs) = (draws(6), draws(6));
        assert_eq!(ours.next_u64(), Rng::next_u64(&mut theirs));
        assert_eq!(ours.next_u32(), Rng::next_u32(&mut theirs));
        let mut bytes = [0; 11];
        theirs.fill_bytes(&mut bytes);
        assert_eq!(bytes[..8], ours.next_u64().to_le_bytes());
        assert_eq!(bytes[8..], ours.next_u64().to_le_bytes()[..3]);
    }
}
