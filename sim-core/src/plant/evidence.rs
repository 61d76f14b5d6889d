//! Evidence and waivers: what they are like now, and whether the policy accepts them.

use super::Plant;
use crate::effect::Change;
use crate::engine::SimDuration;
use crate::history::Event;
use crate::policy::{EvidenceFlaw, EvidenceState};

impl Plant<'_> {
    /// Returns the first piece of evidence that a stage must hold and that is flawed.
    pub fn held_flaw(&mut self, stage: usize) -> Option<(usize, EvidenceFlaw)> {
        let plan = self.plan;
        let held = &plan.stages[stage].hold;
        held.iter()
            .find_map(|index| Some((*index, self.flaw(*index)?)))
    }

    /// Writes down every flaw in `wanted` and says whether there is one.
    pub fn refused(&mut self, wanted: &[usize]) -> bool {
        let mut refused = false;
        for index in wanted {
            if let Some(flaw) = self.flaw(*index) {
                self.record(Event::Refused {
                    evidence: *index as u16,
                    flaw,
                });
                refused = true;
            }
        }
        refused
    }

    fn flaw(&mut self, index: usize) -> Option<EvidenceFlaw> {
        let plan = self.plan;
        let declared = &plan.experiment.policy.evidence[index];
        let looked_at = |change: &Change| match change {
            Change::FlawedEvidence { evidence } => (*evidence == declared.id).then_some(()),
            _ => None,
        };
        let _ = self.evaluation_struck(looked_at);
        let elapsed = self.now().elapsed();
        let (since, state) = self.evidence_state(&declared.id, elapsed);
        let age = state.age.saturating_add(elapsed.saturating_sub(since));
        declared.flaw(state, age)
    }

    /// Returns how the evidence is and since when; evidence that no scenario mentions is in order and
    /// is made again all the time.
    fn evidence_state(&self, id: &str, elapsed: SimDuration) -> (SimDuration, EvidenceState) {
        let changes = self.plan.experiment.evidence.iter();
        let past = changes.filter(|change| change.evidence == id && change.from <= elapsed);
        past.max_by_key(|change| change.from)
            .map_or((elapsed, EvidenceState::GOOD), |change| {
                (change.from, change.state)
            })
    }

    /// Writes down which waivers count.
    pub fn judge_waivers(&mut self) {
        for (index, waiver) in self.plan.experiment.policy.waivers.iter().enumerate() {
            let mut refusal = waiver.refusal(SimDuration::ZERO);
            let accepts = |change: &Change| matches!(change, Change::AcceptWaivers).then_some(());
            if refusal.is_some() && self.struck(accepts).is_some() {
                refusal = None;
            }
            self.record(Event::WaiverJudged {
                waiver: index as u16,
                refusal,
            });
        }
    }
}
