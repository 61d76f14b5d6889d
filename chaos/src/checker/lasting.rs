//! `INV-FOR`: a gate with a duration fires once its breach has lasted for it, and not before.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::{Gate, Judgement, Policy};
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;
use super::finding::{DeclaredInvariant, Invariant, Line};
use super::stage_visit::margin;

/// The invariant. Windows that may fire while the gate passes (a mean, one breach of several, a chart, a test of all
/// requests) tell the history no instant from which they fire: of them nothing is judged.
pub(super) const DECLARED: DeclaredInvariant = DeclaredInvariant {
    invariant: Invariant {
        id: "INV-FOR",
        title: "a gate with a duration fires only once it has breached for as long, without a pass in between",
        source: "Prometheus, alerting rules (`for`); fedora-homelab-containers#165",
        unit: Some("s"),
        judge,
        untested: "no gate with a duration fired whose window ends with a pass",
    },
    by: |policy: &Policy| policy.gates.iter().any(|gate| gate.lasting.is_some()),
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    for (index, gate) in experiment.policy.gates.iter().enumerate() {
        if let Some(lasting) = gate.lasting.filter(|_| gate.window.ends_with_a_pass()) {
            watch((index, gate, lasting), past, recorder);
        }
    }
}

fn watch(
    (index, gate, lasting): (usize, &Gate, SimDuration),
    past: &[Line],
    recorder: &mut CheckRecorder,
) {
    let mut since = None::<SimTime>;
    for &(at, event) in past {
        match event {
            Event::Judged {
                gate, judgement, ..
            } if usize::from(gate) == index => match judgement {
                Judgement::Pass => since = None,
                Judgement::Breach | Judgement::Error => since = since.or(Some(at)),
                Judgement::Hold => {}
            },
            Event::Triggered { gate: fired, .. } if usize::from(fired) == index => {
                let lasted = since.map_or(SimDuration::ZERO, |since| at - since);
                let slack = margin(lasted, lasting);
                if slack < 0.0 {
                    let what = format!("gate `{}` fired after {lasted} of {lasting}", gate.id);
                    recorder.breaks_by(at, slack, what);
                } else {
                    recorder.holds_by(slack);
                }
            }
            _ => {}
        }
    }
}
