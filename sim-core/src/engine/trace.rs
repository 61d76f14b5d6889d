//! The trace of a run, its running hash, and where two traces part.

use super::SimTime;
use std::fmt;

/// A running 64-bit hash of words, stable for ever: results of old versions stay comparable.
///
/// Each word is mixed into the state by the finaliser of SplitMix64 (G. L. Steele, D. Lea,
/// C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA '14; constants of
/// D. Stafford's variant 13). A step is a bijection of the state and of the word, so two
/// sequences that differ in one word never collide. It resists accidents, not attackers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunningHash {
    state: u64,
}

impl RunningHash {
    /// The golden ratio in 64 bits, the increment of SplitMix64: it keeps zeros from being lost.
    const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

    /// Starts a hash of no words.
    pub const fn new() -> Self {
        Self { state: 0 }
    }

    /// Takes in one word.
    #[inline]
    pub const fn word(&mut self, word: u64) {
        self.state = mix(self.state.wrapping_add(Self::GAMMA) ^ word);
    }

    /// Takes in a number bit for bit; the two zeros differ, and so do the kinds of NaN.
    pub const fn float(&mut self, number: f64) {
        self.word(number.to_bits());
    }

    /// Takes in the length and the bytes of a text.
    pub fn text(&mut self, text: &str) {
        self.word(text.len() as u64);
        for chunk in text.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }

    /// Returns the hash of the words so far.
    pub const fn finish(&self) -> u64 {
        self.state
    }
}

impl Default for RunningHash {
    fn default() -> Self {
        Self::new()
    }
}

const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// Something that writes itself into a hash as words.
pub trait Record {
    /// Writes everything by which two values of the type can differ.
    ///
    /// The words are a format: changing them changes the hash of every recorded run.
    fn record(&self, into: &mut RunningHash);
}

/// What happened in a run, in order, with a running hash.
#[derive(Clone, Debug)]
pub struct Trace<E> {
    events: Vec<(SimTime, E)>,
    hash: RunningHash,
}

impl<E> Default for Trace<E> {
    fn default() -> Self {
        Self {
            events: Vec::new(),
            hash: RunningHash::new(),
        }
    }
}

impl<E> Trace<E> {
    /// Makes an empty trace.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the number of events.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Says whether nothing has happened.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Returns the events in order.
    pub fn iter(&self) -> std::slice::Iter<'_, (SimTime, E)> {
        self.events.iter()
    }

    /// Returns the hash of everything recorded so far.
    pub fn hash(&self) -> u64 {
        self.hash.finish()
    }
}

impl<E: Record> Trace<E> {
    /// Records that `event` happened at `at`.
    pub fn push(&mut self, at: SimTime, event: E) {
        record_into(&mut self.hash, at, &event);
        self.events.push((at, event));
    }
}

impl<E: Record + Clone> Trace<E> {
    /// Returns the first event at which the traces differ, or `None` when they are equal.
    ///
    /// Equal means that the events record the same words, which is what the hash sees.
    pub fn first_divergence(&self, other: &Self) -> Option<Divergence<E>> {
        let longer = self.len().max(other.len());
        (0..longer).find_map(|index| {
            let (left, right) = (self.events.get(index), other.events.get(index));
            if left.map(event_hash) == right.map(event_hash) {
                return None;
            }
            let at = left.into_iter().chain(right).map(|(at, _)| *at).min()?;
            Some(Divergence {
                index,
                at,
                left: left.cloned(),
                right: right.cloned(),
            })
        })
    }
}

fn record_into<E: Record>(hash: &mut RunningHash, at: SimTime, event: &E) {
    hash.word(at.as_nanos());
    event.record(hash);
}

fn event_hash<E: Record>((at, event): &(SimTime, E)) -> u64 {
    let mut hash = RunningHash::new();
    record_into(&mut hash, *at, event);
    hash.finish()
}

impl<'a, E> IntoIterator for &'a Trace<E> {
    type Item = &'a (SimTime, E);
    type IntoIter = std::slice::Iter<'a, (SimTime, E)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Where two traces part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence<E> {
    /// The place of the first differing event, from zero.
    pub index: usize,
    /// The earlier of the two instants there.
    pub at: SimTime,
    /// The event of the first trace, or `None` when it has ended.
    pub left: Option<(SimTime, E)>,
    /// The event of the second trace, or `None` when it has ended.
    pub right: Option<(SimTime, E)>,
}

impl<E: fmt::Debug> fmt::Display for Divergence<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |event: &Option<(SimTime, E)>| match event {
            Some((at, event)) => format!("{event:?} at {at}"),
            None => "the end of the trace".to_owned(),
        };
        let (left, right) = (side(&self.left), side(&self.right));
        write!(
            f,
            "event {} at {}: {left} against {right}",
            self.index, self.at
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Mark(u64);

    impl Record for Mark {
        fn record(&self, into: &mut RunningHash) {
            into.word(self.0);
        }
    }

    fn trace(marks: &[(u64, u64)]) -> Trace<Mark> {
        let mut trace = Trace::new();
        for (at, mark) in marks {
            trace.push(SimTime::from_nanos(*at), Mark(*mark));
        }
        trace
    }

    fn first_difference(left: &[(u64, u64)], right: &[(u64, u64)]) -> Option<(usize, u64)> {
        let (left, right) = (trace(left), trace(right));
        let found = left.first_divergence(&right);
        assert_eq!(found.is_none(), left.hash() == right.hash());
        found.map(|divergence| (divergence.index, divergence.at.as_nanos()))
    }

    #[test]
    fn a_mismatch_names_the_first_diverging_event() {
        let base = [(1, 10), (2, 20), (3, 30)];
        assert_eq!(first_difference(&base, &base), None);
        assert_eq!(
            first_difference(&base, &[(1, 10), (2, 21), (3, 31)]),
            Some((1, 2))
        );
        assert_eq!(
            first_difference(&base, &[(1, 10), (2, 20), (4, 30)]),
            Some((2, 3))
        );
        assert_eq!(first_difference(&base, &base[..2]), Some((2, 3)));
        assert_eq!(first_difference(&[], &base), Some((0, 1)));
        // Top bits that cancel in a plain multiplicative hash.
        let (flipped, also_flipped) = ((1 << 63) + 10, (1 << 63) + 20);
        let found = first_difference(&base, &[(1, flipped), (2, also_flipped), (3, 30)]);
        assert_eq!(found, Some((0, 1)));
    }

    #[test]
    fn a_divergence_is_told_in_one_line() {
        let (left, right) = (trace(&[(1_000_000_000, 4)]), trace(&[]));
        let divergence = left.first_divergence(&right).unwrap();
        let told = "event 0 at 0:00:01: Mark(4) at 0:00:01 against the end of the trace";
        assert_eq!(divergence.to_string(), told);
    }

    #[test]
    fn the_hash_of_known_words_never_changes() {
        // The first two outputs of SplitMix64 from state 0 (J. Lea's java.util.SplittableRandom):
        // a zero word from a fresh state is its first step.
        let mut hash = RunningHash::new();
        hash.word(0);
        assert_eq!(hash.finish(), 0xE220_A839_7B1D_CDAF);
    }
}
