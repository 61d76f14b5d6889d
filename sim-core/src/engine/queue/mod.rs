//! The event queue: a total order over what will happen.

mod far;
mod near;
#[cfg(test)]
mod tests;

use super::SimTime;
use far::FarBuckets;
use near::NearHeap;

const SLOT_BITS: u32 = 24;
const SEQUENCE_BITS: u32 = 32;
const CLASS_SHIFT: u32 = SLOT_BITS + SEQUENCE_BITS;
const TIME_SHIFT: u32 = CLASS_SHIFT + 8;
const PENDING_MAX: usize = 1 << SLOT_BITS;

/// Marks a slot whose event has happened or been cancelled.
const DEAD: u32 = u32::MAX;

/// A heap of this size still fits the first-level cache (32 KiB at 16 bytes an entry).
const NEAR_MAX: usize = 1024;

/// How much of a full heap stays, and how much comes in when it is empty.
const NEAR_REFILL: usize = 256;

/// A scheduled event, by which it can be cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket {
    slot: u32,
    sequence: u32,
}

#[derive(Clone, Copy, Debug)]
struct Slot<E> {
    event: E,
    /// The number of the event in it, or [`DEAD`]: a later tenant does not answer to the
    /// ticket of an earlier one.
    sequence: u32,
}

/// Pending events in the total order (time, class, order of scheduling).
///
/// Among events of one instant the smaller class comes first, and within a class the one
/// scheduled first: no run depends on how ties happen to fall. It holds up to 2^24 pending
/// events, cancelled ones included until their time has come, and 2^32 - 1 scheduled ones
/// between two calls of [`EventQueue::clear`].
///
/// Up to a thousand events live in a heap. Beyond that the heap keeps the nearest ones and a
/// radix heap the others, so that the cost of an event hardly grows with their number.
///
/// ```
/// use sim_core::engine::{EventQueue, SimTime};
/// let mut queue = EventQueue::new();
/// let noon = SimTime::from_nanos(12);
/// queue.schedule(noon, 1, "gate");
/// let fault = queue.schedule(noon, 0, "fault");
/// queue.schedule(noon, 0, "repair");
/// assert!(queue.cancel(fault));
/// assert_eq!(queue.pop(), Some((noon, "repair")), "the lower class comes first");
/// ```
#[derive(Clone, Debug)]
pub struct EventQueue<E: Copy> {
    near: NearHeap,
    far: FarBuckets,
    /// Entries below it go to the heap, all others to the buckets.
    horizon: u128,
    /// The size at which the heap gives entries to the buckets.
    near_max: usize,
    slots: Vec<Slot<E>>,
    free: Vec<u32>,
    /// Cancelled entries that are still in the heap or the buckets.
    cancelled: usize,
    next_sequence: u32,
}

impl<E: Copy> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Copy> EventQueue<E> {
    /// Makes an empty queue.
    pub const fn new() -> Self {
        Self {
            near: NearHeap::new(),
            far: FarBuckets::new(),
            horizon: u128::MAX,
            near_max: NEAR_MAX,
            slots: Vec::new(),
            free: Vec::new(),
            cancelled: 0,
            next_sequence: 0,
        }
    }

    /// Makes an empty queue with room for `pending` events.
    pub fn with_capacity(pending: usize) -> Self {
        let mut queue = Self::new();
        queue.near.reserve(pending.min(NEAR_MAX));
        queue.slots.reserve(pending);
        queue
    }

    /// Returns the number of pending events, cancelled ones excluded.
    pub fn len(&self) -> usize {
        self.near.len() + self.far.len() - self.cancelled
    }

    /// Says whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Schedules `event` at `at`, before those of higher `class` at the same instant.
    ///
    /// # Panics
    /// Beyond 2^24 pending or 2^32 - 1 scheduled events.
    #[inline]
    pub fn schedule(&mut self, at: SimTime, class: u8, event: E) -> Ticket {
        let sequence = self.next_sequence;
        assert!(sequence < DEAD, "a run schedules fewer than 2^32 events");
        self.next_sequence += 1;
        let slot = self.place(Slot { event, sequence });
        let entry = pack(at, class, sequence, slot);
        if entry < self.horizon {
            self.near.push(entry);
            if self.near.len() > self.near_max {
                self.spill();
            }
        } else {
            self.far.push(entry);
        }
        Ticket { slot, sequence }
    }

