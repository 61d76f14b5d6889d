//! What faults touch, and whether a strength means anything to them.

use sim_core::effect::{Change, CommandTrouble, Misreading};

use crate::catalogue::Injection;
use crate::rehearsal::Rehearsal;

/// Returns the number of layers on which the faults sit.
pub(super) fn layers(injections: &[Injection]) -> u32 {
    let mut layers: Vec<_> = injections
        .iter()
        .map(|injection| injection.fault.entry().layer)
        .collect();
    layers.sort_unstable();
    layers.dedup();
    layers.len() as u32
}

/// Whether the injection at `place` does more the stronger it is, rather than all or nothing.
pub(super) fn is_graded(rehearsal: &Rehearsal, place: usize) -> bool {
    let lowered = rehearsal.injections[place].lower(&rehearsal.experiment);
    lowered.is_ok_and(|lowered| {
        let mut effects = lowered.effects.iter();
        effects.any(|effect| grows(&effect.change))
    })
}

const fn grows(change: &Change) -> bool {
    match change {
        Change::Add(_)
        | Change::Multiply(_)
        | Change::Shock(_)
        | Change::Load { .. }
        | Change::SlowHosts { .. }
        | Change::UpdatesFail { .. }
        | Change::HostsLost { .. }
        | Change::Thin(_)
        | Change::DropScrapes(_)
        | Change::Duplicate(_)
        | Change::Straggle(_)
        | Change::Mislabel(_)
        | Change::FalseAcks { .. }
        | Change::StrayUpdates { .. } => true,
        Change::Misread(misread) => {
            matches!(misread.reads, Misreading::Times(_) | Misreading::Rounded(_))
        }
        Change::Commands(change) => matches!(change.trouble, CommandTrouble::Lost { .. }),
        _ => false,
    }
}
