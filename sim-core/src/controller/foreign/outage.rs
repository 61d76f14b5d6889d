//! Outages of a foreign controller: all that it knows is kept in the cluster.

use crate::effect::Change;
use crate::engine::SimTime;
use crate::history::Event;
use crate::plant::{EventPriority, Plant, ScheduledEvent};

/// Whether a controller is down.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outage {
    until: Option<SimTime>,
}

impl Outage {
    pub const fn is_on(self) -> bool {
        self.until.is_some()
    }

    /// The controller goes down for as long as the effect lasts.
    pub fn begin(&mut self, plant: &mut Plant<'_>, effect: u16) {
        let until = plant.conditions.active_until(effect.into(), plant.now());
        if self.until.is_none() {
            plant.record(Event::ControllerStopped);
        }
        let until = until.unwrap_or(SimTime::MAX);
        self.until = self.until.max(Some(until));
        let wait = until.saturating_since(plant.now());
        let back = ScheduledEvent::ControllerBack { effect };
        plant.schedule(wait, EventPriority::Fault, back);
    }

    /// Says whether the controller is back.
    pub fn end(&mut self, plant: &mut Plant<'_>) -> bool {
        let is_over = self.until.is_some_and(|until| until <= plant.now());
        if is_over {
            self.until = None;
            plant.record(Event::ControllerStarted { forgot: 0 });
        }
        is_over
    }

    /// What the controller would have done now shows that it is down.
    pub fn show(plant: &mut Plant<'_>) {
        let down = |change: &Change| matches!(change, Change::ControllerDown { .. }).then_some(());
        let _ = plant.struck(down);
    }

    /// Whether an event waits until the controller is back.
    pub fn postpones(self, plant: &mut Plant<'_>, event: ScheduledEvent) -> bool {
        let Some(until) = self.until else {
            return false;
        };
        let people = matches!(
            event,
            ScheduledEvent::Answer { .. } | ScheduledEvent::Promotes { .. }
        );
        if people {
            let wait = until.saturating_since(plant.now());
            plant.schedule(wait, EventPriority::Command, event);
        }
        people
    }
}
