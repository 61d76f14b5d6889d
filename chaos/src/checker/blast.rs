//! `INV-BLAST`: the exposure that is reached stays within the declared radius at every instant.

use sim_core::engine::Share;
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-BLAST",
    title: "the share that serves the new version never exceeds the declared blast radius",
    source: "Rollout Wedge Policy, INV-RWG-BLAST",
    unit: Some("percentage points"),
    judge,
    untested: "nothing was exposed",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let Some(radius) = experiment.policy.blast_radius else {
        return recorder.untested("the policy declares no blast radius");
    };
    if radius.max == Share::ONE {
        return recorder.untested("a radius of 100% cannot be exceeded, so the invariant is empty");
    }
    for &(at, event) in past {
        let (Event::Exposure { reached } | Event::BlastExceeded { reached }) = event else {
            continue;
        };
        let slack = (f64::from(radius.max.ppm()) - f64::from(reached.ppm())) / 1e4;
        if slack < 0.0 {
            recorder.breaks_by(at, slack, {
                let percent = |share: Share| f64::from(share.ppm()) / 1e4;
                let (reached, most) = (percent(reached), percent(radius.max));
                format!("{reached} % were reached, {most} % are allowed")
            });
        } else {
            recorder.holds_by(slack);
        }
    }
}
