//! `INV-KILL`: a kill switch that is thrown works.

use sim_core::engine::SimTime;
use sim_core::{Event, Experiment};

use super::docket::Docket;
use super::finding::{Invariant, Line};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-KILL",
    title: "a kill switch that is thrown takes effect on every server and client",
    source: "optimize rollout runbook, Kill Switches",
    unit: None,
    judge,
    untested: "no kill switch was thrown",
};

fn judge(_: &Experiment, past: &[Line], docket: &mut Docket) {
    let mut thrown: Option<SimTime> = None;
    for &(at, event) in past {
        match event {
            Event::KillThrown => {
                thrown.get_or_insert(at);
            }
            Event::KillEffective if thrown.take().is_some() => docket.holds(),
            _ => {}
        }
    }
    if let Some(at) = thrown {
        docket.breaks(at, "the kill switch was thrown and never took effect");
    }
}
