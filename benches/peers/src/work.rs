//! The workloads, without an engine: what all of them draw, and what all of them must come to.

use std::time::Duration;

/// One timed run.
pub struct Measured {
    /// What was handled: events, customers, or rollouts.
    pub count: u64,
    /// CPU time from the first event to the last; setting up is not in it.
    pub cpu: Duration,
    /// What came out. Engines that did the same have the same numbers here.
    pub outcome: Vec<u64>,
}

/// xoshiro256++ of D. Blackman and S. Vigna (2019), seeded by splitmix64.
pub struct Random([u64; 4]);

impl Random {
    /// Makes a generator.
    pub fn new(mut seed: u64) -> Self {
        Self(std::array::from_fn(|_| {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            mix(seed)
        }))
    }

    /// Draws 64 bits.
    pub fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let drawn = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        drawn
    }

    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }
}

/// The finaliser of splitmix64: a hash of one word.
pub fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Folds a word into a hash that depends on the order.
pub fn fold(hash: u64, word: u64) -> u64 {
    (hash ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(5)
}

const RING: usize = 1 << 16;

/// Exponential times in whole ticks, drawn beforehand: engines are compared, not logarithms.
///
/// Ticks are integers below 2^53 in every workload, so that engines whose time is a float tell the
/// same times to the bit.
pub struct Times {
    ring: Vec<u64>,
    at: usize,
}

impl Times {
    /// Draws a ring of times with this mean.
    pub fn exponential(seed: u64, mean: f64) -> Self {
        let mut random = Random::new(seed);
        let ring = (0..RING).map(|_| 1 + (-random.unit().ln() * mean) as u64);
        Self {
            ring: ring.collect(),
            at: 0,
        }
    }

    /// Takes the next one.
    #[inline]
    pub fn next(&mut self) -> u64 {
        self.at = (self.at + 1) % RING;
        self.ring[self.at]
    }

    /// Looks one up.
    #[inline]
    pub fn of(&self, word: u64) -> u64 {
        self.ring[word as usize % RING]
    }
}

/// The hold model: take the next event, plan another one an exponential time later.
pub struct Hold {
    times: Times,
    left: u64,
    hash: u64,
}

impl Hold {
    /// The mean time between two events of one chain, in ticks.
    const MEAN: f64 = (1_u64 << 30) as f64;

    /// Makes the model of so many steps.
    pub fn new(steps: u64) -> Self {
        Self {
            times: Times::exponential(1, Self::MEAN),
            left: steps,
            hash: 0,
        }
    }

    /// The delay of one of the first events.
    pub fn first(&mut self) -> u64 {
        self.times.next()
    }

    /// An event has come: the delay of the next one, or none at the end.
    #[inline]
    pub fn step(&mut self, now: u64) -> Option<u64> {
        self.left = self.left.checked_sub(1)?;
        self.hash = fold(self.hash, now);
        Some(self.times.next())
    }

    /// Says whether all steps are done.
    pub fn is_done(&self) -> bool {
        self.left == 0
    }

    /// A hash of the times in the order in which they came.
    pub fn outcome(&self) -> Vec<u64> {
        vec![self.hash]
    }
}

/// How many logical processes PHOLD has.
pub const PROCESSES: u64 = 1024;

/// PHOLD (R. Fujimoto, 1990): an event at a process sends one to a process chosen at random.
pub struct Phold {
    times: Times,
    seen: Vec<u64>,
    left: u64,
    sum: u64,
}

impl Phold {
    /// Makes the model of so many events.
    pub fn new(events: u64) -> Self {
        Self {
            times: Times::exponential(2, Hold::MEAN),
            seen: vec![0; PROCESSES as usize],
            left: events,
            sum: 0,
        }
    }

    /// The delay of the first event at a process.
    pub fn first(&self, process: u64) -> u64 {
        self.times.of(mix(process))
    }

    /// An event has come to `process`: to whom it sends one after which delay, or none at the end.
    #[inline]
    pub fn step(&mut self, now: u64, process: u64) -> Option<(u64, u64)> {
        self.left = self.left.checked_sub(1)?;
        let seen = &mut self.seen[process as usize];
        *seen += 1;
        let word = mix(process << 40 ^ *seen);
        self.sum = self.sum.wrapping_add(mix(now ^ process << 54));
        Some((word % PROCESSES, self.times.of(word >> 32)))
    }

    /// Says whether all events are done.
    pub fn is_done(&self) -> bool {
        self.left == 0
    }

    /// A sum over all events of time and process.
    pub fn outcome(&self) -> Vec<u64> {
        vec![self.sum]
    }
}

/// M/M/1 at a load of 0.8 (A. K. Erlang, 1909): customers wait in turn for one server.
pub struct Counter {
    arrivals: Times,
    services: Times,
    coming: u64,
    waiting: std::collections::VecDeque<u64>,
    served: u64,
    waited: u64,
    busy: bool,
}

impl Counter {
    /// Makes the model of so many customers.
    pub fn new(customers: u64) -> Self {
        Self {
            arrivals: Times::exponential(3, 1e9),
            services: Times::exponential(4, 0.8e9),
            coming: customers,
            waiting: std::collections::VecDeque::new(),
            served: 0,
            waited: 0,
            busy: false,
        }
    }

    /// The delay of the next customer, or none after the last.
    #[inline]
    pub fn next_arrival(&mut self) -> Option<u64> {
        self.coming = self.coming.checked_sub(1)?;
        Some(self.arrivals.next())
    }

    /// A customer has come: how long the server takes for it, when it is free.
    #[inline]
    pub fn arrive(&mut self, now: u64) -> Option<u64> {
        self.waiting.push_back(now);
        if self.busy { None } else { self.start(now) }
    }

    /// A customer waits for an engine that starts the server by itself.
    pub fn queue_up(&mut self, now: u64) {
        self.waiting.push_back(now);
    }

    /// A customer leaves: how long the server takes for the next one.
    #[inline]
    pub fn depart(&mut self, now: u64) -> Option<u64> {
        self.busy = false;
        self.start(now)
    }

    fn start(&mut self, now: u64) -> Option<u64> {
        let came = self.waiting.pop_front()?;
        self.busy = true;
        self.served += 1;
        self.waited += now - came;
        Some(self.services.next())
    }

    /// How many were served, and the sum of their waits.
    pub fn outcome(&self) -> Vec<u64> {
        vec![self.served, self.waited]
    }
}
