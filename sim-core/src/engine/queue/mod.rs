//! The event queue: a total order over what will happen.

mod crowd;
mod near;
mod packed;
mod pool;
#[cfg(test)]
mod tests;
mod tournament;
mod wheel;

use super::SimTime;
use crowd::Crowd;
use tournament::Tournament;

/// Marks a slot whose event has happened or been cancelled.
const DEAD: u32 = u32::MAX;

/// Up to so many events the tournament is faster than the crowd; it is a power of two.
const FEW: usize = tournament::LEAVES_MAX;

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
/// The list of events is what their number asks for. Up to 65 536 play a tournament, no step of
/// which depends on a guess of the processor; more are sorted by a timing wheel, as far as needed
/// at the time. The order is the same in both, and nothing is allocated while the number of
/// pending events stays below its peak.
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
    few: Tournament,
    /// How many events play a tournament at most.
    few_max: usize,
    /// Takes the place of the tournament once there have been more events than that is good for,
    /// until nothing is pending.
    many: Option<Box<Crowd>>,
    slots: Vec<Slot<E>>,
    free: Vec<u32>,
    /// Pending events, cancelled ones excluded.
    pending: usize,
    /// Cancelled entries that are still in the crowd.
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
            few: Tournament::new(),
            few_max: FEW,
            many: None,
            slots: Vec::new(),
            free: Vec::new(),
            pending: 0,
            cancelled: 0,
            next_sequence: 0,
        }
    }

    /// Makes an empty queue with room for `pending` events.
    pub fn with_capacity(pending: usize) -> Self {
        let mut queue = Self::new();
        queue.slots.reserve(pending);
        queue.few.reserve(pending.min(FEW));
        queue
    }

    /// Returns the number of pending events, cancelled ones excluded.
    pub const fn len(&self) -> usize {
        self.pending
    }

    /// Says whether nothing is pending.
    pub const fn is_empty(&self) -> bool {
        self.pending == 0
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
        self.pending += 1;
        let slot = self.place(Slot { event, sequence });
        let entry = packed::pack(at, class, sequence, slot);
        match &mut self.many {
            None if (slot as usize) < self.few_max => self.few.push(entry),
            None => self.join_crowd(entry),
            Some(many) => many.push(entry),
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
            self.slots.len() < packed::SLOTS,
            "a queue holds at most 2^24 pending events"
        );
        self.slots.push(slot);
        (self.slots.len() - 1) as u32
    }

    /// Moves everything into a crowd, and `entry` with it.
    #[cold]
    fn join_crowd(&mut self, entry: u128) {
        let first = self.few.peek().map_or(entry, |first| first.min(entry));
        let mut many = Box::new(Crowd::new(packed::nanos(first)));
        self.few.drain(|entry| many.push(entry));
        many.push(entry);
        self.many = Some(many);
    }

    /// Cancels a pending event; false when it has happened or been cancelled.
    ///
    /// The time is constant: the event leaves the tournament in at most seventeen steps, and a
    /// crowd by a mark.
    pub fn cancel(&mut self, ticket: Ticket) -> bool {
        let Some(slot) = self.slots.get_mut(ticket.slot as usize) else {
            return false;
        };
        if slot.sequence != ticket.sequence {
            return false;
        }
        slot.sequence = DEAD;
        self.pending -= 1;
        if self.many.is_none() {
            self.few.remove(ticket.slot);
            self.free.push(ticket.slot);
        } else {
            self.cancelled += 1;
            self.settle();
        }
        true
    }

    /// Takes the first event and its instant.
    #[inline]
    pub fn pop(&mut self) -> Option<(SimTime, E)> {
        let (entry, unsettled) = match &mut self.many {
            None => (self.few.pop()?, false),
            Some(many) => (many.pop()?, many.is_behind() || self.cancelled > 0),
        };
        let slot = packed::slot(entry);
        self.free.push(slot);
        let taken = &mut self.slots[slot as usize];
        taken.sequence = DEAD;
        let event = taken.event;
        self.pending -= 1;
        if unsettled || self.pending == 0 {
            self.settle();
        }
        Some((packed::time(entry), event))
    }

    /// Returns the instant of the first event.
    pub fn peek_time(&self) -> Option<SimTime> {
        let first = match &self.many {
            None => self.few.peek(),
            Some(many) => many.peek(),
        };
        first.map(packed::time)
    }

    /// Forgets everything. Tickets given out before must not be used again.
    pub fn clear(&mut self) {
        self.few.clear();
        self.many = None;
        self.slots.clear();
        self.free.clear();
        (self.pending, self.cancelled, self.next_sequence) = (0, 0, 0);
    }

    /// Makes the head of the crowd a live event again, so that peeking needs no search.
    #[cold]
    fn settle(&mut self) {
        if self.pending == 0 {
            self.start_over();
        }
        let Some(many) = &mut self.many else { return };
        let (slots, free, cancelled) = (&self.slots, &mut self.free, &mut self.cancelled);
        let mut is_live = |entry| {
            let slot = packed::slot(entry);
            let live = slots[slot as usize].sequence != DEAD;
            if !live {
                free.push(slot);
                *cancelled -= 1;
            }
            live
        };
        loop {
            if many.is_behind() {
                many.turn(&mut is_live);
            }
            match many.peek() {
                Some(head) if !is_live(head) => drop(many.pop()),
                None if many.is_behind() => {}
                _ => return,
            }
        }
    }

    /// Lets the tournament have its place back, when nothing is pending: all slots are free.
    fn start_over(&mut self) {
        if self.many.take().is_some() {
            self.slots.clear();
            self.free.clear();
            self.cancelled = 0;
        }
    }
}