    #[inline]
    fn place(&mut self, slot: Slot<E>) -> u32 {
        if let Some(index) = self.free.pop() {
            self.slots[index as usize] = slot;
            return index;
        }
        assert!(
            self.slots.len() < PENDING_MAX,
            "a queue holds at most 2^24 pending events"
        );
        self.slots.push(slot);
        (self.slots.len() - 1) as u32
    }

    /// Cancels a pending event in constant time; false when it has happened or been cancelled.
    pub fn cancel(&mut self, ticket: Ticket) -> bool {
        let Some(slot) = self.slots.get_mut(ticket.slot as usize) else {
            return false;
        };
        if slot.sequence != ticket.sequence {
            return false;
        }
        slot.sequence = DEAD;
        self.cancelled += 1;
        self.settle();
        true
    }

    /// Takes the first event and its instant.
    #[inline]
    pub fn pop(&mut self) -> Option<(SimTime, E)> {
        let entry = self.near.pop()?;
        let slot = slot_of(entry);
        self.free.push(slot);
        let taken = &mut self.slots[slot as usize];
        taken.sequence = DEAD;
        let event = taken.event;
        if self.near.is_empty() || self.cancelled > 0 {
            self.settle();
        }
        Some((time_of(entry), event))
    }

    /// Returns the instant of the first event.
    pub fn peek_time(&self) -> Option<SimTime> {
        self.near.peek().map(time_of)
    }

    /// Forgets everything. Tickets given out before must not be used again.
    pub fn clear(&mut self) {
        self.near.clear();
        self.far.clear();
        self.horizon = u128::MAX;
        self.near_max = NEAR_MAX;
        self.slots.clear();
        self.free.clear();
        self.cancelled = 0;
        self.next_sequence = 0;
    }

    /// Makes the head of the heap a live event again, so that peeking needs no search.
    fn settle(&mut self) {
        loop {
            if self.near.is_empty() {
                if self.far.is_empty() {
                    return;
                }
                self.refill();
            }
            let Some(head) = self.near.peek() else {
                continue;
            };
            if self.cancelled == 0 || self.slots[slot_of(head) as usize].sequence != DEAD {
                return;
            }
            self.near.pop();
            self.free.push(slot_of(head));
            self.cancelled -= 1;
        }
    }

    /// Brings the nearest entries from the buckets into the empty heap, without cancelled ones.
    ///
    /// Looking at all their slots together also lets the memory fetch them at the same time.
    #[cold]
    fn refill(&mut self) {
        let Self {
            near,
            far,
            slots,
            free,
            cancelled,
            ..
        } = self;
        near.clear();
        self.horizon = far.take_lowest(NEAR_REFILL, |entry| {
            let slot = slot_of(entry);
            if slots[slot as usize].sequence == DEAD {
                free.push(slot);
                *cancelled -= 1;
            } else {
                near.append_unordered(entry);
            }
        });
        near.restore();
        self.near_max = NEAR_MAX;
        if far.is_empty() {
            // Few events are left: the heap alone serves them best.
            far.clear();
            self.horizon = u128::MAX;
        }
    }

    /// Moves what lies furthest ahead from the full heap to the buckets.
    #[cold]
    fn spill(&mut self) {
        let far = &mut self.far;
        self.horizon = self
            .near
            .split_off(NEAR_REFILL, far.base(), |entry| far.push(entry));
        // Entries below the base cannot go: the heap has to grow, and is asked again later.
        self.near_max = NEAR_MAX.max(2 * self.near.len());
    }
}

/// Packs an entry so that integer order is event order: time 64, class 8, sequence 32, slot 24.
#[inline]
fn pack(at: SimTime, class: u8, sequence: u32, slot: u32) -> u128 {
    u128::from(at.as_nanos()) << TIME_SHIFT
        | u128::from(class) << CLASS_SHIFT
        | u128::from(sequence) << SLOT_BITS
        | u128::from(slot)
}

#[inline]
fn time_of(entry: u128) -> SimTime {
    SimTime::from_nanos((entry >> TIME_SHIFT) as u64)
}

#[inline]
fn slot_of(entry: u128) -> u32 {
    entry as u32 & ((1 << SLOT_BITS) - 1)
}
