//! What a tick asks on its way: metrics and webhooks.

use controllers::flagger::form::{CanaryWebhook, HookType};
use controllers::flagger::metric::{Answer, Ask};
use controllers::flagger::{Phase, World};

use super::super::reader::{called, chance, number, read};
use crate::decider::{FlaggerDecider, Hook, ProbeAnswer};
use crate::engine::SimDuration;
use crate::plant::Plant;
use crate::policy::gate::Reading;

/// The questions of one tick.
pub(super) struct TickQuestions<'a, 'p> {
    decider: &'a FlaggerDecider,
    plant: &'a mut Plant<'p>,
    approved: &'a [bool],
    /// How many calls were answered by chance, in all ticks.
    pub calls: u32,
    /// What was read: the gate, and what it says.
    pub seen: Vec<(usize, Reading)>,
    /// How long webhooks held the tick.
    pub took: SimDuration,
    /// The webhook that waits for a person.
    pub person: Option<usize>,
}

impl<'a, 'p> TickQuestions<'a, 'p> {
    pub fn new(
        decider: &'a FlaggerDecider,
        plant: &'a mut Plant<'p>,
        (approved, calls): (&'a [bool], u32),
    ) -> Self {
        Self {
            decider,
            plant,
            approved,
            calls,
            seen: Vec::new(),
            took: SimDuration::ZERO,
            person: None,
        }
    }

    fn chance(&mut self, gate: usize, passes: f64) -> bool {
        self.calls += 1;
        chance(self.plant, passes, (gate, self.calls))
    }
}

impl World for TickQuestions<'_, '_> {
    fn metric(&mut self, ask: &Ask<'_>) -> Answer {
        let probe = self.decider.probes.get(ask.index).and_then(Option::as_ref);
        let Some(probe) = probe else {
            return Answer::Failed;
        };
        match probe.answer {
            ProbeAnswer::Signal { unit, .. } => {
                let reading = read(self.plant, probe.gate);
                self.seen.push((probe.gate, reading));
                let number = number(self.plant, (probe.gate, unit), reading);
                number.map_or(Answer::Series(Vec::new()), Answer::value)
            }
            ProbeAnswer::Chance { passes, .. } => {
                let passed = self.chance(probe.gate, passes);
                self.seen.push((probe.gate, called(passed)));
                let range = ask.metric.threshold_range.unwrap_or_default();
                let inside = range.min.or(range.max).unwrap_or(ask.metric.threshold);
                if passed {
                    Answer::value(inside)
                } else {
                    Answer::Failed
                }
            }
        }
    }

    fn hook(&mut self, index: usize, hook: &CanaryWebhook, _: Phase) -> bool {
        match self.decider.hooks.get(index) {
            _ if hook.kind == HookType::Event => true,
            Some(Hook::Chance {
                gate,
                passes,
                takes,
            }) => {
                let passed = self.chance(gate.unwrap_or(index), *passes);
                self.took = self.took.saturating_add(*takes);
                if let Some(gate) = gate {
                    self.seen.push((*gate, called(passed)));
                }
                passed
            }
            Some(Hook::Person) if !self.approved[index] => {
                self.person = Some(index);
                false
            }
            _ => true,
        }
    }
}
