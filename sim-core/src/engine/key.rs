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
    /// # Example
    /// A draw has an address and not a turn: what else is drawn does not move it.
    ///
    /// ```
    /// use rand::Rng;
    /// use sim_core::engine::Key;
    ///
    /// let key = Key::for_replication(42, 0);
    /// let first = key.draws(1, 2, 3).next_u64();
    /// key.draws(9, 9, 9).next_u64();
    /// assert_eq!(key.draws(1, 2, 3).next_u64(), first);
    /// assert_ne!(Key::for_replication(42, 1).draws(1, 2, 3).next_u64(), first);
    /// ```
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

    /// Expected words: an independent Python program for ChaCha8 (checked against the ChaCha20
    /// keystream of RFC 8439) and Philox4x32-10.
    #[test]
    fn keys_and_first_draws_are_the_known_ones() {
        let check = |root, replication, key: [u32; 2], words: [u64; 3]| {
            let found = Key::for_replication(root, replication);
            assert_eq!(found, Key(key), "{root} {replication}");
            let mut draws = found.draws(2, 3, 4);
            assert_eq!(
                [0; 3].map(|_| draws.next_u64()),
                words,
                "{root} {replication}"
            );
        };
        check(
            0,
            0,
            [0x2FEF_003E, 0xD640_5F89],
            [
                0x314E_03F9_A793_EC6B,
                0x7932_D873_47FE_5C26,
                0x99FC_BAB0_C48F_23D8,
            ],
        );
        check(
            424_242,
            0,
            [0x00E9_C8E6, 0xD112_38FE],
            [
                0x3F51_AC6A_4B8C_F381,
                0x2F66_7D9B_071D_28E6,
                0xC55C_A154_59D2_8CD6,
            ],
        );
        check(
            424_242,
            7,
            [0x131F_7EB5, 0x48CA_DAA7],
            [
                0x3566_B8B6_0522_1C6E,
                0x8A54_04D8_5BFD_FA94,
                0x7035_EC02_FF25_A9CB,
            ],
        );
        check(
            u64::MAX,
            u64::MAX,
            [0x568F_F132, 0xF89E_7F57],
            [
                0x6300_6DF1_5C8D_C3AF,
                0x49D3_D9A7_A430_F020,
                0xF59E_DF31_9F35_4C3F,
            ],
        );
    }
}
