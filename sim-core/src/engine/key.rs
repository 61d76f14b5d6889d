//! Keys: where the randomness of a replication comes from.

use super::Draws;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The source of all randomness of one replication.
///
/// A draw is a pure function of (key, purpose, entity, tick, number of the draw). It does not
/// depend on which other draws are made, in which order, or by which thread, so that two
/// policies under one key meet the same world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key([u32; 2]);

impl Key {
    /// Makes the key of a replication: the first 64 bits of stream `replication` of the
    /// ChaCha8 generator whose key is `root` in little-endian order, padded with zeros.
    pub fn for_replication(root: u64, replication: u64) -> Self {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&root.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(seed);
        generator.set_stream(replication);
        let low = generator.next_u32();
        Self([low, generator.next_u32()])
    }

    /// Returns the draws of `entity` for `purpose` at `tick`.
    ///
    /// Different addresses give independent draws; the same address gives the same ones.
    #[inline]
    pub const fn draws(self, purpose: u32, entity: u32, tick: u32) -> Draws {
        Draws::at(self.0, [0, tick, entity, purpose])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_addresses_give_equal_draws_and_every_word_of_an_address_counts() {
        let first = |root, replication, purpose, entity, tick| {
            Key::for_replication(root, replication)
                .draws(purpose, entity, tick)
                .next_u64()
        };
        let draw = first(7, 1, 2, 3, 4);
        assert_eq!(draw, first(7, 1, 2, 3, 4));
        for other in [
            first(8, 1, 2, 3, 4),
            first(7, 2, 2, 3, 4),
            first(7, 1, 3, 3, 4),
            first(7, 1, 2, 4, 4),
            first(7, 1, 2, 3, 5),
        ] {
            assert_ne!(draw, other);
        }
    }
}
