//! What can happen next, apart from evaluations.

use super::World;
use crate::history::Request;

/// Something that was planned. What carries an epoch is void when the rollout has moved on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    /// The last host of a wave is done.
    WaveDone { epoch: u32 },
    /// The next increment of a ramp is due.
    Increment { epoch: u32 },
    /// An observation window or a pause falls due between evaluations.
    Due { epoch: u32 },
    /// Somebody answers.
    Answer {
        epoch: u32,
        operator: u16,
        request: Request,
    },
    /// A step of the retreat is done with its own time.
    StepDone { epoch: u32 },
    /// The hosts of a step have been reverted.
    StepReverted { epoch: u32 },
    /// A rung's setting has taken effect.
    RungEffective { epoch: u32, rung: u16 },
    /// A fallback has held long enough.
    Settled { epoch: u32 },
    /// The kill switch has reached the servers.
    ServersObey { epoch: u32 },
    /// The kill switch has reached everybody.
    KillEffective { epoch: u32 },
    /// An effect begins.
    EffectBegins { effect: u16 },
    /// Hosts that an effect took away are back.
    HostsReturn { effect: u16 },
    /// An effect takes hosts away once more.
    HostsLost { effect: u16 },
    /// The last host has moved that nobody in charge told to.
    StrayDone,
    /// The controller is back.
    ControllerBack { effect: u16 },
    /// The mended version is there.
    FixReady { epoch: u32 },
}

/// Classes of simultaneous happenings: faults first, then the world, then people and commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    Fault = 0,
    World = 1,
    Command = 2,
}

impl World<'_> {
    /// Plans `happening` after `delay`; what lies beyond the end of time never comes.
    pub fn plan_in(&mut self, delay: crate::engine::SimDuration, then: Then, happening: Happening) {
        if let Some(at) = self.now.checked_add(delay) {
            self.queue.schedule(at, then as u8, happening);
        }
    }

    pub(super) fn handle(&mut self, happening: Happening) {
        self.catch_up();
        if self.postponed(happening) {
            return;
        }
        match happening {
            Happening::HostsReturn { effect } => self.hosts_return(effect.into()),
            Happening::HostsLost { effect } => self.lose_hosts(effect.into()),
            Happening::StrayDone => self.stray_done(),
            Happening::ControllerBack { effect } => self.controller_back(effect.into()),
            Happening::FixReady { epoch } if epoch == self.epoch => self.fix_ready(),
            Happening::EffectBegins { effect } => self.effect_begins(effect),
            Happening::WaveDone { epoch } if epoch == self.epoch => self.wave_done(),
            Happening::Increment { epoch } if epoch == self.epoch => self.next_increment(),
            Happening::Due { epoch } if epoch == self.epoch => self.due(),
            Happening::Answer {
                epoch,
                operator,
                request,
            } => {
                self.answered(epoch, operator, request);
            }
            Happening::StepDone { epoch } if epoch == self.epoch => self.step_done(),
            Happening::StepReverted { epoch } if epoch == self.epoch => self.step_reverted(),
            Happening::RungEffective { epoch, rung } if epoch == self.epoch => {
                self.rung_effective(rung);
            }
            Happening::Settled { epoch } if epoch == self.epoch => self.seek_recovery(),
            Happening::ServersObey { epoch } if epoch == self.epoch => self.servers_obey(),
            Happening::KillEffective { epoch } if epoch == self.epoch => self.kill_effective(),
            _ => {}
        }
    }
}
