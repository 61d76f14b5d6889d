//! What can happen next, apart from the controller's own wakes.

use crate::history::Request;

/// Something that was planned. What carries an epoch is void when the rollout has moved on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScheduledEvent {
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
    /// A step of the rollback is done with its own time.
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
    /// The controller goes down.
    ControllerStops { effect: u16 },
    /// The controller is back.
    ControllerBack { effect: u16 },
    /// Somebody lets the rollout go on, whatever its gates say.
    Promotes { effect: u16 },
    /// The mended version is there.
    FixReady { epoch: u32 },
}

impl ScheduledEvent {
    /// The epoch of the controller that it was planned in; none where it comes to pass in any.
    pub const fn epoch(self) -> Option<u32> {
        match self {
            Self::WaveDone { epoch }
            | Self::Increment { epoch }
            | Self::Due { epoch }
            | Self::Answer { epoch, .. }
            | Self::StepDone { epoch }
            | Self::StepReverted { epoch }
            | Self::RungEffective { epoch, .. }
            | Self::Settled { epoch }
            | Self::ServersObey { epoch }
            | Self::KillEffective { epoch }
            | Self::FixReady { epoch } => Some(epoch),
            Self::EffectBegins { .. }
            | Self::HostsReturn { .. }
            | Self::HostsLost { .. }
            | Self::StrayDone
            | Self::ControllerStops { .. }
            | Self::ControllerBack { .. }
            | Self::Promotes { .. } => None,
        }
    }
}

/// Classes of simultaneous events: faults first, then the world, then people and commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventPriority {
    Fault = 0,
    World = 1,
    Command = 2,
}
