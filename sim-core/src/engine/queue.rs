//! The event queue: a total order over what will happen.

use super::SimTime;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

const SLOT_BITS: u32 = 24;
const SEQUENCE_BITS: u32 = 32;
const CLASS_SHIFT: u32 = SLOT_BITS + SEQUENCE_BITS;
const TIME_SHIFT: u32 = CLASS_SHIFT + 8;
const MAX_PENDING: usize = 1 << SLOT_BITS;

/// A scheduled event, by which it can be cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket {
    slot: u32,
    sequence: u32,
}

#[derive(Clone, Debug)]
struct Slot<E> {
    event: E,
    sequence: u32,
    live: bool,
}

/// Pending events in the total order (time, class, order of scheduling).
///
/// Among events of one instant the smaller class comes first, and within a class the one
/// scheduled first: no run depends on how ties happen to fall. It holds up to 2^24 pending
/// events and 2^32 - 1 scheduled ones between two calls of [`EventQueue::clear`].
#[derive(Clone, Debug)]
pub struct EventQueue<E: Copy> {
    heap: BinaryHeap<Reverse<u128>>,
    slots: Vec<Slot<E>>,
    free: Vec<u32>,
    next_sequence: u32,
    live: usize,
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
            heap: BinaryHeap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            next_sequence: 0,
            live: 0,
        }
    }

    /// Makes an empty queue with room for `pending` events.
    pub fn with_capacity(pending: usize) -> Self {
        let mut queue = Self::new();
        queue.heap.reserve(pending);
        queue.slots.reserve(pending);
        queue
    }

    /// Returns the number of pending events, cancelled ones excluded.
    pub fn len(&self) -> usize {
        self.live
    }

    /// Says whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Schedules `event` at `at`, before those of higher `class` at the same instant.
    ///
    /// # Panics
    /// Beyond 2^24 pending or 2^32 - 1 scheduled events.
    pub fn schedule(&mut self, at: SimTime, class: u8, event: E) -> Ticket {
        let sequence = self.next_sequence;
        self.next_sequence = sequence
            .checked_add(1)
            .expect("a run schedules fewer than 2^32 events");
        let slot = self.place(Slot {
            event,
            sequence,
            live: true,
        });
        self.heap.push(Reverse(pack(at, class, sequence, slot)));
        self.live += 1;
        Ticket { slot, sequence }
    }

    fn place(&mut self, slot: Slot<E>) -> u32 {
        if let Some(index) = self.free.pop() {
            self.slots[index as usize] = slot;
            return index;
        }
        assert!(
            self.slots.len() < MAX_PENDING,
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
        let pending = slot.live && slot.sequence == ticket.sequence;
        if pending {
            slot.live = false;
            self.live -= 1;
            self.drop_cancelled_head();
        }
        pending
    }

    /// Takes the first event and its instant.
    pub fn pop(&mut self) -> Option<(SimTime, E)> {
        let Reverse(entry) = self.heap.pop()?;
        let slot = slot_of(entry);
        self.free.push(slot);
        let taken = &mut self.slots[slot as usize];
        taken.live = false;
        let event = taken.event;
        self.live -= 1;
        self.drop_cancelled_head();
        Some((time_of(entry), event))
    }

    /// Returns the instant of the first event.
    pub fn peek_time(&self) -> Option<SimTime> {
        self.heap.peek().map(|Reverse(entry)| time_of(*entry))
    }

    /// Forgets everything. Tickets given out before must not be used again.
    pub fn clear(&mut self) {
        self.heap.clear();
        self.slots.clear();
        self.free.clear();
        self.next_sequence = 0;
        self.live = 0;
    }

    /// Keeps the head of the heap a live event, so that peeking needs no search.
    fn drop_cancelled_head(&mut self) {
        while let Some(Reverse(entry)) = self.heap.peek() {
            let slot = slot_of(*entry);
            if self.slots[slot as usize].live {
                return;
            }
            self.heap.pop();
            self.free.push(slot);
        }
    }
}

/// Packs an entry so that integer order is event order: time 64, class 8, sequence 32, slot 24.
fn pack(at: SimTime, class: u8, sequence: u32, slot: u32) -> u128 {
    u128::from(at.as_nanos()) << TIME_SHIFT
        | u128::from(class) << CLASS_SHIFT
        | u128::from(sequence) << SLOT_BITS
        | u128::from(slot)
}

fn time_of(entry: u128) -> SimTime {
    SimTime::from_nanos((entry >> TIME_SHIFT) as u64)
}

fn slot_of(entry: u128) -> u32 {
    entry as u32 & ((1 << SLOT_BITS) - 1)
}
