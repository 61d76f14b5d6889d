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
        // The lowest value stands for [0, 2^-53) and is set to its middle, so that a logarithm
        // of the result is finite.
        ((self.next_u64() >> 11) as f64).max(0.5) * TWO_POW_MINUS_53
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
