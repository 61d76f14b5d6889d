//! The hashes that splitters use, as they are published; every one is of bytes.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// MurmurHash2 of 32 bits as nginx has it (`ngx_murmur_hash2`): the seed is the length.
pub fn murmur2(data: &[u8]) -> u32 {
    const M: u32 = 0x5bd1_e995;
    let mut hash = data.len() as u32;
    let mut chunks = data.chunks_exact(4);
    for chunk in &mut chunks {
        let mut word = little::<u32>(chunk).wrapping_mul(M);
        word ^= word >> 24;
        hash = hash.wrapping_mul(M) ^ word.wrapping_mul(M);
    }
    if !chunks.remainder().is_empty() {
        hash = (hash ^ little::<u32>(chunks.remainder())).wrapping_mul(M);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(M);
    hash ^ (hash >> 15)
}

/// MurmurHash3 of 32 bits (x86 variant).
pub fn murmur3(data: &[u8], seed: u32) -> u32 {
    let scramble = |word: u32| {
        let word = word.wrapping_mul(0xcc9e_2d51).rotate_left(15);
        word.wrapping_mul(0x1b87_3593)
    };
    let mut hash = seed;
    let mut chunks = data.chunks_exact(4);
    for chunk in &mut chunks {
        hash = (hash ^ scramble(little(chunk))).rotate_left(13);
        hash = hash.wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    if !chunks.remainder().is_empty() {
        hash ^= scramble(little(chunks.remainder()));
    }
    hash ^= data.len() as u32;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// FNV-1a of 32 bits.
pub fn fnv1a_32(data: &[u8]) -> u32 {
    data.iter().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

/// FNV-1a of 64 bits.
pub fn fnv1a_64(data: &[u8]) -> u64 {
    data.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The hash of sdbm: each byte multiplies by 65 599.
pub fn sdbm(data: &[u8]) -> u32 {
    data.iter().fold(0, |hash: u32, byte| {
        hash.wrapping_mul(65_599).wrapping_add(u32::from(*byte))
    })
}

/// Bernstein's hash: each byte multiplies by 33, from 5381.
pub fn djb2(data: &[u8]) -> u32 {
    data.iter().fold(5381, |hash: u32, byte| {
        hash.wrapping_mul(33).wrapping_add(u32::from(*byte))
    })
}

/// Bob Jenkins's avalanche of a number of 32 bits, spread by a prime near three quarters of the range, as HAProxy
/// places servers on its ring.
pub fn avalanche(number: u32) -> u32 {
    let mut a = number;
    a = a.wrapping_add(0x7ed5_5d16).wrapping_add(a << 12);
    a = (a ^ 0xc761_c23c) ^ (a >> 19);
    a = a.wrapping_add(0x1656_67b1).wrapping_add(a << 5);
    a = a.wrapping_add(0xd3a2_646c) ^ (a << 9);
    a = a.wrapping_add(0xfd70_46c5).wrapping_add(a << 3);
    a = (a ^ 0xb55a_4f09) ^ (a >> 16);
    a.wrapping_mul(3_221_225_473)
}

/// CRC-32 of IEEE 802.3.
pub fn crc32(data: &[u8]) -> u32 {
    crc32fast::hash(data)
}

/// SHA-1.
pub fn sha1(data: &[u8]) -> [u8; 20] {
    Sha1::digest(data).into()
}

/// SHA-256.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

/// MD5.
pub fn md5(data: &[u8]) -> [u8; 16] {
    Md5::digest(data).into()
}

/// The number whose hexadecimal digits are the first `digits` of a digest, at most 16.
pub fn first_digits(digest: &[u8], digits: u32) -> u64 {
    let whole = digest[..8].iter();
    let first = whole.fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    first >> (64 - 4 * digits)
}

/// The primes of xxHash.
const XX: [u64; 5] = [
    0x9e37_79b1_85eb_ca87,
    0xc2b2_ae3d_27d4_eb4f,
    0x1656_67b1_9e37_79f9,
    0x85eb_ca77_c2b2_ae63,
    0x27d4_eb2f_1656_67c5,
];

/// xxHash of 64 bits.
pub fn xxh64(data: &[u8], seed: u64) -> u64 {
    let (hash, rest) = if data.len() < 32 {
        (seed.wrapping_add(XX[4]), data)
    } else {
        stripes(data, seed)
    };
    let mut hash = tail(hash.wrapping_add(data.len() as u64), rest);
    hash = (hash ^ (hash >> 33)).wrapping_mul(XX[1]);
    hash = (hash ^ (hash >> 29)).wrapping_mul(XX[2]);
    hash ^ (hash >> 32)
}

fn xx_round(lane: u64, word: u64) -> u64 {
    let lane = lane.wrapping_add(word.wrapping_mul(XX[1])).rotate_left(31);
    lane.wrapping_mul(XX[0])
}

/// Whole stripes of 32 bytes go through four lanes; what is left after them is given back.
fn stripes(data: &[u8], seed: u64) -> (u64, &[u8]) {
    let first = seed.wrapping_add(XX[0]);
    let mut lanes = [
        first.wrapping_add(XX[1]),
        seed.wrapping_add(XX[1]),
        seed,
        seed.wrapping_sub(XX[0]),
    ];
    let mut stripes = data.chunks_exact(32);
    for stripe in &mut stripes {
        for (lane, word) in lanes.iter_mut().zip(stripe.chunks_exact(8)) {
            *lane = xx_round(*lane, little(word));
        }
    }
    let turns = [1, 7, 12, 18];
    let sum = lanes.iter().zip(turns).fold(0, |sum: u64, (lane, turn)| {
        sum.wrapping_add(lane.rotate_left(turn))
    });
    let hash = lanes.iter().fold(sum, |hash, lane| {
        (hash ^ xx_round(0, *lane))
            .wrapping_mul(XX[0])
            .wrapping_add(XX[3])
    });
    (hash, stripes.remainder())
}

/// Less than a stripe: words, at most one half of a word, bytes.
fn tail(hash: u64, rest: &[u8]) -> u64 {
    let mut hash = hash;
    let mut words = rest.chunks_exact(8);
    for word in &mut words {
        hash = (hash ^ xx_round(0, little(word))).rotate_left(27);
        hash = hash.wrapping_mul(XX[0]).wrapping_add(XX[3]);
    }
    let mut halves = words.remainder().chunks_exact(4);
    for half in &mut halves {
        hash = (hash ^ little::<u64>(half).wrapping_mul(XX[0])).rotate_left(23);
        hash = hash.wrapping_mul(XX[1]).wrapping_add(XX[2]);
    }
    for byte in halves.remainder() {
        hash = (hash ^ u64::from(*byte).wrapping_mul(XX[4])).rotate_left(11);
        hash = hash.wrapping_mul(XX[0]);
    }
    hash
}

/// At most eight bytes as a number, the lowest first.
fn little<T: TryFrom<u64>>(bytes: &[u8]) -> T
where
    T::Error: std::fmt::Debug,
{
    let bytes = bytes.iter().rev();
    let number = bytes.fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    T::try_from(number).expect("as many bytes as the number has")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the reference implementations: SMHasher's murmur3 verification strings, the FNV test suite of Noll, RFC
    /// 3174, FIPS 180-4, RFC 1321, the CRC catalogue, and xxHash's own sanity values.
    #[test]
    fn published_values_are_reproduced() {
        assert_eq!(murmur3(b"", 1), 0x514e_28b7);
        assert_eq!(murmur3(b"test", 0), 0xba6b_d213);
        assert_eq!(murmur3(b"Hello, world!", 0), 0xc036_3e43);
        assert_eq!(fnv1a_32(b"foobar"), 0xbf9c_f968);
        assert_eq!(fnv1a_64(b"foobar"), 0x8594_4171_f739_67e8);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(first_digits(&sha1(b"abc"), 15), 0xa99_93e3_6470_6816);
        assert_eq!(first_digits(&sha256(b"abc"), 16), 0xba78_16bf_8f01_cfea);
        assert_eq!(first_digits(&md5(b"abc"), 16), 0x9001_5098_3cd2_4fb0);
        assert_eq!(xxh64(b"", 0), 0xef46_db37_51d8_e999);
        assert_eq!(xxh64(b"abc", 0), 0x44bc_2cf5_ad77_0999);
        let long = b"Nobody inspects the spammish repetition";
        assert_eq!(xxh64(long, 0), 0xfbce_a83c_8a37_8bf1);
    }
}
