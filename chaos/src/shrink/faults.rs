//! Fewer faults.

use super::engine::Hunt;

/// Drops the faults that had not shown when the promise was broken, then ever smaller groups of the rest,
/// until each that is left is needed.
pub(super) fn pass(hunt: &mut Hunt<'_, '_>) {
    let mattered = hunt.sight.mattered.clone();
    keep(hunt, |place| mattered[place]);
    let mut size = hunt.now.injections.len();
    while size > 0 {
        while drops_a_group(hunt, size) {}
        size = size.min(hunt.now.injections.len()) / 2;
    }
}

/// Drops groups of `size` where that changes nothing; says whether it has dropped any.
fn drops_a_group(hunt: &mut Hunt<'_, '_>, size: usize) -> bool {
    let (mut from, mut dropped) = (0, false);
    while from < hunt.now.injections.len() {
        let group = from..(from + size).min(hunt.now.injections.len());
        if keep(hunt, |place| !group.contains(&place)) {
            dropped = true;
        } else {
            from += size;
        }
    }
    dropped
}

fn keep(hunt: &mut Hunt<'_, '_>, wanted: impl Fn(usize) -> bool) -> bool {
    hunt.tries(|candidate| {
        let mut places = 0..;
        candidate
            .injections
            .retain(|_| places.next().is_some_and(&wanted));
    })
}
