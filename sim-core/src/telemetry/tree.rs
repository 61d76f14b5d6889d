//! Trees: single latencies of an interval, drawn no further than somebody has looked.

use super::law::{LatencyLaw, Shape};
use crate::engine::{Draws, sample};

/// So few requests are placed one by one, which is cheaper than cutting them further.
const FEW: u64 = 16;

/// The latencies of one interval, as many as there were requests.
///
/// The time axis is cut in two again and again, always at the same places. How many requests lie on either
/// side of a cut is a binomial draw under the address of that cut; where few are left they are drawn one by
/// one. So any order statistic of the interval, or of several intervals together, has exactly the law of
/// independent requests, jointly with every other that anybody asks for, and whoever looks first changes
/// nothing.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    shape: Shape,
    draws: Draws,
    nodes: Vec<Node>,
    /// The requests that have been drawn one by one: which share of all requests is faster.
    drawn: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    count: u64,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Closed,
    /// What is faster than the cut is the child `low`, the rest the one after it; `upto` is the
    /// distribution function at the cut.
    Cut {
        low: u32,
        upto: f64,
    },
    /// The requests begin at this place.
    Drawn {
        first: u32,
    },
}

/// A place on the way down a tree: the requests between two latencies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    node: u32,
    /// The distribution function at both ends.
    low: f64,
    high: f64,
    pub count: u64,
    /// What the last cut said: how many are faster than it, and the distribution function there.
    faster: u64,
    upto: f64,
}

/// The memory of a tree that nobody looks at any more, for the next one: most intervals have a tree, and to ask the
/// system for each costs as much as to cut it.
#[derive(Clone, Debug, Default)]
pub(super) struct Room {
    nodes: Vec<Node>,
    drawn: Vec<f64>,
}

impl Tree {
    /// Prepares to draw `requests` latencies under the address of `draws`, in the memory of `room`.
    pub fn new(room: Room, draws: Draws, requests: u64, shape: Shape) -> Self {
        let Room { mut nodes, drawn } = room;
        // As many as one limit mostly needs.
        nodes.reserve(12);
        nodes.push(Node {
            count: requests,
            kind: Kind::Closed,
        });
        Self {
            shape,
            draws,
            nodes,
            drawn,
        }
    }

    /// Returns the memory of the tree, empty.
    pub fn into_room(self) -> Room {
        let Self {
            mut nodes,
            mut drawn,
            ..
        } = self;
        nodes.clear();
        drawn.clear();
        Room { nodes, drawn }
    }

    /// Returns the number of requests.
    pub fn total(&self) -> u64 {
        self.nodes[0].count
    }

    /// Leaves `arriving` of the requests, whichever: nobody has looked at any yet.
    pub fn leave(&mut self, arriving: u64) {
        self.nodes[0].count = arriving;
    }

    /// Returns how latencies are distributed in the interval.
    pub const fn shape(&self) -> Shape {
        self.shape
    }

    /// Begins a way down.
    pub fn top(&self) -> Cursor {
        Cursor {
            node: 0,
            low: 0.0,
            high: 1.0,
            count: self.total(),
            faster: 0,
            upto: 0.0,
        }
    }

    /// Cuts the requests at `at` at the logarithm `cut`, whose address is `branch`, and returns how many are
    /// faster.
    pub fn cut(&mut self, law: &LatencyLaw, at: &mut Cursor, branch: u32, cut: f64) -> u64 {
        let node = self.nodes[at.node as usize];
        (at.faster, at.upto) = match node.kind {
            Kind::Cut { low, upto } => (self.nodes[low as usize].count, upto),
            Kind::Closed if node.count > FEW => self.split(at, branch, law.upto(cut, self.shape)),
            Kind::Closed | Kind::Drawn { .. } => {
                let upto = law.upto(cut, self.shape).clamp(at.low, at.high);
                let drawn = self.drawn_at(at, branch);
                let inside = |u: &&f64| **u > at.low && **u <= upto;
                (drawn.iter().filter(inside).count() as u64, upto)
            }
        };
        at.faster
    }

    fn split(&mut self, at: &Cursor, branch: u32, upto: f64) -> (u64, f64) {
        let upto = upto.clamp(at.low, at.high);
        let width = at.high - at.low;
        // Where rounding has left no probability at all nothing can be told apart.
        let share = if width > 0.0 {
            (upto - at.low) / width
        } else {
            1.0
        };
        let mut draws = self.draws.branch(branch);
        let faster = sample::binomial(&mut draws, at.count, share.clamp(0.0, 1.0));
        let low = self.nodes.len() as u32;
        self.nodes[at.node as usize].kind = Kind::Cut { low, upto };
        self.nodes
            .extend([faster, at.count - faster].map(|count| Node {
                count,
                kind: Kind::Closed,
            }));
        (faster, upto)
    }

    /// Returns the requests of the node at `at`, which are few; draws them where nobody has yet.
    fn drawn_at(&mut self, at: &Cursor, branch: u32) -> &[f64] {
        let node = &mut self.nodes[at.node as usize];
        let first = if let Kind::Drawn { first } = node.kind {
            first as usize
        } else {
            let first = self.drawn.len();
            node.kind = Kind::Drawn {
                first: first as u32,
            };
            let mut draws = self.draws.branch(branch);
            // A request never lies on the cut below it.
            let least = at.low.next_up();
            let place = |_| (at.low + (at.high - at.low) * draws.uniform()).max(least);
            self.drawn.extend((0..node.count).map(place));
            first
        };
        &self.drawn[first..first + node.count as usize]
    }

    /// Goes to the side of the last cut that is `faster`, or to the other.
    pub fn go(&self, at: &mut Cursor, faster: bool) {
        if let Kind::Cut { low, .. } = self.nodes[at.node as usize].kind {
            at.node = low + u32::from(!faster);
        }
        if faster {
            (at.high, at.count) = (at.upto, at.faster);
        } else {
            (at.low, at.count) = (at.upto, at.count - at.faster);
        }
    }

    /// Whether the requests at `at` are drawn one by one.
    pub fn is_few(&self, at: &Cursor) -> bool {
        self.nodes[at.node as usize].count <= FEW
    }

    /// Returns the requests at `at`, which are few: which share of all is faster than each.
    pub fn each(&mut self, at: &Cursor, branch: u32) -> impl Iterator<Item = f64> {
        let (low, high) = (at.low, at.high);
        let drawn = self.drawn_at(at, branch).iter().copied();
        drawn.filter(move |u| *u > low && *u <= high)
    }
}
