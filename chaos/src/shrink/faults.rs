//! Fewer faults.

use super::reducer::Reducer;

/// Drops the faults that had not shown when the promise was broken, then ever smaller groups of the rest,
/// until each that is left is needed.
pub(super) fn pass(reducer: &mut Reducer<'_, '_>) {
    let mattered = reducer.violation.mattered.clone();
    keep(reducer, |place| mattered[place]);
    let mut size = reducer.now.injections.len();
    while size > 0 {
        while drops_a_group(reducer, size) {}
        size = size.min(reducer.now.injections.len()) / 2;
    }
}

/// Drops groups of `size` where that changes nothing; says whether it has dropped any.
fn drops_a_group(reducer: &mut Reducer<'_, '_>, size: usize) -> bool {
    let (mut from, mut dropped) = (0, false);
    while from < reducer.now.injections.len() {
        let group = from..(from + size).min(reducer.now.injections.len());
        if keep(reducer, |place| !group.contains(&place)) {
            dropped = true;
        } else {
            from += size;
        }
    }
    dropped
}

fn keep(reducer: &mut Reducer<'_, '_>, wanted: impl Fn(usize) -> bool) -> bool {
    reducer.tries(|candidate| {
        let mut places = 0..;
        candidate
            .injections
            .retain(|_| places.next().is_some_and(&wanted));
    })
}
