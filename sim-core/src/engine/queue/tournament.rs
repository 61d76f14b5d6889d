//! The tournament: the event list while few events are pending.
//!
//! A complete binary tree of matches (tree selection: D. E. Knuth, The Art of Computer Programming,
//! volume 3, section 5.2.3): an entry enters at the leaf of its slot, and each node holds the
//! smaller of its two children. The way from a leaf to the root has the same length for all
//! entries, and nothing on it decides where to go next. So there is no branch to mispredict, and
//! the siblings along it are read at the same time; the heap that it replaced touched fewer nodes
//! and took twice as long.

use std::hint::select_unpredictable;

use super::packed;

/// The most leaves that a tree has; then it fills a second-level cache.
pub(super) const LEAVES_MAX: usize = 1 << 16;

/// An empty leaf. It loses against every entry: no event has the last sequence number.
const EMPTY: u128 = u128::MAX;

/// Entries by slot, and the smallest one at the root.
#[derive(Clone, Debug)]
pub(super) struct Tournament {
    /// The root is node 1, the children of node i are 2 i and 2 i + 1, and the leaves come last.
    nodes: Vec<u128>,
    leaves: usize,
    /// The leaf whose entry has been taken, 0 for none. The next entry mostly gets its slot, and
    /// then one way to the root does for both.
    hole: usize,
}

impl Tournament {
    pub(super) const fn new() -> Self {
        Self {
            nodes: Vec::new(),
            leaves: 0,
            hole: 0,
        }
    }

    /// Makes room for slots below `slots`, of which there are at most [`LEAVES_MAX`].
    pub(super) fn reserve(&mut self, slots: usize) {
        let leaves = slots.next_power_of_two();
        if leaves <= self.leaves {
            return;
        }
        self.close_hole();
        let mut nodes = vec![EMPTY; 2 * leaves];
        nodes[leaves..leaves + self.leaves].copy_from_slice(&self.nodes[self.leaves..]);
        for index in (1..leaves).rev() {
            nodes[index] = nodes[2 * index].min(nodes[2 * index + 1]);
        }
        (self.nodes, self.leaves) = (nodes, leaves);
    }

    /// Enters an entry at the leaf of its slot, which is free.
    #[inline]
    pub(super) fn push(&mut self, entry: u128) {
        let slot = packed::slot(entry) as usize;
        if slot >= self.leaves {
            self.reserve(slot + 1);
        }
        let leaf = self.leaves + slot;
        if self.hole != leaf {
            self.close_hole();
        }
        self.hole = 0;
        self.enter(leaf, entry);
    }

    /// Takes the smallest entry.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<u128> {
        self.close_hole();
        let first = *self.nodes.get(1).filter(|root| **root != EMPTY)?;
        self.hole = self.leaves + packed::slot(first) as usize;
        Some(first)
    }

    /// Returns the smallest entry: with a hole, the smallest of those that its leaf has played.
    pub(super) fn peek(&self) -> Option<u128> {
        let mut first = *self.nodes.get(1)?;
        if self.hole != 0 {
            let way = std::iter::successors(Some(self.hole), |node| Some(node / 2));
            let siblings = way.take_while(|node| *node > 1);
            first = siblings.fold(EMPTY, |least, node| least.min(self.nodes[node ^ 1]));
        }
        Some(first).filter(|first| *first != EMPTY)
    }

    /// Takes the entry of `slot` out.
    pub(super) fn remove(&mut self, slot: u32) {
        self.close_hole();
        self.enter(self.leaves + slot as usize, EMPTY);
    }

    /// Hands out all entries, in no order, and keeps the room.
    pub(super) fn drain(&mut self, take: impl FnMut(u128)) {
        self.close_hole();
        let entries = self.nodes[self.leaves..].iter().copied();
        entries.filter(|entry| *entry != EMPTY).for_each(take);
        self.nodes.fill(EMPTY);
    }

    pub(super) fn clear(&mut self) {
        self.nodes.fill(EMPTY);
        self.hole = 0;
    }

    #[inline]
    fn close_hole(&mut self) {
        if self.hole != 0 {
            self.enter(self.hole, EMPTY);
            self.hole = 0;
        }
    }

    /// Puts `entry` at `leaf` and plays all its matches again.
    #[inline]
    fn enter(&mut self, leaf: usize, entry: u128) {
        macro_rules! climb {
            ($($leaves:literal)*) => {
                match self.leaves {
                    $($leaves => climb::<{ 2 * $leaves }>(&mut self.nodes, leaf, entry),)*
                    _ => unreachable!("the number of leaves is a power of two up to the most"),
                }
            };
        }
        climb!(1 2 4 8 16 32 64 128 256 512 1024 2048 4096 8192 16384 32768 65536);
    }
}

/// Plays the matches on the way from `leaf` to the root of a tree of `N` nodes.
///
/// The size is a constant so that the way is no loop: in a loop the compiler makes branches of
/// the choices, whatever it is told about them.
#[inline(never)]
fn climb<const N: usize>(nodes: &mut [u128], leaf: usize, entry: u128) {
    let nodes: &mut [u128; N] = nodes.try_into().expect("a tree has two nodes for a leaf");
    let (mut node, mut winner) = (leaf % N, entry);
    nodes[node] = winner;
    for _match in 1..N.ilog2() {
        winner = smaller(winner, nodes[node ^ 1]);
        node /= 2;
        nodes[node] = winner;
    }
}

/// The smaller of two entries, without a branch: which one it is cannot be predicted.
#[inline]
fn smaller(one: u128, other: u128) -> u128 {
    let less = other < one;
    let high = select_unpredictable(less, (other >> 64) as u64, (one >> 64) as u64);
    let low = select_unpredictable(less, other as u64, one as u64);
    u128::from(high) << 64 | u128::from(low)
}
