//! A rollout of 24 hours, twice: every host for itself, and the fleet as one number.
//!
//! Hosts measure a level of 100 +- 10 every 15 s; every minute a gate asks whether its mean is above
//! 103, and ten times in a row roll back. After 14 hours the release adds 5; a rollback takes it away.

use crate::work::{Random, fold, mix};

/// One second in ticks.
pub const SECOND: u64 = 1_000_000_000;
/// How many hosts there are.
pub const HOSTS: u64 = 1000;
/// A host measures so often, the first time one second before this.
pub const SCRAPE: u64 = 15 * SECOND;
/// The gate is asked so often.
pub const MINUTE: u64 = 60 * SECOND;
/// The rollout ends after this.
pub const DAY: u64 = 24 * 3600 * SECOND;

const BREAKS: u64 = 14 * 3600 * SECOND;
const NORMALS: usize = 1 << 16;
const MICRO: f64 = 1e6;

/// What a gate and a release do, whoever brings the samples.
pub struct Gate {
    normals: Vec<i64>,
    count: i64,
    sum: i64,
    run: u32,
    samples: u64,
    rolled_back: u64,
    earlier: u64,
    hash: u64,
    replication: u64,
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

impl Gate {
    /// Draws standard normals, in millionths, and makes a gate.
    pub fn new() -> Self {
        let mut random = Random::new(5);
        let normals = (0..NORMALS).map(|_| (random.normal() * MICRO) as i64);
        Self {
            normals: normals.collect(),
            count: 0,
            sum: 0,
            run: 0,
            samples: 0,
            rolled_back: 0,
            earlier: 0,
            hash: 0,
            replication: 0,
        }
    }

    /// Makes one of a release that was rolled back before it broke.
    pub fn mended() -> Self {
        Self {
            rolled_back: 1,
            ..Self::new()
        }
    }

    /// The level that one host measures, in millionths: a function of host and time.
    #[inline]
    pub fn level(&self, now: u64, host: u64) -> i64 {
        let normal = self.normals[mix(host << 44 ^ now) as usize % NORMALS];
        100_000_000 + 10 * normal + self.added(now)
    }

    #[inline]
    fn added(&self, now: u64) -> i64 {
        if now >= BREAKS && self.rolled_back == 0 {
            5_000_000
        } else {
            0
        }
    }

    /// Takes one sample in.
    #[inline]
    pub fn take(&mut self, level: i64) {
        self.count += 1;
        self.sum += level;
        self.samples += 1;
    }

    /// Takes in what a thousand hosts measured in a minute: their mean is one draw.
    pub fn take_minute(&mut self, now: u64) {
        let normal = self.normals[mix(self.replication << 50 ^ now) as usize % NORMALS];
        // Four samples of each of a thousand hosts: the standard deviation of the mean is 10 / sqrt(4000).
        self.count = 1;
        self.sum = 100_000_000 + normal * 158_114 / 1_000_000 + self.added(now - 1);
        self.samples += 4 * HOSTS;
    }

    /// Judges what was taken in since the last time; a mean above 103 ten times in a row rolls back.
    pub fn judge(&mut self, now: u64) {
        let breach = self.sum > 103_000_000 * self.count;
        self.run = if breach { self.run + 1 } else { 0 };
        self.hash = fold(self.hash, self.sum as u64);
        (self.count, self.sum) = (0, 0);
        if self.run == 10 && self.rolled_back == 0 {
            self.rolled_back = now;
        }
    }

    /// Begins the next rollout, on other draws.
    pub fn start_over(&mut self) {
        self.replication += 1;
        self.earlier += self.rolled_back;
        (self.run, self.rolled_back) = (0, 0);
    }

    /// Says whether the release has been rolled back.
    pub fn is_rolled_back(&self) -> bool {
        self.rolled_back > 0
    }

    /// When it was rolled back (seconds, summed over rollouts), how many samples there were, and a
    /// hash of all means.
    pub fn outcome(&self) -> Vec<u64> {
        let rolled_back = (self.earlier + self.rolled_back) / SECOND;
        vec![rolled_back, self.samples, self.hash]
    }
}

impl Random {
    /// Draws a standard normal number (G. Marsaglia, T. Bray, 1964).
    fn normal(&mut self) -> f64 {
        loop {
            let word = self.next();
            let x = (word >> 32) as f64 / 2_147_483_648.0 - 1.0;
            let y = (word as u32) as f64 / 2_147_483_648.0 - 1.0;
            let s = x * x + y * y;
            if s > 0.0 && s < 1.0 {
                return x * (-2.0 * s.ln() / s).sqrt();
            }
        }
    }
}
