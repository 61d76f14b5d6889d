//! `INV-LIVE`: a rollout comes to an end.

use sim_core::engine::SimTime;
use sim_core::{Event, Experiment, Outcome};

use super::docket::Docket;
use super::finding::{Invariant, Line};
use super::visit::margin;

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-LIVE",
    title: "the rollout comes to an outcome before the simulation ends",
    source: "Rollout Wedge Policy, wedge_state (complete, rolled back or paused)",
    unit: Some("s"),
    judge,
    untested: "the rollout was never asked to start",
};

fn judge(experiment: &Experiment, past: &[Line], docket: &mut Docket) {
    let Some(&(last, event)) = past.last() else {
        return;
    };
    match event {
        Event::Ended { outcome } if outcome != Outcome::Unfinished => {
            let slack = margin(experiment.horizon, last.elapsed());
            if slack < 0.0 {
                docket.breaks_by(last, slack, "the rollout ended after the horizon");
            } else {
                docket.holds_by(slack);
            }
        }
        _ => {
            let horizon = SimTime::after(experiment.horizon);
            docket.breaks(horizon.max(last), "the rollout came to no outcome");
        }
    }
}
