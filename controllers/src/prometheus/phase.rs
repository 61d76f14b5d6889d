//! When a group of rules is evaluated: its phase in the interval, and what happens when an evaluation takes too long.

use super::recording::Millis;

/// Returns the phase of a group in nanoseconds: every evaluation is at a multiple of the interval plus this.
///
/// Prometheus takes a hash (XXH64) of the path of the file and the name of the group, so that moving or renaming either
/// moves the evaluations. `interval` is in milliseconds and above 0.
pub fn phase_nanos(file: &str, group: &str, interval: Millis) -> u64 {
    let mut data = Vec::new();
    for text in ["file", file, "name", group] {
        match u8::try_from(text.len()) {
            Ok(length) if length < 255 => data.push(length),
            _ => {
                data.push(255);
                data.extend(&text.len().to_le_bytes()[..3]);
            }
        }
        data.extend(text.as_bytes());
    }
    xxh64(&data) % (interval.unsigned_abs() * 1_000_000)
}

/// Returns the first evaluation of a group that is loaded at a time: the next slot of its phase, up to one interval later.
pub fn first_evaluation(loaded: Millis, phase_nanos: u64, interval: Millis) -> Millis {
    // What is finer than a millisecond is in no sample; the slot keeps it until here.
    let phase = i128::from(phase_nanos);
    let (loaded, interval) = (
        i128::from(loaded) * 1_000_000,
        i128::from(interval) * 1_000_000,
    );
    let since = loaded - phase;
    let slot = since - since.rem_euclid(interval) + phase + interval;
    (slot.div_euclid(1_000_000)) as Millis
}

/// The evaluations of a group as a clock with slots.
///
/// The clock is a ticker with room for one tick: an evaluation that takes longer than the interval is followed at once by
/// the next, slots in between are missed, and the time that an evaluation sees is that of its slot and not of its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    interval: Millis,
    first: Millis,
    timestamp: Millis,
    began: Millis,
}

impl Slots {
    /// Starts with the first evaluation at a time.
    pub fn new(first: Millis, interval: Millis) -> Self {
        Self {
            interval,
            first,
            timestamp: first,
            began: first,
        }
    }

    /// Returns the time that the present evaluation sees.
    pub fn timestamp(&self) -> Millis {
        self.timestamp
    }

    /// Returns when the present evaluation begins.
    pub fn began(&self) -> Millis {
        self.began
    }

    /// Moves on to the next evaluation after the present one took a length of time.
    pub fn finish(&mut self, took: Millis) {
        let finished = self.began + took;
        let tick = self.tick_after(self.began);
        self.began = if tick <= finished { finished } else { tick };
        self.timestamp += (self.began - self.timestamp) / self.interval * self.interval;
    }

    fn tick_after(&self, at: Millis) -> Millis {
        self.first + ((at - self.first).div_euclid(self.interval) + 1) * self.interval
    }
}

const P1: u64 = 0x9E37_79B1_85EB_CA87;
const P2: u64 = 0xC2B2_AE3D_27D4_EB4F;
const P3: u64 = 0x1656_67B1_9E37_79F9;
const P4: u64 = 0x85EB_CA77_C2B2_AE63;
const P5: u64 = 0x27D4_EB2F_1656_67C5;

fn round(lane: u64, input: u64) -> u64 {
    let lane = lane.wrapping_add(input.wrapping_mul(P2));
    lane.rotate_left(31).wrapping_mul(P1)
}

fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

/// XXH64 with seed 0, after its public specification (Collet, 2016).
fn xxh64(data: &[u8]) -> u64 {
    let stripes = data.chunks_exact(32);
    let tail = stripes.remainder();
    let mut hash = P5;
    if data.len() >= 32 {
        let mut lanes = [P1.wrapping_add(P2), P2, 0, 0_u64.wrapping_sub(P1)];
        for stripe in stripes {
            for (lane, input) in lanes.iter_mut().zip(stripe.chunks_exact(8)) {
                *lane = round(*lane, word(input));
            }
        }
        hash = [1, 7, 12, 18]
            .into_iter()
            .zip(lanes)
            .fold(0, |sum: u64, (by, lane)| {
                sum.wrapping_add(lane.rotate_left(by))
            });
        for lane in lanes {
            hash = (hash ^ round(0, lane)).wrapping_mul(P1).wrapping_add(P4);
        }
    }
    avalanche(rest(hash.wrapping_add(data.len() as u64), tail))
}

fn rest(mut hash: u64, tail: &[u8]) -> u64 {
    let words = tail.chunks_exact(8);
    let mut left = words.remainder();
    for bytes in words {
        hash ^= round(0, word(bytes));
        hash = hash.rotate_left(27).wrapping_mul(P1).wrapping_add(P4);
    }
    if left.len() >= 4 {
        hash ^= word(&left[..4]).wrapping_mul(P1);
        hash = hash.rotate_left(23).wrapping_mul(P2).wrapping_add(P3);
        left = &left[4..];
    }
    for byte in left {
        hash ^= u64::from(*byte).wrapping_mul(P5);
        hash = hash.rotate_left(11).wrapping_mul(P1);
    }
    hash
}

fn avalanche(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 33)).wrapping_mul(P2);
    let hash = (hash ^ (hash >> 29)).wrapping_mul(P3);
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phase_is_the_hash_of_the_file_and_the_group() {
        let long = format!("/etc/prometheus/rules/{}.yml", "x".repeat(300));
        // From `labels.New(...).Hash()` of github.com/prometheus/prometheus v0.316.0.
        let cases = [
            ("/etc/prometheus/rules/slo.yml", "slo", 47_896_857_168),
            ("/etc/prometheus/rules.yml", "slo", 18_914_403_353),
            ("r.yml", "canary", 22_565_976_840),
            ("/etc/prometheus/slo.yml", "errors", 59_790_054_340),
            (&long, "slo", 12_074_743_666),
            ("", "", 49_739_330_214),
        ];
        for (file, group, expected) in cases {
            assert_eq!(phase_nanos(file, group, 60_000), expected, "{file} {group}");
        }
    }

    #[test]
    fn a_group_is_first_evaluated_at_the_next_slot_of_its_phase() {
        assert_eq!(first_evaluation(0, 47_896_857_168, 60_000), 47_896);
        assert_eq!(first_evaluation(50_000, 47_896_857_168, 60_000), 107_896);
        assert_eq!(first_evaluation(100_000, 0, 60_000), 120_000);
    }

    #[test]
    fn evaluations_of_90_s_at_one_a_minute_see_the_minutes_0_1_3_4_6() {
        let mut slots = Slots::new(0, 60_000);
        let mut seen = Vec::new();
        for _ in 0..5 {
            seen.push((slots.timestamp() / 60_000, slots.began() / 1000));
            slots.finish(90_000);
        }
        assert_eq!(seen, [(0, 0), (1, 90), (3, 180), (4, 270), (6, 360)]);
    }
}
