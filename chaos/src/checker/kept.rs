//! `INV-KEEP`: a gate that keeps its word on lost data says what it said before.

use sim_core::policy::gate::Flaw;
use sim_core::policy::{Gate, Judgement, Policy};
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;
use super::finding::{DeclaredInvariant, Invariant, Line};
use super::reading::{Stated, flaw_name, said};

/// The invariant. A gate that is joined with others, or whose window ends for good, may say something else for another
/// reason: of these nothing is judged.
pub(super) const DECLARED: DeclaredInvariant = DeclaredInvariant {
    invariant: Invariant {
        id: "INV-KEEP",
        title: "on data that a gate is to keep its state on it says what it said before, and what it declares for \
                such data only where it had said nothing",
        source: "Amazon CloudWatch, treat missing data (ignore); Grafana, keep last state; cloudflare/pint#966",
        unit: None,
        judge,
        untested: "no gate that keeps its state read data that it keeps it on",
    },
    by: |policy: &Policy| policy.gates.iter().any(|gate| !gate.keep.is_empty()),
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let every = experiment.policy.evaluate_every;
    for (index, gate) in experiment.policy.gates.iter().enumerate() {
        let plain = gate.window.count_rule(every).is_some() && gate.with.is_none();
        if !gate.keep.is_empty() && plain {
            watch((index, gate), past, recorder);
        }
    }
}

fn watch((index, gate): (usize, &Gate), past: &[Line], recorder: &mut CheckRecorder) {
    // What it said last on data that it could compare, and whether it may have forgotten that since.
    let (mut before, mut forgotten) = (None::<Judgement>, true);
    for (at, event) in past {
        if forgets(event) {
            forgotten = true;
        }
        let Some((_, stated)) = Stated::of(event).filter(|(of, _)| usize::from(*of) == index)
        else {
            continue;
        };
        match flaw(gate, &stated) {
            None => (before, forgotten) = (Some(stated.judgement), false),
            Some(flaw) if gate.keep.contains(&flaw) => {
                let kept = before == Some(stated.judgement);
                let declared = gate.on.conclude(flaw) == stated.judgement;
                if kept || forgotten && declared {
                    recorder.holds();
                } else {
                    recorder.breaks(*at, objection(gate, flaw, (before, stated.judgement)));
                }
            }
            Some(_) => {}
        }
    }
}

fn objection(gate: &Gate, flaw: Flaw, (before, now): (Option<Judgement>, Judgement)) -> String {
    let before = before.map_or("had said nothing", said);
    let (id, flaw, now) = (&gate.id, flaw_name(flaw), said(now));
    format!("gate `{id}` {now} on {flaw}, where before it {before}")
}

/// What was wrong with a reading for this gate.
fn flaw(gate: &Gate, stated: &Stated) -> Option<Flaw> {
    let few = stated.samples < gate.min_samples;
    stated.flaw.or_else(|| few.then_some(Flaw::TooFew))
}

/// After what a gate may begin afresh.
const fn forgets(event: &Event) -> bool {
    matches!(
        event,
        Event::StageEntered { .. }
            | Event::SteppedBack { .. }
            | Event::Paused { .. }
            | Event::RollbackBegan
            | Event::RungTaken { .. }
            | Event::KillThrown
            | Event::Recovered { .. }
            | Event::ControllerStarted { .. }
    )
}
