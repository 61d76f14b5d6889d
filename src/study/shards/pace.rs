//! How many pieces are played between two looks at the clock, and when what they came to is written down.
//!
//! Neither has any influence on a result.

use std::time::{Duration, Instant};

/// So long a chunk should take: what a kill can undo at most, beside what was not written down yet.
const CHUNK: Duration = Duration::from_millis(500);
/// What has been played is written down this often, at most.
const KEEP_EVERY: Duration = Duration::from_millis(500);
/// Writing may take this part of the time.
const WRITING: u32 = 50;

/// The pace of one shard.
#[derive(Debug)]
pub struct Pace {
    chunk: u64,
    begun: Instant,
    kept: Instant,
    writing: Duration,
}

impl Pace {
    /// Begins with a few pieces for each thread.
    pub fn new() -> Self {
        let now = Instant::now();
        Self {
            chunk: rayon::current_num_threads() as u64 * 2,
            begun: now,
            kept: now,
            writing: Duration::ZERO,
        }
    }

    /// Returns how many pieces to play next.
    pub fn chunk(&mut self) -> u64 {
        self.begun = Instant::now();
        self.chunk
    }

    /// A chunk was played.
    pub fn played(&mut self) {
        let took = self.begun.elapsed();
        if took < CHUNK / 2 {
            self.chunk = self.chunk.saturating_mul(2);
        } else if took > CHUNK * 2 {
            self.chunk = (self.chunk / 2).max(1);
        }
    }

    /// Whether it is time to write down what was played.
    pub fn is_due(&self) -> bool {
        self.kept.elapsed() >= KEEP_EVERY.max(self.writing * WRITING)
    }

    /// Writes down.
    pub fn keep<T>(&mut self, write: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let written = write();
        self.writing = begun.elapsed();
        self.kept = Instant::now();
        written
    }
}
