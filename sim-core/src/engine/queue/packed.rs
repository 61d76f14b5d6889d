//! An event as sixteen bytes: what the event lists order and move.
//!
//! From the highest bit down: time 64, class 8, sequence 32, slot 24. Integer order is event order.

use crate::engine::SimTime;

const SLOT_BITS: u32 = 24;
const SEQUENCE_BITS: u32 = 32;
const CLASS_SHIFT: u32 = SLOT_BITS + SEQUENCE_BITS;
const TIME_SHIFT: u32 = CLASS_SHIFT + 8;

/// How many slots an entry can name.
pub(super) const SLOTS: usize = 1 << SLOT_BITS;

#[inline]
pub(super) fn pack(at: SimTime, class: u8, sequence: u32, slot: u32) -> u128 {
    u128::from(at.as_nanos()) << TIME_SHIFT
        | u128::from(class) << CLASS_SHIFT
        | u128::from(sequence) << SLOT_BITS
        | u128::from(slot)
}

#[inline]
pub(super) fn nanos(entry: u128) -> u64 {
    (entry >> TIME_SHIFT) as u64
}

#[inline]
pub(super) fn time(entry: u128) -> SimTime {
    SimTime::from_nanos(nanos(entry))
}

#[inline]
pub(super) fn slot(entry: u128) -> u32 {
    entry as u32 & (SLOTS as u32 - 1)
}
