//! `INV-NOFALSE`: nothing is rolled back without a reason that the history shows.

use sim_core::policy::gate::{SustainMode, Window};
use sim_core::policy::{Action, Judgement};
use sim_core::{Event, Experiment};

use super::docket::Docket;
use super::finding::{Invariant, Line};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-NOFALSE",
    title: "no rollback begins without a trigger on a breach, flawed evidence, an exceeded blast \
            radius or a kill in the same stage",
    source: "Rollout Control-Plane Contract, Auto-Fallback Policy; optimize rollout runbook, \
             Rollback Triggers",
    unit: None,
    judge,
    untested: "nothing was rolled back",
};

fn judge(experiment: &Experiment, past: &[Line], docket: &mut Docket) {
    let mut words = vec![None; experiment.policy.gates.len()];
    let mut cause = false;
    for &(at, event) in past {
        match event {
            Event::StageEntered { .. } => cause = false,
            Event::Judged {
                gate, judgement, ..
            } => {
                if let Some(word) = words.get_mut(usize::from(gate)) {
                    *word = Some(judgement);
                }
            }
            Event::Triggered { gate, action, .. } if action > Action::Record => {
                cause |= is_founded(experiment, usize::from(gate), &words);
            }
            Event::EvidenceFlawed { .. }
            | Event::BlastExceeded { .. }
            | Event::LadderExhausted
            | Event::KillThrown => cause = true,
            Event::RollbackBegan if cause => {
                docket.holds();
                cause = false;
            }
            Event::RollbackBegan => docket.breaks(at, "a rollback began without a cause"),
            _ => {}
        }
    }
}

/// A gate may fire only on a breach, or, where its window remembers more than the last reading, on any.
fn is_founded(experiment: &Experiment, gate: usize, words: &[Option<Judgement>]) -> bool {
    let Some(rules) = experiment.policy.gates.get(gate) else {
        return false;
    };
    let by_mean =
        matches!(rules.window, Window::Sustained(sustain) if sustain.mode == SustainMode::Mean);
    // A gate that counts remembers what it has counted, whatever it reads last.
    let counts = matches!(rules.window, Window::Count(_));
    // A chart adds up readings that lie near the limit on either side; a bet once won stays won.
    let adds_up = matches!(
        rules.window,
        Window::Cusum(_) | Window::Ewma(_) | Window::EProcess(_)
    );
    match words[gate] {
        Some(Judgement::Breach) => true,
        Some(_) => by_mean || counts || adds_up,
        None => false,
    }
}
