//! Orders of the controller, carried out on the plant and told in its history.

use controllers::argo::orders::{Order, PauseReason, Set};

use super::ArgoController;
use crate::history::Request;
use crate::plant::Plant;

impl ArgoController {
    pub(super) fn carry_out(&mut self, plant: &mut Plant<'_>, now: i64, order: &Order) {
        match order {
            Order::Scale(set, count) => {
                let pods = match set {
                    Set::New => &mut self.new,
                    Set::Stable => &mut self.stable,
                };
                pods.scale(plant, *count, self.decider.min_ready);
            }
            Order::Start(id, kind) => self.runs.start(plant, &self.decider, (*id, *kind), now),
            Order::Stop(id) => self.runs.stop(plant, &self.decider, *id, now),
            Order::Step(index) => self.step(plant, *index, now),
            Order::SwitchActive(Set::New) => self.teller.enter(plant, 1),
            Order::Pause(reason) => self.pause(plant, *reason),
            Order::Abort(_) => {
                let by = self.runs.culprit.map(|gate| (gate, self.decider.abort));
                self.teller.roll_back(plant, by);
            }
            Order::SetWeight(_)
            | Order::SetHeaderRoute(_)
            | Order::SetMirrorRoute(_)
            | Order::RemoveRoutes
            | Order::SwitchPreview
            | Order::SwitchActive(Set::Stable)
            | Order::Resume
            | Order::Degraded
            | Order::Promote => {}
        }
    }

    /// A step is over: its weight is reached, and the next one may be of the next stage.
    fn step(&mut self, plant: &mut Plant<'_>, index: usize, now: i64) {
        if index
            .checked_sub(1)
            .is_some_and(|before| self.machine.sets_weight(before))
        {
            // The weight was ordered in this round or before: it is reached with the step.
            self.expose(plant, now);
            self.teller.converge(plant);
        }
        if let Some(stage) = self.decider.stages.get(index) {
            self.teller.enter(plant, *stage);
        }
    }

    fn pause(&mut self, plant: &mut Plant<'_>, reason: PauseReason) {
        match reason {
            PauseReason::CanaryPauseStep | PauseReason::BlueGreenPause => {
                if !self.machine.pause_ends() {
                    self.teller.ask(plant, Request::Approval);
                }
            }
            PauseReason::InconclusiveAnalysis | PauseReason::InconclusiveExperiment => {
                match self.runs.culprit {
                    Some(gate) => self.teller.pause_by(plant, (gate, self.decider.pause)),
                    None => self.teller.ask(plant, Request::SignOff),
                }
            }
        }
    }
}
